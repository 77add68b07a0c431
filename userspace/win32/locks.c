/* Locks of ranges of files, among handles and among processes.
   Not compared, as Wine is not like Windows: unlocking what is not locked so (Windows: error 158),
   reading and writing what others have locked (error 33), and a lock granted to a closed handle. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

static const wchar_t *const name = L"locks.tmp";
static wchar_t path[MAX_PATH];

static void say(const char *what, BOOL done)
{
    DWORD error = GetLastError();
    printf("%s: %d, error %lu\n", what, done, done ? 0 : error);
}

static HANDLE file(DWORD flags)
{
    return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                       NULL, OPEN_ALWAYS, flags, NULL);
}

static BOOL lock(HANDLE file, DWORD flags, DWORD offset, DWORD length)
{
    OVERLAPPED range = {.Offset = offset};
    return LockFileEx(file, flags, 0, length, 0, &range);
}

static BOOL unlock(HANDLE file, DWORD offset, DWORD length)
{
    OVERLAPPED range = {.Offset = offset};
    return UnlockFileEx(file, 0, length, 0, &range);
}

enum { NOW = LOCKFILE_FAIL_IMMEDIATELY, ALONE = LOCKFILE_EXCLUSIVE_LOCK };

static int child(char **values)
{
    HANDLE opened = file(0);
    if (strcmp(values[2], "try") == 0)
        return lock(opened, NOW | ALONE, atoi(values[3]), atoi(values[4])) ? 0 : (int)GetLastError();
    if (strcmp(values[2], "wait") == 0)
        return lock(opened, ALONE, atoi(values[3]), atoi(values[4])) ? 0 : (int)GetLastError();
    if (strcmp(values[2], "read") == 0) {
        char text[4];
        DWORD bytes;
        SetFilePointer(opened, atoi(values[3]), NULL, FILE_BEGIN);
        return ReadFile(opened, text, 4, &bytes, NULL) ? 0 : (int)GetLastError();
    }
    HANDLE held = OpenEventW(EVENT_MODIFY_STATE, FALSE, L"locks-held");
    if (!lock(opened, ALONE, 0, 10))
        return (int)GetLastError();
    SetEvent(held);
    Sleep(strcmp(values[2], "briefly") == 0 ? 30 : INFINITE);
    return 5;
}

static void start(const wchar_t *words, PROCESS_INFORMATION *made)
{
    wchar_t line[128];
    STARTUPINFOW startup = {.cb = sizeof startup};
    swprintf(line, 128, L"locks child %ls", words);
    fflush(stdout);
    CreateProcessW(path, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, made);
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

static DWORD child_says(const wchar_t *words)
{
    PROCESS_INFORMATION made;
    start(words, &made);
    return ended(&made);
}

static void among_handles(HANDLE one, HANDLE other)
{
    say("first", LockFile(one, 0, 0, 10, 0));
    say("by the other", LockFile(other, 0, 0, 10, 0));
    say("by itself", LockFile(one, 0, 0, 10, 0));
    say("overlaps the end", LockFile(other, 9, 0, 10, 0));
    say("behind it", LockFile(other, 10, 0, 10, 0));
    say("unlock", UnlockFile(one, 0, 0, 10, 0));
    say("unlock behind", UnlockFile(other, 10, 0, 10, 0));
    say("shared", lock(one, NOW, 0, 10));
    say("shared by both", lock(other, NOW, 5, 10));
    say("exclusive within", lock(other, NOW | ALONE, 3, 1));
    say("exclusive beside", lock(other, NOW | ALONE, 15, 1));
    say("shared within that", lock(one, NOW, 15, 1));
    unlock(one, 0, 10);
    unlock(other, 5, 10);
    unlock(other, 15, 1);
    say("far away", LockFile(one, 0xfffffff0, 0x7fffffff, 15, 0));
    say("unlock", UnlockFile(one, 0xfffffff0, 0x7fffffff, 15, 0));
}

static void reading(HANDLE one, HANDLE other)
{
    char text[16];
    DWORD bytes;
    WriteFile(one, "0123456789abcdefghij", 20, &bytes, NULL);
    lock(one, NOW | ALONE, 5, 5);
    say("own read", ReadFile(one, text, 10, &bytes, NULL));
    say("other's read before", ReadFile(other, text, 5, &bytes, NULL));
    SetFilePointer(other, 10, NULL, FILE_BEGIN);
    say("other's write behind", WriteFile(other, "x", 1, &bytes, NULL));
    unlock(one, 5, 5);
    lock(one, NOW, 5, 5);
    SetFilePointer(other, 5, NULL, FILE_BEGIN);
    say("read what is shared", ReadFile(other, text, 5, &bytes, NULL));
    unlock(one, 5, 5);
}

static DWORD WINAPI unlocks(void *file)
{
    Sleep(20);
    return unlock(file, 0, 10);
}

static void waiting(HANDLE one, HANDLE other)
{
    OVERLAPPED range = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    DWORD bytes;
    lock(one, NOW | ALONE, 0, 10);
    HANDLE thread = CreateThread(NULL, 0, unlocks, one, 0, NULL);
    say("waited", lock(other, ALONE, 0, 10));
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    HANDLE asynchronous = file(FILE_FLAG_OVERLAPPED);
    say("pending", LockFileEx(asynchronous, ALONE, 0, 10, 0, &range));
    printf("event: %lx\n", WaitForSingleObject(range.hEvent, 10));
    unlock(other, 0, 10);
    say("granted", GetOverlappedResult(asynchronous, &range, &bytes, TRUE));
    CloseHandle(asynchronous);
    CloseHandle(range.hEvent);
}

static void among_processes(HANDLE one)
{
    PROCESS_INFORMATION made;
    HANDLE held = CreateEventW(NULL, FALSE, FALSE, L"locks-held");
    lock(one, NOW | ALONE, 0, 10);
    printf("child tries: %lu\n", child_says(L"try 0 5"));
    printf("behind: %lu\n", child_says(L"try 10 5"));
    printf("behind: %lu\n", child_says(L"read 10"));
    start(L"wait 0 5", &made);
    printf("child waits: %lx\n", WaitForSingleObject(made.hProcess, 30));
    unlock(one, 0, 10);
    printf("child got it: %lu\n", ended(&made));
    say("it ended", lock(one, NOW | ALONE, 0, 10));
    unlock(one, 0, 10);
    start(L"briefly", &made);
    WaitForSingleObject(held, INFINITE);
    say("child has it", lock(one, NOW | ALONE, 0, 10));
    say("until it ends", lock(one, ALONE, 0, 10));
    unlock(one, 0, 10);
    printf("ended: %lu\n", ended(&made));
    start(L"holds", &made);
    WaitForSingleObject(held, INFINITE);
    say("child has it", lock(one, NOW | ALONE, 0, 10));
    TerminateProcess(made.hProcess, 3);
    printf("ended: %lu\n", ended(&made));
    say("given back", lock(one, NOW | ALONE, 0, 10));
    CloseHandle(held);
}

int main(int count, char **values)
{
    if (count > 2 && strcmp(values[1], "child") == 0)
        return child(values);
    GetModuleFileNameW(NULL, path, MAX_PATH);
    HANDLE one = file(0), other = file(0);
    among_handles(one, other);
    reading(one, other);
    waiting(one, other);
    among_processes(one);
    CloseHandle(one);
    CloseHandle(other);
    say("deleted", DeleteFileW(name));
    return 0;
}
