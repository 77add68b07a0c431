/* Processes: what starts, what does not, how they end, and what they are given at their start.
   Not compared, as Wine is not like Windows: ending a process that has ended (Windows: error 5),
   a folder as the program (5), a line of 32,768 characters (206), and DETACHED_PROCESS with
   CREATE_NEW_CONSOLE (87). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

enum { LONGEST = 32766, CHILDREN = 6 };

static wchar_t path[MAX_PATH];

static int child(int count, char **values)
{
    const char *what = values[2];
    if (strcmp(what, "exit") == 0)
        ExitProcess(strtoul(values[3], NULL, 0));
    if (strcmp(what, "crash") == 0) {
        SetErrorMode(SEM_NOGPFAULTERRORBOX);
        *(volatile int *)8 = 1;
    }
    if (strcmp(what, "sleep") == 0)
        Sleep(INFINITE);
    if (strcmp(what, "many") == 0)
        return count;
    if (strcmp(what, "length") == 0)
        return (int)wcslen(GetCommandLineW());
    if (strcmp(what, "environment") == 0) {
        const char *large = getenv("LARGE"), *small = getenv("SMALL");
        return (large ? (int)strlen(large) : 0) + (small ? 1 : 0);
    }
    if (strcmp(what, "signal") == 0)
        return !SetEvent((HANDLE)(UINT_PTR)strtoull(values[3], NULL, 16));
    if (strcmp(what, "folder") == 0) {
        wchar_t folder[MAX_PATH];
        GetCurrentDirectoryW(MAX_PATH, folder);
        wchar_t *last = wcsrchr(folder, L'\\');
        return last ? _wtoi(last + 1) : -1;
    }
    if (strcmp(what, "exists") == 0)
        return GetFileAttributesA(values[3]) == INVALID_FILE_ATTRIBUTES;
    return 99;
}

static BOOL start(const wchar_t *words, DWORD flags, void *block, const wchar_t *folder,
                  PROCESS_INFORMATION *made)
{
    static wchar_t line[LONGEST + 64];
    STARTUPINFOW startup = {.cb = sizeof startup};
    swprintf(line, LONGEST + 64, L"processes child %ls", words);
    fflush(stdout);
    SetLastError(0);
    return CreateProcessW(path, line, NULL, NULL, TRUE, flags, block, folder, &startup, made);
}

static DWORD ended(PROCESS_INFORMATION *made)
{
    DWORD code = 0x12345678;
    WaitForSingleObject(made->hProcess, INFINITE);
    GetExitCodeProcess(made->hProcess, &code);
    CloseHandle(made->hThread);
    CloseHandle(made->hProcess);
    return code;
}

static void say(const char *what, const wchar_t *words, DWORD flags, void *block,
                const wchar_t *folder)
{
    PROCESS_INFORMATION made;
    if (start(words, flags, block, folder, &made))
        printf("%s: %lx\n", what, ended(&made));
    else
        printf("%s: not started, error %lu\n", what, GetLastError());
}

static void exit_codes(void)
{
    say("nothing wrong", L"exit 0", 0, NULL, NULL);
    say("one", L"exit 1", 0, NULL, NULL);
    say("as if it ran", L"exit 259", 0, NULL, NULL);
    say("the largest", L"exit 0xffffffff", 0, NULL, NULL);
    say("crashed", L"crash", 0, NULL, NULL);
    say("without a console", L"exit 3", DETACHED_PROCESS, NULL, NULL);
    say("without a window", L"exit 4", CREATE_NO_WINDOW, NULL, NULL);
    say("in a group", L"exit 5", CREATE_NEW_PROCESS_GROUP | CREATE_DEFAULT_ERROR_MODE, NULL, NULL);
    say("of a class", L"exit 7", BELOW_NORMAL_PRIORITY_CLASS, NULL, NULL);
    say("many", L"many a \"b c\" \"\" d\\ \"e\\\"f\"", 0, NULL, NULL);
}

static void running(void)
{
    PROCESS_INFORMATION made;
    DWORD code, other;
    start(L"sleep", 0, NULL, NULL, &made);
    GetExitCodeProcess(made.hProcess, &code);
    printf("runs: %lu, wait %lx\n", code, WaitForSingleObject(made.hProcess, 0));
    printf("ids: %d %d %d\n", made.dwProcessId == GetProcessId(made.hProcess),
           made.dwThreadId == GetThreadId(made.hThread),
           made.dwProcessId == GetProcessIdOfThread(made.hThread));
    HANDLE opened = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE,
                                made.dwProcessId);
    printf("opened: %d\n", opened != NULL);
    SetLastError(0);
    BOOL done = TerminateProcess(opened, 1);
    printf("may not end it: %d, error %lu\n", done, GetLastError());
    printf("ended: %d\n", TerminateProcess(made.hProcess, 0xC0000005));
    WaitForSingleObject(opened, INFINITE);
    GetExitCodeProcess(opened, &code);
    GetExitCodeThread(made.hThread, &other);
    printf("exit codes: %lx %lx\n", code, other);
    CloseHandle(opened);
    ended(&made);
    SetLastError(0);
    opened = OpenProcess(SYNCHRONIZE, FALSE, 0x7ffffff0);
    printf("no such id: %d, error %lu\n", opened != NULL, GetLastError());
    opened = OpenProcess(SYNCHRONIZE, FALSE, 0);
    printf("id 0: %d, error %lu\n", opened != NULL, GetLastError());
}

static void suspended(void)
{
    PROCESS_INFORMATION made;
    start(L"exit 8", CREATE_SUSPENDED, NULL, NULL, &made);
    printf("suspended: %lx\n", WaitForSingleObject(made.hProcess, 30));
    printf("twice: %lu\n", SuspendThread(made.hThread));
    printf("once: %lu\n", ResumeThread(made.hThread));
    printf("still: %lx\n", WaitForSingleObject(made.hProcess, 10));
    printf("on: %lu\n", ResumeThread(made.hThread));
    printf("ended: %lx\n", ended(&made));
    start(L"exit 8", CREATE_SUSPENDED, NULL, NULL, &made);
    TerminateProcess(made.hProcess, 9);
    printf("never ran: %lx\n", ended(&made));
}

static void several(void)
{
    PROCESS_INFORMATION made[CHILDREN];
    HANDLE all[CHILDREN];
    wchar_t words[32];
    for (int each = 0; each < CHILDREN; each++) {
        swprintf(words, 32, each == 3 ? L"sleep" : L"exit %d", 20 + each);
        start(words, 0, NULL, NULL, &made[each]);
        all[each] = made[each].hProcess;
    }
    WaitForSingleObject(all[0], INFINITE);
    printf("any: %lx\n", WaitForMultipleObjects(CHILDREN, all, FALSE, INFINITE));
    printf("all: %lx\n", WaitForMultipleObjects(CHILDREN, all, TRUE, 100));
    TerminateProcess(all[3], 23);
    printf("all: %lx\n", WaitForMultipleObjects(CHILDREN, all, TRUE, INFINITE));
    for (int each = 0; each < CHILDREN; each++)
        printf("exit code %lu\n", ended(&made[each]));
}

static void handles(void)
{
    PROCESS_INFORMATION made;
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL), theirs = NULL, back = NULL;
    wchar_t words[64];
    start(L"sleep", CREATE_SUSPENDED, NULL, NULL, &made);
    BOOL done = DuplicateHandle(GetCurrentProcess(), event, made.hProcess, &theirs, 0, FALSE,
                                DUPLICATE_SAME_ACCESS);
    printf("into a child: %d\n", done);
    done = DuplicateHandle(made.hProcess, theirs, GetCurrentProcess(), &back, 0, FALSE,
                           DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE);
    SetEvent(back);
    printf("and back: %d, wait %lx\n", done, WaitForSingleObject(event, 0));
    done = DuplicateHandle(made.hProcess, theirs, GetCurrentProcess(), &back, 0, FALSE, 0);
    printf("gone there: %d, error %lu\n", done, GetLastError());
    TerminateProcess(made.hProcess, 0);
    ended(&made);
    ResetEvent(event);
    swprintf(words, 64, L"signal %llx", (unsigned long long)(UINT_PTR)event);
    say("not inherited", words, 0, NULL, NULL);
    SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    say("inherited", words, 0, NULL, NULL);
    printf("signalled: %lx\n", WaitForSingleObject(event, 0));
}

static void places(void)
{
    static wchar_t block[60000], words[LONGEST];
    CreateDirectoryW(L"31", NULL);
    say("in a folder", L"folder", 0, NULL, L"31");
    say("no folder", L"folder", 0, NULL, L"missing");
    say("a file as folder", L"folder", 0, NULL, path);
    RemoveDirectoryW(L"31");
    wcscpy(block, L"LARGE=");
    wmemset(block + 6, L'x', 30000);
    wcscpy(block + 30007, L"SMALL=1");
    say("large environment", L"environment", CREATE_UNICODE_ENVIRONMENT, block, NULL);
    say("of bytes", L"environment", 0, "SMALL=1\0", NULL);
    say("empty environment", L"environment", CREATE_UNICODE_ENVIRONMENT, L"\0", NULL);
    wcscpy(words, L"length ");
    wmemset(words + 7, L'y', LONGEST - 7 - 16);
    say("longest line", words, 0, NULL, NULL);
}

static void file(const char *name, const char *text)
{
    FILE *made = fopen(name, "wb");
    fputs(text, made);
    fclose(made);
}

static void tries(const char *what, const wchar_t *program, const wchar_t *words)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made;
    wchar_t line[MAX_PATH * 2];
    wcscpy(line, words ? words : L"");
    fflush(stdout);
    SetLastError(0);
    if (CreateProcessW(program, words ? line : NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup,
                       &made))
        printf("%s: %lx\n", what, ended(&made));
    else
        printf("%s: error %lu\n", what, GetLastError());
}

static void no_programs(void)
{
    wchar_t line[MAX_PATH * 2], dll[MAX_PATH];
    file("text.exe", "This is not a program, but it is long enough to be looked at closely.\n");
    file("text.txt", "nor this");
    file("empty.exe", "");
    file("mz.exe", "MZ");
    file("batch.bat", "@exit /b 17\r\n");
    GetSystemDirectoryW(dll, MAX_PATH);
    wcscat(dll, L"\\version.dll");
    tries("text", L"text.exe", NULL);
    tries("text by its line", NULL, L"text.exe one");
    tries("other text", L"text.txt", NULL);
    tries("empty", L"empty.exe", NULL);
    tries("two letters", L"mz.exe", NULL);
    tries("missing", L"missing.exe", NULL);
    tries("missing by its line", NULL, L"missing one");
    tries("missing folder", L"missing\\missing.exe", NULL);
    tries("a DLL", dll, NULL);
    tries("a bad name", L"a<b>.exe", NULL);
    tries("batch file", L"batch.bat", NULL);
    tries("batch file by its line", NULL, L"batch.bat");
    swprintf(line, MAX_PATH * 2, L"\"%ls\" child exit 18", path);
    tries("quoted", NULL, line);
    tries("an unclosed quote", NULL, L"\"missing.exe");
    DeleteFileA("text.exe");
    DeleteFileA("text.txt");
    DeleteFileA("empty.exe");
    DeleteFileA("mz.exe");
    DeleteFileA("batch.bat");
}

static void by_parent(void)
{
    STARTUPINFOEXW startup = {.StartupInfo.cb = sizeof startup};
    PROCESS_INFORMATION parent, made;
    wchar_t line[] = L"processes child exit 19";
    SIZE_T size = 0;
    start(L"sleep", CREATE_SUSPENDED, NULL, NULL, &parent);
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    startup.lpAttributeList = malloc(size);
    InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size);
    UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS,
                              &parent.hProcess, sizeof parent.hProcess, NULL, NULL);
    if (CreateProcessW(path, line, NULL, NULL, FALSE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL,
                       &startup.StartupInfo, &made))
        printf("of another parent: %lu\n", ended(&made));
    else
        printf("of another parent: error %lu\n", GetLastError());
    DeleteProcThreadAttributeList(startup.lpAttributeList);
    TerminateProcess(parent.hProcess, 0);
    ended(&parent);
}

int main(int count, char **values)
{
    if (count > 2 && strcmp(values[1], "child") == 0)
        return child(count, values);
    GetModuleFileNameW(NULL, path, MAX_PATH);
    exit_codes();
    running();
    suspended();
    several();
    handles();
    places();
    no_programs();
    by_parent();
    return 0;
}
