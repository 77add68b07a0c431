/* Files and folders: what the calls do, and what they refuse, in a folder of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

#define READ_WRITE (GENERIC_READ | GENERIC_WRITE)

/* A success, or the error. */
static void say(const char *what, BOOL done)
{
    if (done)
        printf("%s: done\n", what);
    else
        printf("%s: error %lu\n", what, GetLastError());
}

static HANDLE open(const wchar_t *name, DWORD access, DWORD sharing, DWORD how)
{
    return CreateFileW(name, access, sharing, NULL, how, FILE_ATTRIBUTE_NORMAL, NULL);
}

static void say_open(const char *what, HANDLE file)
{
    say(what, file != INVALID_HANDLE_VALUE);
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
}

static void make(const wchar_t *name, const char *content)
{
    DWORD written;
    HANDLE file = open(name, GENERIC_WRITE, 0, CREATE_ALWAYS);
    WriteFile(file, content, (DWORD)strlen(content), &written, NULL);
    CloseHandle(file);
}

static void show(const wchar_t *name)
{
    char content[100] = "";
    DWORD count = 0;
    HANDLE file = open(name, GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING);
    if (file == INVALID_HANDLE_VALUE) {
        printf("%ls: error %lu\n", name, GetLastError());
        return;
    }
    ReadFile(file, content, sizeof content - 1, &count, NULL);
    for (DWORD place = 0; place < count; place++)
        if (content[place] == 0)
            content[place] = '.';
    printf("%ls: %lu bytes [%s]\n", name, count, content);
    CloseHandle(file);
}

static void creating(void)
{
    say("create a new one", CreateDirectoryW(L"folder", NULL));
    say("create it again", CreateDirectoryW(L"folder", NULL));
    say("below none", CreateDirectoryW(L"none\\folder", NULL));
    say_open("open what is not there", open(L"a.txt", READ_WRITE, 0, OPEN_EXISTING));
    say_open("open below none", open(L"none\\a.txt", READ_WRITE, 0, OPEN_EXISTING));
    say_open("create new", open(L"a.txt", READ_WRITE, 0, CREATE_NEW));
    say_open("create new again", open(L"a.txt", READ_WRITE, 0, CREATE_NEW));
    SetLastError(0);
    HANDLE file = open(L"a.txt", READ_WRITE, 0, CREATE_ALWAYS);
    printf("create always: error %lu\n", GetLastError());
    CloseHandle(file);
    file = open(L"b.txt", READ_WRITE, 0, OPEN_ALWAYS);
    printf("open always: error %lu\n", GetLastError());
    CloseHandle(file);
    file = open(L"b.txt", READ_WRITE, 0, OPEN_ALWAYS);
    printf("open always again: error %lu\n", GetLastError());
    CloseHandle(file);
    say_open("truncate what is not there", open(L"c.txt", READ_WRITE, 0, TRUNCATE_EXISTING));
    say_open("open a folder as a file", open(L"folder", GENERIC_READ, 0, OPEN_EXISTING));
    say_open("a name with a star", open(L"a*b", READ_WRITE, 0, CREATE_ALWAYS));
    DeleteFileW(L"b.txt");
}

