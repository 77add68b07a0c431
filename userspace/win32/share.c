/* Uses a directory that the host shares, as the current one, by its first argument. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum { SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

/* What came of something, and the error if it failed. */
static int say(const char *what, BOOL done)
{
    if (done)
        printf("%s: done\n", what);
    else
        printf("%s: error %lu\n", what, GetLastError());
    return done;
}

static HANDLE open_file(const wchar_t *path, DWORD access, DWORD disposition, DWORD flags)
{
    return CreateFileW(path, access, SHARE_ALL, NULL, disposition, flags, NULL);
}

static void write_text(HANDLE file, const char *text)
{
    DWORD written;
    say("write", WriteFile(file, text, (DWORD)strlen(text), &written, NULL));
}

static void make(const wchar_t *path, const char *text)
{
    HANDLE file = open_file(path, GENERIC_WRITE, CREATE_ALWAYS, 0);
    if (say("make", file != INVALID_HANDLE_VALUE)) {
        write_text(file, text);
        CloseHandle(file);
    }
}

static void show(const wchar_t *path)
{
    char text[100];
    DWORD length = 0;
    HANDLE file = open_file(path, GENERIC_READ, OPEN_EXISTING, 0);
    if (file == INVALID_HANDLE_VALUE || !ReadFile(file, text, sizeof text, &length, NULL)) {
        say("show", FALSE);
        return;
    }
    printf("show: %lu bytes %.*s\n", length, (int)length, text);
    CloseHandle(file);
}

static void list(const wchar_t *pattern)
{
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) {
        say("list", FALSE);
        return;
    }
    do
        printf("entry: %ls %#lx %lu\n", found.cFileName, found.dwFileAttributes,
               found.nFileSizeLow);
    while (FindNextFileW(search, &found));
    say("the end", GetLastError() == ERROR_NO_MORE_FILES);
    FindClose(search);
}

/* Files are made, written, cut, renamed and deleted. */
static void files(void)
{
    show(L"given.txt");
    show(L"GIVEN.TXT");
    make(L"made.txt", "first");
    HANDLE file = open_file(L"made.txt", FILE_APPEND_DATA, OPEN_EXISTING, 0);
    write_text(file, " and more");
    CloseHandle(file);
    show(L"made.txt");
    file = open_file(L"MADE.txt", GENERIC_WRITE, OPEN_EXISTING, 0);
    SetFilePointer(file, 9, NULL, FILE_BEGIN);
    say("cut", SetEndOfFile(file));
    printf("size: %lu\n", GetFileSize(file, NULL));
    CloseHandle(file);
    say("make a directory", CreateDirectoryW(L"Sub", NULL));
    say("make it again", CreateDirectoryW(L"sub", NULL));
    say("move", MoveFileW(L"made.txt", L"SUB\\Moved.txt"));
    say("move onto another", MoveFileW(L"sub\\moved.txt", L"given.txt"));
    say("change case", MoveFileW(L"sub\\moved.txt", L"sub\\MOVED.txt"));
    make(L"old.txt", "old");
    make(L"new.txt", "new");
    say("replace", MoveFileExW(L"new.txt", L"OLD.TXT", MOVEFILE_REPLACE_EXISTING));
    say("remove a full directory", RemoveDirectoryW(L"sub"));
    make(L"gone.txt", "");
    say("delete", DeleteFileW(L"Gone.txt"));
    say("delete again", DeleteFileW(L"gone.txt"));
    say("open below a file", open_file(L"given.txt\\x", GENERIC_READ, OPEN_EXISTING, 0) !=
                                 INVALID_HANDLE_VALUE);
    file = open_file(L"temporary", GENERIC_WRITE, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE);
    write_text(file, "temporary");
    list(L"temp*");
    CloseHandle(file);
    list(L"temp*");
    list(L"*");
    list(L"sub\\*");
}

