/* Does one thing, by its first argument: for the tests of `petrel run`. */
#include <fcntl.h>
#include <io.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

enum { CHUNK_BYTES = 5000 };

/* All of standard input, and how it ended, to standard output. */
static int echo(void)
{
    static char buffer[CHUNK_BYTES];
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE), output = GetStdHandle(STD_OUTPUT_HANDLE);
    DWORD length, written;
    while (ReadFile(input, buffer, sizeof buffer, &length, NULL) && length != 0)
        if (!WriteFile(output, buffer, length, &written, NULL) || written != length)
            return 2;
    fprintf(stderr, "end %lu\n", GetLastError());
    return 0;
}

/* So many bytes, the same ones each time, by the C library. */
static int flood(const char *count)
{
    uint32_t state = 1;
    _setmode(1, _O_BINARY);
    for (long left = atol(count); left > 0; left--) {
        state = state * 1664525 + 1013904223;
        putchar((int)(state >> 24));
    }
    return 0;
}

/* Each argument between brackets, then the whole line. */
static int arguments(int count, char **values)
{
    for (int index = 2; index < count; index++)
        printf("[%s]\n", values[index]);
    printf("%ls\n", GetCommandLineW());
    return 0;
}

/* What the standard handles are. */
static int handles(void)
{
    static const DWORD names[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    for (int index = 0; index < 3; index++)
        printf("%lu\n", GetFileType(GetStdHandle(names[index])));
    return 0;
}

/* Called by a DLL, to write where nothing is. */
static int __attribute__((noinline)) compare(const void *left, const void *right)
{
    *(volatile int *)8 = *(const int *)left - *(const int *)right;
    return 0;
}

static int __attribute__((noinline)) crash(void)
{
    int values[] = {2, 1};
    qsort(values, 2, sizeof *values, compare);
    return values[0];
}

/* What the standard streams are as ends of pipes, before and after a read. */
static int pipes(void)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    char seen[4] = "", read[3] = "";
    DWORD there, length, state, flags, mode = PIPE_READMODE_BYTE | PIPE_NOWAIT;
    while (PeekNamedPipe(input, seen, 3, &length, &there, NULL) && there < 5)
        Sleep(1);
    printf("seen %s of %lu\n", seen, there);
    ReadFile(input, read, 2, &length, NULL);
    PeekNamedPipe(input, NULL, 0, NULL, &there, NULL);
    printf("read %s, %lu left\n", read, there);
    if (!SetNamedPipeHandleState(input, &mode, NULL, NULL)
        || !GetNamedPipeHandleState(input, &state, NULL, NULL, NULL, NULL, 0)
        || !GetNamedPipeInfo(GetStdHandle(STD_OUTPUT_HANDLE), &flags, NULL, NULL, NULL))
        return 2;
    printf("state %lu, end %lu\n", state, flags);
    while (ReadFile(input, seen, 3, &length, NULL) || GetLastError() == ERROR_NO_DATA)
        ;
    printf("error %lu", GetLastError());
    PeekNamedPipe(input, NULL, 0, NULL, &there, NULL);
    printf(" and %lu\n", GetLastError());
    return 0;
}

/* A system service by its name, then an exception with what it answered. */
static int service(const char *name)
{
    FARPROC found = GetProcAddress(GetModuleHandleA("ntdll.dll"), name);
    if (found == NULL)
        return 2;
    RaiseException((DWORD)found(), EXCEPTION_NONCONTINUABLE, 0, NULL);
    return 0;
}

static int file(const char *path)
{
    char line[100];
    FILE *opened = fopen(path, "r");
    if (opened == NULL || fgets(line, sizeof line, opened) == NULL)
        return 2;
    fputs(line, stdout);
    opened = fopen(path, "w");
    return opened == NULL || fputs("changed", opened) < 0 || fclose(opened) != 0;
}

static int directory(void)
{
    char path[MAX_PATH];
    GetCurrentDirectoryA(sizeof path, path);
    puts(path);
    return 0;
}

static DWORD WINAPI unlocks(void *file)
{
    Sleep(50);
    return UnlockFile(file, 0, 0, 10, 0);
}