static void places(void)
{
    DWORD count;
    LARGE_INTEGER place = {.QuadPart = 0}, now;
    HANDLE file = open(L"a.txt", READ_WRITE, 0, CREATE_ALWAYS);
    WriteFile(file, "0123456789", 10, &count, NULL);
    place.QuadPart = -4;
    SetFilePointerEx(file, place, &now, FILE_END);
    printf("from the end: %lld\n", now.QuadPart);
    WriteFile(file, "abcdef", 6, &count, NULL);
    printf("from here: %lu\n", SetFilePointer(file, -10, NULL, FILE_CURRENT));
    SetEndOfFile(file);
    place.QuadPart = -1;
    say("before the start", SetFilePointerEx(file, place, &now, FILE_BEGIN));
    SetFilePointer(file, 6, NULL, FILE_BEGIN);
    WriteFile(file, "z", 1, &count, NULL);
    GetFileSizeEx(file, &now);
    printf("size: %lld\n", now.QuadPart);
    CloseHandle(file);
    show(L"a.txt");
    file = open(L"a.txt", FILE_APPEND_DATA, 0, OPEN_EXISTING);
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    WriteFile(file, "+", 1, &count, NULL);
    char byte;
    say("read without the right", ReadFile(file, &byte, 1, &count, NULL));
    CloseHandle(file);
    show(L"a.txt");
    file = open(L"a.txt", GENERIC_READ, 0, OPEN_EXISTING);
    OVERLAPPED at = {.Offset = 5};
    char piece[8] = "";
    ReadFile(file, piece, 7, &count, &at);
    printf("read at 5: %lu bytes\n", count);
    at.Offset = 50;
    say("read behind the end", ReadFile(file, piece, 7, &count, &at));
    CloseHandle(file);
}

static void sharing(void)
{
    HANDLE first = open(L"a.txt", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING);
    say_open("a second reader", open(L"a.txt", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING));
    say_open("a writer", open(L"a.txt", GENERIC_WRITE, 7, OPEN_EXISTING));
    say_open("a reader that shares nothing", open(L"a.txt", GENERIC_READ, 0, OPEN_EXISTING));
    say("delete", DeleteFileW(L"a.txt"));
    say("rename", MoveFileW(L"a.txt", L"b.txt"));
    CloseHandle(first);
    first = open(L"a.txt", READ_WRITE, 7, OPEN_EXISTING);
    say("lock", LockFile(first, 0, 0, 4, 0));
    HANDLE second = open(L"a.txt", READ_WRITE, 7, OPEN_EXISTING);
    char piece[8];
    DWORD count;
    say("lock it too", LockFile(second, 2, 0, 4, 0));
    say("lock what is behind", LockFile(second, 4, 0, 4, 0));
    say("unlock", UnlockFile(first, 0, 0, 4, 0));
    say("read now", ReadFile(second, piece, 2, &count, NULL));
    CloseHandle(second);
    CloseHandle(first);
}

static void renaming(void)
{
    make(L"one", "1");
    make(L"two", "2");
    say("onto another", MoveFileW(L"one", L"two"));
    say("replacing it", MoveFileExW(L"one", L"two", MOVEFILE_REPLACE_EXISTING));
    show(L"one");
    show(L"two");
    say("into a folder", MoveFileW(L"two", L"folder\\Two"));
    say("only the case", MoveFileW(L"folder\\Two", L"folder\\tWo"));
    say("the folder", MoveFileW(L"folder", L"place"));
    show(L"place\\tWo");
    say("what is not there", MoveFileW(L"none", L"some"));
    say("copy", CopyFileW(L"place\\tWo", L"copy", TRUE));
    say("copy onto it", CopyFileW(L"place\\tWo", L"copy", TRUE));
    show(L"copy");
    say("remove a full folder", RemoveDirectoryW(L"place"));
    say("remove a file as a folder", RemoveDirectoryW(L"copy"));
    say("delete a folder as a file", DeleteFileW(L"place"));
    DeleteFileW(L"place\\tWo");
    say("remove an empty folder", RemoveDirectoryW(L"place"));
    say("delete", DeleteFileW(L"copy"));
    say("delete again", DeleteFileW(L"copy"));
    HANDLE file = CreateFileW(L"brief", READ_WRITE, 0, NULL, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE,
                              NULL);
    CloseHandle(file);
    show(L"brief");
}

