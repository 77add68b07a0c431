/* Completion ports: packets that are posted, of files and of pipes, and threads that share a port.
   Not compared, as Wine is not like Windows: room for no packet (Windows: error 87), and which
   error ends a wait for a port that is closed (735). */
#include <stdio.h>
#include <string.h>
#include <windows.h>

enum { THREADS = 4, PACKETS = 200, PIECE = 1024, PIECES = 8 };

static const wchar_t *const pipe_name = L"\\\\.\\pipe\\ports";

static void say(const char *what, BOOL done)
{
    DWORD error = GetLastError();
    printf("%s: %d, error %lu\n", what, done, done ? 0 : error);
}

/* The next packet of a port; `known` is the first of the OVERLAPPEDs that it may be of. */
static void next(const char *what, HANDLE port, OVERLAPPED *known, DWORD milliseconds)
{
    DWORD bytes = 0xdddd;
    ULONG_PTR key = 0xdddd;
    OVERLAPPED *overlapped = NULL;
    SetLastError(0);
    BOOL done = GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, milliseconds);
    DWORD error = done ? 0 : GetLastError();
    if (overlapped == NULL && !done)
        printf("%s: no packet, error %lu\n", what, error);
    else
        printf("%s: %d, error %lu, %lu bytes, key %llu, of %lld\n", what, done, error, bytes,
               (unsigned long long)key, overlapped ? (long long)(overlapped - known) : -1LL);
}

static void posting(void)
{
    OVERLAPPED known[4];
    OVERLAPPED_ENTRY entries[8];
    ULONG count = 0;
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    next("nothing", port, known, 0);
    next("nothing soon", port, known, 10);
    PostQueuedCompletionStatus(port, 1, 2, &known[3]);
    PostQueuedCompletionStatus(port, 0, 0, NULL);
    PostQueuedCompletionStatus(port, 0xffffffff, (ULONG_PTR)-1, &known[1]);
    next("first", port, known, INFINITE);
    next("second", port, known, INFINITE);
    next("third", port, known, INFINITE);
    for (DWORD each = 0; each < 5; each++)
        PostQueuedCompletionStatus(port, each, each * 10, &known[each % 4]);
    say("three", GetQueuedCompletionStatusEx(port, entries, 3, &count, 0, FALSE));
    for (ULONG each = 0; each < count; each++)
        printf("  %lu bytes, key %llu, of %lld\n", entries[each].dwNumberOfBytesTransferred,
               (unsigned long long)entries[each].lpCompletionKey,
               (long long)(entries[each].lpOverlapped - known));
    say("the rest", GetQueuedCompletionStatusEx(port, entries, 8, &count, INFINITE, FALSE));
    printf("%lu of them\n", count);
    say("none", GetQueuedCompletionStatusEx(port, entries, 8, &count, 5, FALSE));
    say("a post to no port", PostQueuedCompletionStatus(GetCurrentProcess(), 0, 0, NULL));
    CloseHandle(port);
}

static HANDLE shared;
static LONG seen[PACKETS], total, stopped;

static DWORD WINAPI takes(void *unused)
{
    DWORD bytes;
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    (void)unused;
    while (GetQueuedCompletionStatus(shared, &bytes, &key, &overlapped, INFINITE) && key != PACKETS) {
        InterlockedIncrement(&seen[key]);
        InterlockedAdd(&total, (LONG)bytes);
        if (bytes % 50 == 0)
            Sleep(1);
    }
    return (DWORD)InterlockedIncrement(&stopped);
}

static void sharing(void)
{
    HANDLE threads[THREADS];
    int once = 0;
    shared = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 2);
    for (int each = 0; each < THREADS; each++)
        threads[each] = CreateThread(NULL, 0, takes, NULL, 0, NULL);
    for (DWORD each = 0; each < PACKETS; each++)
        PostQueuedCompletionStatus(shared, each, each, NULL);
    for (int each = 0; each < THREADS; each++)
        PostQueuedCompletionStatus(shared, 0, PACKETS, NULL);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    for (int each = 0; each < PACKETS; each++)
        once += seen[each] == 1;
    printf("seen once: %d, total %ld, stopped %ld\n", once, total, stopped);
    for (int each = 0; each < THREADS; each++)
        CloseHandle(threads[each]);
    CloseHandle(shared);
}

static DWORD WINAPI waits(void *port)
{
    DWORD bytes;
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    BOOL done = GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE);
    return done ? 0 : GetLastError();
}