/* Sharing, locks, attributes, times. */
static void rules(void)
{
    HANDLE file = CreateFileW(L"alone", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    say("open what is not shared", open_file(L"ALONE", GENERIC_READ, OPEN_EXISTING, 0) !=
                                       INVALID_HANDLE_VALUE);
    FILETIME time = {0x12345678, 0x01d00000};
    say("set the time", SetFileTime(file, NULL, NULL, &time));
    CloseHandle(file);
    WIN32_FILE_ATTRIBUTE_DATA known;
    say("attributes", GetFileAttributesExW(L"alone", GetFileExInfoStandard, &known));
    printf("written: %08lx%08lx\n", known.ftLastWriteTime.dwHighDateTime,
           known.ftLastWriteTime.dwLowDateTime);
    say("make read-only", SetFileAttributesW(L"alone", FILE_ATTRIBUTE_READONLY));
    printf("attributes: %#lx\n", GetFileAttributesW(L"alone"));
    say("write what is read-only", open_file(L"alone", GENERIC_WRITE, OPEN_EXISTING, 0) !=
                                       INVALID_HANDLE_VALUE);
    say("delete what is read-only", DeleteFileW(L"alone"));
    say("make writable", SetFileAttributesW(L"alone", FILE_ATTRIBUTE_NORMAL));
    file = open_file(L"alone", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING, 0);
    HANDLE other = open_file(L"alone", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING, 0);
    say("lock", LockFile(file, 0, 0, 4, 0));
    say("lock the same", LockFile(other, 2, 0, 4, 0));
    DWORD written;
    say("write what is locked", WriteFile(other, "x", 1, &written, NULL));
    CloseHandle(file);
    CloseHandle(other);
    make(L"posix", "lives on");
    file = open_file(L"posix", GENERIC_READ | DELETE, OPEN_EXISTING, 0);
    say("delete what is open", DeleteFileW(L"posix"));
    say("look for it", GetFileAttributesW(L"posix") != INVALID_FILE_ATTRIBUTES);
    make(L"posix", "another");
    char text[20] = "";
    say("read it", ReadFile(file, text, sizeof text - 1, &written, NULL));
    printf("it: %s\n", text);
    CloseHandle(file);
    say("delete another", DeleteFileW(L"posix"));
    printf("serials: %d\n", GetFileAttributesW(L"C:\\") != INVALID_FILE_ATTRIBUTES);
    say("move to C:", MoveFileExW(L"alone", L"C:\\alone", 0));
    say("move to C: by copy", MoveFileExW(L"alone", L"C:\\alone", MOVEFILE_COPY_ALLOWED));
    ULARGE_INTEGER available, total;
    say("room", GetDiskFreeSpaceExW(L".", &available, &total, NULL) &&
                    total.QuadPart > available.QuadPart);
}

/* Views of files. */
static void views(void)
{
    HANDLE file = open_file(L"viewed", GENERIC_READ | GENERIC_WRITE, CREATE_ALWAYS, 0);
    HANDLE section = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 10000, NULL);
    char *view = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    if (!say("map", view != NULL))
        return;
    memcpy(view + 5000, "by a view", 9);
    char text[10] = "";
    DWORD length;
    SetFilePointer(file, 5000, NULL, FILE_BEGIN);
    say("read", ReadFile(file, text, 9, &length, NULL));
    printf("read: %s\n", text);
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    write_text(file, "by a write");
    printf("in view: %.10s\n", view);
    say("flush", FlushViewOfFile(view, 0));
    memcpy(view + 9990, "the end", 7);
    UnmapViewOfFile(view);
    CloseHandle(section);
    CloseHandle(file);
}

/* Many files, and long and deep names. */
static void many(int count)
{
    wchar_t path[300];
    int failed = 0, seen = 0;
    CreateDirectoryW(L"many", NULL);
    for (int number = 0; number < count; number++) {
        swprintf(path, 300, L"many\\File %d", number);
        HANDLE file = open_file(path, GENERIC_WRITE, CREATE_NEW, 0);
        failed += file == INVALID_HANDLE_VALUE;
        CloseHandle(file);
    }
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(L"many\\FILE*", &found);
    do
        seen++;
    while (FindNextFileW(search, &found));
    FindClose(search);
    printf("made: %d failed, %d seen\n", failed, seen);
    wcscpy(path, L"\\\\?\\Z:\\");
    for (int place = 7; place < 7 + 240; place++)
        path[place] = L'n';
    path[7 + 240] = 0;
    make(path, "long");
    say("delete", DeleteFileW(path));
    static wchar_t deep[4000] = L"\\\\?\\Z:";
    for (int level = 0; level < 100; level++) {
        wcscat(deep, L"\\a deep directory");
        if (!CreateDirectoryW(deep, NULL)) {
            say("go deep", FALSE);
            return;
        }
    }
    wcscat(deep, L"\\file");
    make(deep, "deep");
    show(deep);
}

/* What the host refuses. */
static void refused(void)
{
    make(L"new", "text");
    show(L"given.txt");
    say("write", open_file(L"given.txt", GENERIC_WRITE, OPEN_EXISTING, 0) != INVALID_HANDLE_VALUE);
    say("delete", DeleteFileW(L"given.txt"));
    say("rename", MoveFileW(L"given.txt", L"other.txt"));
    say("set attributes", SetFileAttributesW(L"given.txt", FILE_ATTRIBUTE_READONLY));
    say("make a directory", CreateDirectoryW(L"directory", NULL));
}

/* Waits until the directory has gone, and goes on. */
static void gone(void)
{
    HANDLE file = open_file(L"given.txt", GENERIC_READ, OPEN_EXISTING, 0);
    puts("ready");
    fflush(stdout);
    for (int tries = 0; tries < 1000 && GetFileAttributesW(L"given.txt") != INVALID_FILE_ATTRIBUTES;
         tries++)
        Sleep(10);
    say("attributes", GetFileAttributesW(L"given.txt") != INVALID_FILE_ATTRIBUTES);
    make(L"new", "");
    list(L"*");
    char text[6] = "";
    DWORD length;
    say("read what is open", ReadFile(file, text, 5, &length, NULL));
    printf("read: %s\n", text);
}