static void attributes(void)
{
    make(L"plain", "text");
    say("read-only", SetFileAttributesW(L"plain", FILE_ATTRIBUTE_READONLY));
    printf("attributes: %lx\n", GetFileAttributesW(L"plain") & FILE_ATTRIBUTE_READONLY);
    say("delete it", DeleteFileW(L"plain"));
    say("plain again", SetFileAttributesW(L"plain", FILE_ATTRIBUTE_NORMAL));
    SYSTEMTIME told = {2001, 2, 0, 3, 4, 5, 6, 700}, found;
    FILETIME time, written;
    SystemTimeToFileTime(&told, &time);
    HANDLE file = open(L"plain", READ_WRITE, 0, OPEN_EXISTING);
    say("set the time", SetFileTime(file, NULL, NULL, &time));
    GetFileTime(file, NULL, NULL, &written);
    FileTimeToSystemTime(&written, &found);
    printf("written: %u-%u-%u %u:%u:%u.%u\n", found.wYear, found.wMonth, found.wDay, found.wHour,
           found.wMinute, found.wSecond, found.wMilliseconds);
    BY_HANDLE_FILE_INFORMATION facts;
    GetFileInformationByHandle(file, &facts);
    printf("size %lu, links %lu, the same time: %d\n", facts.nFileSizeLow, facts.nNumberOfLinks,
           CompareFileTime(&facts.ftLastWriteTime, &time) == 0);
    CloseHandle(file);
    WIN32_FILE_ATTRIBUTE_DATA data;
    GetFileAttributesExW(L"plain", GetFileExInfoStandard, &data);
    printf("by name: size %lu, the same time: %d\n", data.nFileSizeLow,
           CompareFileTime(&data.ftLastWriteTime, &time) == 0);
    say("attributes of none", GetFileAttributesW(L"none") != INVALID_FILE_ATTRIBUTES);
    DeleteFileW(L"plain");
}

static int by_name(const void *first, const void *second)
{
    return wcscmp(first, second);
}

/* What a pattern finds, by name: the order is the volume's own. */
static void find(const wchar_t *pattern)
{
    static wchar_t names[64][MAX_PATH];
    WIN32_FIND_DATAW found;
    size_t count = 0;
    HANDLE search = FindFirstFileW(pattern, &found);
    printf("%ls:", pattern);
    if (search == INVALID_HANDLE_VALUE) {
        printf(" error %lu\n", GetLastError());
        return;
    }
    do
        swprintf(names[count++], MAX_PATH, L"%ls%ls", found.cFileName,
                 found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? L"\\" : L"");
    while (count < 64 && FindNextFileW(search, &found));
    DWORD error = GetLastError();
    FindClose(search);
    qsort(names, count, sizeof names[0], by_name);
    for (size_t index = 0; index < count; index++)
        printf(" %ls", names[index]);
    printf(" (%lu)\n", error);
}

static void finding(void)
{
    static const wchar_t *names[] = {L"a", L"a.b", L"ab.txt", L"abc.txt", L"abcd.text", L"x.TXT"};
    CreateDirectoryW(L"found", NULL);
    CreateDirectoryW(L"found\\sub", NULL);
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        wchar_t path[MAX_PATH];
        swprintf(path, MAX_PATH, L"found\\%ls", names[index]);
        make(path, "");
    }
    static const wchar_t *patterns[] = {
        L"found\\*", L"found\\*.*", L"found\\a*", L"found\\*.txt", L"found\\ab?.txt",
        L"found\\A.B", L"found\\none*", L"none\\*", L"found\\sub", L"found\\sub\\*"};
    for (size_t index = 0; index < sizeof patterns / sizeof patterns[0]; index++)
        find(patterns[index]);
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        wchar_t path[MAX_PATH];
        swprintf(path, MAX_PATH, L"found\\%ls", names[index]);
        DeleteFileW(path);
    }
    RemoveDirectoryW(L"found\\sub");
    say("remove what was searched", RemoveDirectoryW(L"found"));
}