static void closing(void)
{
    DWORD code;
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    HANDLE thread = CreateThread(NULL, 0, waits, port, 0, NULL);
    while (WaitForSingleObject(thread, 5) != WAIT_TIMEOUT)
        ;
    CloseHandle(port);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    printf("closed meanwhile: %d\n", code != 0);
    CloseHandle(thread);
}

static void files(void)
{
    static char data[PIECE * PIECES], back[PIECE * PIECES];
    OVERLAPPED several[PIECES] = {0};
    DWORD bytes, sum = 0;
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    memset(data, 'p', sizeof data);
    HANDLE file = CreateFileW(L"ports.tmp", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_FLAG_OVERLAPPED, NULL);
    HANDLE port = CreateIoCompletionPort(file, NULL, 7, 0);
    say("once more", CreateIoCompletionPort(file, port, 8, 0) != NULL);
    for (int each = 0; each < PIECES; each++) {
        several[each].Offset = each * PIECE;
        WriteFile(file, data + each * PIECE, PIECE, NULL, &several[each]);
    }
    int order = 0;
    for (int each = 0; each < PIECES; each++) {
        BOOL done = GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 5000);
        sum += done && key == 7 ? bytes : 0;
        order |= 1 << (overlapped - several);
    }
    printf("written: %lu, packets of %x\n", sum, order);
    for (int each = 0; each < PIECES; each++) {
        ReadFile(file, back + each * PIECE, PIECE, NULL, &several[each]);
        GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 5000);
    }
    printf("read back: %d\n", memcmp(data, back, sizeof data) == 0);
    several[0].Offset = sizeof data - 3;
    ReadFile(file, back, PIECE, NULL, &several[0]);
    next("the last bytes", port, several, 5000);
    several[0].hEvent = (HANDLE)((UINT_PTR)CreateEventW(NULL, TRUE, FALSE, NULL) | 1);
    several[0].Offset = 0;
    if (!ReadFile(file, back, PIECE, NULL, &several[0]) && GetLastError() == ERROR_IO_PENDING)
        GetOverlappedResult(file, &several[0], &bytes, TRUE);
    next("without a packet", port, several, 10);
    CloseHandle(several[0].hEvent);
    CloseHandle(file);
    CloseHandle(port);
    DeleteFileW(L"ports.tmp");
}

static void pipes(void)
{
    OVERLAPPED known[3] = {0};
    char text[16];
    DWORD bytes;
    HANDLE ours = CreateNamedPipeW(pipe_name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                   PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 4096, 4096, 0, NULL);
    HANDLE port = CreateIoCompletionPort(ours, NULL, 42, 0);
    say("connect", ConnectNamedPipe(ours, &known[0]));
    next("nobody yet", port, known, 0);
    HANDLE theirs = CreateFileW(pipe_name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0,
                                NULL);
    next("connected", port, known, 5000);
    say("read", ReadFile(ours, text, 4, NULL, &known[1]));
    WriteFile(theirs, "ab", 2, &bytes, NULL);
    next("read", port, known, 5000);
    WriteFile(theirs, "abcdefg", 7, &bytes, NULL);
    say("too long a message", ReadFile(ours, text, 4, NULL, &known[2]));
    next("a part of it", port, known, 5000);
    say("its rest", ReadFile(ours, text, 4, NULL, &known[2]));
    next("its rest", port, known, 5000);
    say("write", WriteFile(ours, "xy", 2, NULL, &known[1]));
    next("written", port, known, 5000);
    say("skip", SetFileCompletionNotificationModes(
                    ours, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE));
    WriteFile(theirs, "ab", 2, &bytes, NULL);
    say("at once", ReadFile(ours, text, 4, NULL, &known[1]));
    next("skipped", port, known, 0);
    say("pending", ReadFile(ours, text, 4, NULL, &known[1]));
    WriteFile(theirs, "cd", 2, &bytes, NULL);
    next("not skipped", port, known, 5000);
    say("pending", ReadFile(ours, text, 4, NULL, &known[2]));
    CancelIoEx(ours, NULL);
    next("cancelled", port, known, 5000);
    say("pending", ReadFile(ours, text, 4, NULL, &known[0]));
    CloseHandle(theirs);
    next("broken", port, known, 5000);
    CloseHandle(ours);
    next("closed", port, known, 0);
    CloseHandle(port);
}

int main(void)
{
    posting();
    sharing();
    closing();
    files();
    pipes();
    return 0;
}