/* Writes until there is no room. */
static void full(void)
{
    static char block[65536];
    HANDLE file = open_file(L"filler", GENERIC_WRITE, CREATE_ALWAYS, 0);
    DWORD written, error = 0;
    for (int count = 0; count < 1000 && error == 0; count++)
        if (!WriteFile(file, block, sizeof block, &written, NULL))
            error = GetLastError();
    printf("full: error %lu\n", error);
    CloseHandle(file);
    say("delete", DeleteFileW(L"filler"));
    make(L"after", "room again");
}

/* What a link is that is opened itself, as Win32 has no way to here. */
static void show_tag(const wchar_t *path)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    FARPROC open = GetProcAddress(ntdll, "NtOpenFile");
    FARPROC resolve = GetProcAddress(ntdll, "RtlDosPathNameToNtPathName_U");
    struct { USHORT length, most; wchar_t *text; } name;
    ((BOOLEAN(NTAPI *)(const wchar_t *, void *, void *, void *))(void *)resolve)(path, &name, NULL,
                                                                                 NULL);
    struct {
        ULONG length;
        HANDLE root;
        void *name;
        ULONG attributes;
        void *descriptor, *quality;
    } what = {sizeof what, NULL, &name, 0x40, NULL, NULL};
    struct { ULONG_PTR status, information; } result;
    HANDLE file;
    /* FILE_OPEN_REPARSE_POINT, FILE_SYNCHRONOUS_IO_NONALERT */
    LONG status = ((LONG(NTAPI *)(HANDLE *, ULONG, void *, void *, ULONG, ULONG))(void *)open)(
        &file, FILE_READ_ATTRIBUTES | SYNCHRONIZE, &what, &result, SHARE_ALL, 0x200020);
    FILE_ATTRIBUTE_TAG_INFO tag = {0};
    say("the link", status == 0 && GetFileInformationByHandleEx(file, FileAttributeTagInfo, &tag,
                                                                sizeof tag));
    printf("tag: %#lx %#lx\n", tag.FileAttributes, tag.ReparseTag);
    CloseHandle(file);
}

/* Names that are on the host alone, two that differ in case, and so many. */
static void names(void)
{
    list(L"names\\*");
    show(L"names\\Twin");
    show(L"names\\twin");
    show(L"names\\TWIN");
    HANDLE file = open_file(L"names\\Twin", GENERIC_READ, OPEN_EXISTING, 0);
    show(L"names\\twin");
    char text[10] = "";
    DWORD length;
    say("read what is open", ReadFile(file, text, 9, &length, NULL));
    printf("read: %s\n", text);
    say("delete", DeleteFileW(L"names\\twin"));
    CloseHandle(file);
    show(L"names\\twin");
    say("delete", DeleteFileW(L"names\\Twin"));
    say("remove what is not seen", RemoveDirectoryW(L"names"));
    WIN32_FIND_DATAW found;
    int seen = 0;
    HANDLE search = FindFirstFileW(L"many\\*", &found);
    do
        seen++;
    while (FindNextFileW(search, &found));
    say("the end", GetLastError() == ERROR_NO_MORE_FILES);
    FindClose(search);
    printf("seen: %d\n", seen);
}

/* Symbolic links, those that lead somewhere and those that do not. */
static void links(void)
{
    show(L"to file");
    show(L"to folder\\inner.txt");
    show(L"TO FOLDER\\up again\\chain");
    show(L"folder\\back\\to file");
    list(L"to folder\\in*");
    list(L"to *");
    printf("attributes: %#lx\n", GetFileAttributesW(L"to folder"));
    show(L"dangling");
    show(L"dangling\\deeper");
    show(L"loop");
    show(L"loop\\deeper");
    show(L"absolute");
    show(L"outside");
    show(L"to file\\deeper");
    list(L"loop");
    show_tag(L"to file");
    HANDLE file = CreateFileW(L"folder\\inner.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    show(L"to folder\\inner.txt");
    CloseHandle(file);
    make(L"to folder\\new", "by a link");
    make(L"made by link", "what it leads to");
    make(L"other", "in its place");
    say("replace", MoveFileExW(L"other", L"replaced", MOVEFILE_REPLACE_EXISTING));
    show(L"replaced");
    say("remove what leads to a file", RemoveDirectoryW(L"to file"));
    say("rename", MoveFileW(L"to file", L"to folder\\moved"));
    show(L"folder\\moved");
    show(L"given.txt");
    say("delete", DeleteFileW(L"chain"));
    say("delete", DeleteFileW(L"loop"));
    say("remove what leads to a folder", RemoveDirectoryW(L"to folder"));
    say("delete what leads to a folder", DeleteFileW(L"folder\\back"));
}

int main(int count, char **values)
{
    const char *what = count > 1 ? values[1] : "";
    if (!strcmp(what, "files"))
        files();
    else if (!strcmp(what, "rules"))
        rules();
    else if (!strcmp(what, "views"))
        views();
    else if (!strcmp(what, "many"))
        many(atoi(values[2]));
    else if (!strcmp(what, "refused"))
        refused();
    else if (!strcmp(what, "gone"))
        gone();
    else if (!strcmp(what, "full"))
        full();
    else if (!strcmp(what, "links"))
        links();
    else if (!strcmp(what, "names"))
        names();
    else
        return 1;
    return 0;
}