/* Whether a lock that is waited for is over before it is there. */
static int lock(void)
{
    OVERLAPPED range = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    HANDLE files[2];
    DWORD bytes;
    for (int i = 0; i < 2; i++)
        files[i] = CreateFileA("C:\\windows\\temp\\lock", GENERIC_WRITE, FILE_SHARE_WRITE, NULL,
                               OPEN_ALWAYS, i ? FILE_FLAG_OVERLAPPED : 0, NULL);
    LockFile(files[0], 0, 0, 10, 0);
    CreateThread(NULL, 0, unlocks, files[0], 0, NULL);
    BOOL done = LockFileEx(files[1], LOCKFILE_EXCLUSIVE_LOCK, 0, 10, 0, &range);
    printf("%d %lu %d\n", done, GetLastError(), HasOverlappedIoCompleted(&range));
    done = GetOverlappedResult(files[1], &range, &bytes, TRUE);
    printf("%d %d\n", done, LockFile(files[0], 0, 0, 10, 0));
    return 0;
}

/* What becomes of the attributes of what is copied. */
static int copy(void)
{
    const char *from = "C:\\windows\\temp\\from", *to = "C:\\windows\\temp\\to";
    fclose(fopen(from, "w"));
    printf("%lx\n", GetFileAttributesA(from));
    SetFileAttributesA(from, FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_ARCHIVE);
    printf("%d", CopyFileA(from, to, TRUE));
    printf(" %lx\n", GetFileAttributesA(to));
    return 0;
}

/* How long the path of the current directory may be. */
static int deep(void)
{
    static const size_t lengths[] = {258, 259, 450};
    wchar_t path[500] = L"\\\\?\\C:\\";
    wmemset(path + 7, 'a', 200);
    if (!CreateDirectoryW(path, NULL))
        return 2;
    path[207] = '\\';
    for (int i = 0; i < 3; i++) {
        wmemset(path + 208, 'b', lengths[i] - 204);
        path[lengths[i] + 4] = 0;
        if (!CreateDirectoryW(path, NULL))
            return 3;
        BOOL done = SetCurrentDirectoryW(path + 4);
        DWORD error = done ? 0 : GetLastError();
        printf("%d %lu %lu\n", done, error, GetCurrentDirectoryW(0, NULL));
    }
    return 0;
}

static int times(void)
{
    FILETIME now;
    LARGE_INTEGER ticks;
    GetSystemTimeAsFileTime(&now);
    QueryPerformanceCounter(&ticks);
    printf("%lx%08lx %lld\n", now.dwHighDateTime, now.dwLowDateTime, ticks.QuadPart);
    return 0;
}

int main(int count, char **values)
{
    const char *what = count > 1 ? values[1] : "", *more = count > 2 ? values[2] : "";
    if (!strcmp(what, "exit"))
        ExitProcess(strtoul(more, NULL, 0));
    if (!strcmp(what, "echo"))
        return echo();
    if (!strcmp(what, "flood"))
        return flood(more);
    if (!strcmp(what, "arguments"))
        return arguments(count, values);
    if (!strcmp(what, "handles"))
        return handles();
    if (!strcmp(what, "service"))
        return service(more);
    if (!strcmp(what, "pipes"))
        return pipes();
    if (!strcmp(what, "file"))
        return file(more);
    if (!strcmp(what, "directory"))
        return directory();
    if (!strcmp(what, "lock"))
        return lock();
    if (!strcmp(what, "copy"))
        return copy();
    if (!strcmp(what, "deep"))
        return deep();
    if (!strcmp(what, "times"))
        return times();
    if (!strcmp(what, "variable")) {
        const char *value = getenv(more);
        return puts(value ? value : "(none)") < 0;
    }
    if (!strcmp(what, "both")) {
        fprintf(stderr, "to err\n");
        printf("to out\n");
        return 0;
    }
    if (!strcmp(what, "forever"))
        for (printf("begun\n"), fflush(stdout);;)
            Sleep(10);
    if (!strcmp(what, "crash"))
        return crash();
    if (!strcmp(what, "abort"))
        abort();
    puts("hello, world");
    return 0;
}