static void names(void)
{
    static const wchar_t foreign[] = L"gr\u00fc\u00df-\u65e5\u672c-\U0001F600.txt";
    make(foreign, "foreign");
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(L"gr*.txt", &found);
    printf("foreign name comes back: %d\n",
           search != INVALID_HANDLE_VALUE && wcscmp(found.cFileName, foreign) == 0);
    FindClose(search);
    printf("in capitals: %d\n",
           GetFileAttributesW(L"GR\u00dc\u00df-\u65e5\u672c-\U0001F600.TXT")
               != INVALID_FILE_ATTRIBUTES);
    say("delete it", DeleteFileW(foreign));
    wchar_t longest[201];
    wmemset(longest, L'n', 200);
    longest[200] = 0;
    say_open("a name of 200", CreateFileW(longest, READ_WRITE, 0, NULL, CREATE_NEW,
                                          FILE_FLAG_DELETE_ON_CLOSE, NULL));
    wchar_t path[600];
    wcscpy(path, L"\\\\?\\");
    GetCurrentDirectoryW(300, path + 4);
    size_t start = wcslen(path);
    for (int depth = 1; depth <= 3; depth++) {
        wcscat(path, L"\\");
        size_t end = wcslen(path);
        wmemset(path + end, L'a' + depth, 120);
        path[end + 120] = 0;
        say("a long path", CreateDirectoryW(path, NULL));
    }
    for (int depth = 3; depth >= 1; depth--) {
        path[start + depth * 121] = 0;
        say("its end", RemoveDirectoryW(path));
    }
}

static void paths(void)
{
    static const wchar_t *given[] = {
        L"C:\\a\\b\\..\\c", L"C:/a/./b//c", L"C:\\..\\..\\a", L"C:\\a\\b. ", L"C:\\a.\\b",
        L"\\\\server\\share\\..\\x", L"\\\\?\\C:\\a\\..\\b", L"\\\\.\\pipe\\x", L"C:\\",
        L"C:\\a\\b\\"};
    wchar_t full[MAX_PATH], *last;
    for (size_t index = 0; index < sizeof given / sizeof given[0]; index++) {
        DWORD length = GetFullPathNameW(given[index], MAX_PATH, full, &last);
        printf("%ls -> %ls (%lu) %ls\n", given[index], full, length, last ? last : L"-");
    }
    printf("room needed: %lu\n", GetFullPathNameW(L"C:\\abc", 3, full, NULL));
    SetCurrentDirectoryW(L"C:\\windows");
    GetFullPathNameW(L"system32\\..\\x", MAX_PATH, full, NULL);
    printf("relative: %ls\n", full);
    GetFullPathNameW(L"C:x", MAX_PATH, full, NULL);
    printf("of the drive: %ls\n", full);
    GetFullPathNameW(L"\\x", MAX_PATH, full, NULL);
    printf("of the root: %ls\n", full);
}

static void temporary(void)
{
    wchar_t name[MAX_PATH], here[MAX_PATH];
    GetCurrentDirectoryW(MAX_PATH, here);
    UINT number = GetTempFileNameW(here, L"pre", 0, name);
    const wchar_t *file = wcsrchr(name, L'\\') + 1;
    printf("made: %d, begins %.3ls, ends %ls\n", number != 0, file, wcsrchr(name, L'.'));
    say("it is there", GetFileAttributesW(name) != INVALID_FILE_ATTRIBUTES);
    say("delete it", DeleteFileW(name));
    GetTempFileNameW(here, L"pre", 0xBEEF, name);
    printf("of a number: %ls\n", wcsrchr(name, L'\\') + 1);
    say("it is not there", GetFileAttributesW(name) == INVALID_FILE_ATTRIBUTES);
    DWORD length = GetTempPathW(MAX_PATH, name);
    printf("folder for them: %d\n", length > 3 && name[length - 1] == L'\\');
    FILE *stream = tmpfile();
    printf("tmpfile: %d\n", stream != NULL && fputs("x", stream) >= 0 && fclose(stream) == 0);
}

int main(void)
{
    CreateDirectoryW(L"files.tmp", NULL);
    SetCurrentDirectoryW(L"files.tmp");
    creating();
    places();
    sharing();
    renaming();
    attributes();
    finding();
    names();
    temporary();
    say("delete the last", DeleteFileW(L"a.txt"));
    SetCurrentDirectoryW(L"..");
    say("remove the folder", RemoveDirectoryW(L"files.tmp"));
    paths();
    return 0;
}
