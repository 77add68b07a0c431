/* Overlapped input and output of files and pipes: events, APCs, cancelling, and pools of threads. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

enum { PIECE = 4096, PIECES = 16 };

static const wchar_t *const pipe_name = L"\\\\.\\pipe\\overlapped";
static char large[PIECE * PIECES], back[PIECE * PIECES];

static void say(const char *what, BOOL done)
{
    DWORD error = GetLastError();
    printf("%s: %d, error %lu\n", what, done, done ? 0 : error);
}

static void say_result(const char *what, HANDLE handle, OVERLAPPED *overlapped, BOOL waits)
{
    DWORD bytes = 0xdddd;
    SetLastError(0);
    BOOL done = GetOverlappedResult(handle, overlapped, &bytes, waits);
    printf("%s: %d, %lu bytes, error %lu\n", what, done, done ? bytes : 0, done ? 0 : GetLastError());
}

static OVERLAPPED at(DWORD offset)
{
    OVERLAPPED overlapped = {.Offset = offset, .hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    return overlapped;
}

/* Pending or done at once are both right for a file. */
static BOOL begun(BOOL done)
{
    return done || GetLastError() == ERROR_IO_PENDING;
}

static void files(void)
{
    HANDLE file = CreateFileW(L"overlapped.tmp", GENERIC_READ | GENERIC_WRITE, 0, NULL,
                              CREATE_ALWAYS, FILE_FLAG_OVERLAPPED, NULL);
    OVERLAPPED several[PIECES];
    DWORD bytes, total = 0;
    for (int each = 0; each < PIECE * PIECES; each++)
        large[each] = (char)(each / 3);
    for (int each = PIECES - 1; each >= 0; each--) {
        several[each] = at(each * PIECE);
        if (!begun(WriteFile(file, large + each * PIECE, PIECE, NULL, &several[each])))
            printf("not written: %lu\n", GetLastError());
    }
    for (int each = 0; each < PIECES; each++)
        if (GetOverlappedResult(file, &several[each], &bytes, TRUE))
            total += bytes;
    printf("written: %lu, size %lu\n", total, GetFileSize(file, NULL));
    for (int each = 0; each < PIECES; each++)
        ReadFile(file, back + each * PIECE, PIECE, NULL, &several[each]);
    for (int each = 0; each < PIECES; each++)
        GetOverlappedResult(file, &several[each], &bytes, TRUE);
    printf("read back: %d\n", memcmp(large, back, sizeof large) == 0);
    printf("status %lx, bytes %lu\n", (DWORD)several[3].Internal, (DWORD)several[3].InternalHigh);
    several[0].Offset = sizeof large - 10;
    ReadFile(file, back, PIECE, NULL, &several[0]);
    say_result("the last bytes", file, &several[0], TRUE);
    several[0].Offset = sizeof large;
    if (begun(ReadFile(file, back, PIECE, NULL, &several[0])))
        say_result("at the end", file, &several[0], TRUE);
    else
        printf("at the end: 0, 0 bytes, error %lu\n", GetLastError());
    say("without a place", ReadFile(file, back, PIECE, &bytes, NULL));
    for (int each = 0; each < PIECES; each++)
        CloseHandle(several[each].hEvent);
    CloseHandle(file);
    DeleteFileW(L"overlapped.tmp");
}

static HANDLE server(DWORD mode)
{
    return CreateNamedPipeW(pipe_name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, mode, 4, 4096,
                            4096, 0, NULL);
}

static HANDLE client(DWORD flags)
{
    return CreateFileW(pipe_name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, flags,
                       NULL);
}

static void pipes(void)
{
    HANDLE ours = server(PIPE_TYPE_BYTE);
    OVERLAPPED overlapped = at(0), other = at(0);
    DWORD bytes;
    char text[16];
    say("connect", ConnectNamedPipe(ours, &overlapped));
    say_result("not yet", ours, &overlapped, FALSE);
    printf("the event: %lx\n", WaitForSingleObject(overlapped.hEvent, 0));
    HANDLE theirs = client(0);
    say_result("connected", ours, &overlapped, FALSE);
    say("connect again", ConnectNamedPipe(ours, &other));
    say("read", ReadFile(ours, text, sizeof text, NULL, &overlapped));
    printf("the event: %lx\n", WaitForSingleObject(overlapped.hEvent, 0));
    printf("completed: %d\n", HasOverlappedIoCompleted(&overlapped));
    WriteFile(theirs, "hello", 5, &bytes, NULL);
    say_result("read", ours, &overlapped, TRUE);
    WriteFile(theirs, "more of it", 10, &bytes, NULL);
    say("at once", ReadFile(ours, text, 4, &bytes, &overlapped));
    printf("the event: %lx\n", WaitForSingleObject(overlapped.hEvent, 0));
    ReadFile(ours, text, sizeof text, NULL, &other);
    say_result("the rest", ours, &other, TRUE);
    ReadFile(ours, text, 5, NULL, &overlapped);
    ReadFile(ours, text + 5, 5, NULL, &other);
    WriteFile(theirs, "1234567", 7, &bytes, NULL);
    say_result("the first", ours, &overlapped, TRUE);
    say_result("the second", ours, &other, TRUE);
    printf("in order: %.7s\n", text);
    SetLastError(0);
    ReadFile(ours, text, 5, NULL, &overlapped);
    CloseHandle(theirs);
    say_result("broken", ours, &overlapped, TRUE);
    say("after it", ReadFile(ours, text, 5, NULL, &overlapped));
    say("disconnect", DisconnectNamedPipe(ours));
    say("connect", ConnectNamedPipe(ours, &overlapped));
    say("with a time", GetOverlappedResultEx(ours, &overlapped, &bytes, 10, FALSE));
    say("with none", GetOverlappedResultEx(ours, &overlapped, &bytes, 0, FALSE));
    CloseHandle(ours);
    printf("closed: %lx\n", WaitForSingleObject(overlapped.hEvent, 1000));
    CloseHandle(overlapped.hEvent);
    CloseHandle(other.hEvent);
}

static DWORD WINAPI cancels(void *of)
{
    return CancelIo(of);
}

static void cancelling(void)
{
    HANDLE ours = server(PIPE_TYPE_BYTE), theirs = client(FILE_FLAG_OVERLAPPED);
    OVERLAPPED first = at(0), second = at(0);
    char text[16];
    DWORD code;
    say("nothing to cancel", CancelIoEx(ours, NULL));
    say("none of these", CancelIoEx(ours, &first));
    say("of this thread", CancelIo(ours));
    ReadFile(ours, text, 4, NULL, &first);
    ReadFile(ours, text, 4, NULL, &second);
    say("the second", CancelIoEx(ours, &second));
    say_result("it", ours, &second, TRUE);
    printf("status %lx\n", (DWORD)second.Internal);
    say_result("the first", ours, &first, FALSE);
    HANDLE thread = CreateThread(NULL, 0, cancels, ours, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    printf("of another thread: %lu\n", code);
    say_result("the first", ours, &first, FALSE);
    say("of this thread", CancelIo(ours));
    say_result("the first", ours, &first, TRUE);
    ReadFile(theirs, text, 4, NULL, &first);
    ReadFile(ours, text, 4, NULL, &second);
    say("by the other end", CancelIoEx(theirs, NULL));
    say_result("theirs", theirs, &first, TRUE);
    say_result("ours", ours, &second, FALSE);
    CancelIo(ours);
    GetOverlappedResult(ours, &second, &code, TRUE);
    CloseHandle(ours);
    CloseHandle(theirs);
    CloseHandle(first.hEvent);
    CloseHandle(second.hEvent);
}

static int called;

static void WINAPI completed(DWORD error, DWORD bytes, OVERLAPPED *overlapped)
{
    printf("completed %lu: error %lu, %lu bytes\n", (DWORD)(UINT_PTR)overlapped->hEvent, error,
           bytes);
    called++;
}

static void by_apcs(void)
{
    HANDLE ours = server(PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE), theirs = client(0);
    OVERLAPPED first = {.hEvent = (HANDLE)1}, second = {.hEvent = (HANDLE)2};
    char text[16];
    DWORD bytes;
    say("read", ReadFileEx(ours, text, 4, &first, completed));
    printf("not alertable: %lx\n", WaitForSingleObject(ours, 0));
    printf("nothing yet: %lx\n", SleepEx(0, TRUE));
    WriteFile(theirs, "12", 2, &bytes, NULL);
    Sleep(1);
    printf("called: %d\n", called);
    DWORD why = SleepEx(INFINITE, TRUE);
    printf("alertable: %lx, called %d\n", why, called);
    say("read two", ReadFileEx(ours, text, 16, &first, completed));
    say("write", WriteFileEx(ours, "back", 4, &second, completed));
    printf("written: %lx\n", SleepEx(INFINITE, TRUE));
    ReadFile(theirs, text, 16, &bytes, NULL);
    printf("there: %.*s\n", (int)bytes, text);
    CancelIo(ours);
    printf("cancelled: %lx\n", SleepEx(INFINITE, TRUE));
    printf("end: %lx, called %d\n", SleepEx(0, TRUE), called);
    CloseHandle(ours);
    CloseHandle(theirs);
}

static LONG worked, timed;
static HANDLE waited, read_event;

static void CALLBACK works(TP_CALLBACK_INSTANCE *instance, void *context, TP_WORK *work)
{
    (void)instance, (void)work;
    InterlockedAdd(&worked, (LONG)(INT_PTR)context);
}

static void CALLBACK ticks(TP_CALLBACK_INSTANCE *instance, void *context, TP_TIMER *timer)
{
    (void)timer;
    if (InterlockedIncrement(&timed) == 3)
        SetEventWhenCallbackReturns(instance, context);
}

static void CALLBACK waits(TP_CALLBACK_INSTANCE *instance, void *context, TP_WAIT *wait,
                           TP_WAIT_RESULT result)
{
    (void)wait;
    *(DWORD *)context = result;
    SetEventWhenCallbackReturns(instance, waited);
}

static void CALLBACK reads(TP_CALLBACK_INSTANCE *instance, void *context, void *overlapped,
                           ULONG result, ULONG_PTR bytes, TP_IO *io)
{
    (void)io;
    printf("pool's read: %d, error %lu, %llu bytes\n", context == overlapped, result,
           (unsigned long long)bytes);
    SetEventWhenCallbackReturns(instance, read_event);
}

static void CALLBACK registered(void *context, BOOLEAN is_timeout)
{
    *(int *)context = is_timeout ? 2 : 1;
    SetEvent(waited);
}

static void pool(void)
{
    TP_WORK *work = CreateThreadpoolWork(works, (void *)3, NULL);
    for (int each = 0; each < 50; each++)
        SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CloseThreadpoolWork(work);
    printf("worked: %ld\n", worked);
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    waited = CreateEventW(NULL, FALSE, FALSE, NULL);
    TP_TIMER *timer = CreateThreadpoolTimer(ticks, event, NULL);
    FILETIME now = {0, 0};
    SetThreadpoolTimer(timer, &now, 2, 0);
    DWORD got = WaitForSingleObject(event, 5000);
    printf("three times: %lx, set %d\n", got, IsThreadpoolTimerSet(timer));
    SetThreadpoolTimer(timer, NULL, 0, 0);
    WaitForThreadpoolTimerCallbacks(timer, TRUE);
    CloseThreadpoolTimer(timer);
    DWORD result = 99;
    TP_WAIT *wait = CreateThreadpoolWait(waits, &result, NULL);
    SetThreadpoolWait(wait, event, NULL);
    SetEvent(event);
    got = WaitForSingleObject(waited, 5000);
    printf("waited: %lx, result %lx\n", got, result);
    LARGE_INTEGER soon = {.QuadPart = -10000};
    FILETIME time = {soon.LowPart, (DWORD)soon.HighPart};
    SetThreadpoolWait(wait, event, &time);
    got = WaitForSingleObject(waited, 5000);
    printf("too long: %lx, result %lx\n", got, result);
    CloseThreadpoolWait(wait);
    HANDLE registration;
    int how = 0;
    RegisterWaitForSingleObject(&registration, event, registered, &how, INFINITE, WT_EXECUTEONLYONCE);
    SetEvent(event);
    got = WaitForSingleObject(waited, 5000);
    printf("registered: %lx, %d\n", got, how);
    say("unregistered", UnregisterWaitEx(registration, INVALID_HANDLE_VALUE));
    RegisterWaitForSingleObject(&registration, event, registered, &how, 1, WT_EXECUTEONLYONCE);
    got = WaitForSingleObject(waited, 5000);
    printf("registered: %lx, %d\n", got, how);
    say("unregistered", UnregisterWaitEx(registration, INVALID_HANDLE_VALUE));
    HANDLE ours = server(PIPE_TYPE_BYTE), theirs = client(0);
    OVERLAPPED overlapped = {0};
    char text[16];
    read_event = event;
    TP_IO *io = CreateThreadpoolIo(ours, reads, &overlapped, NULL);
    StartThreadpoolIo(io);
    say("pool", ReadFile(ours, text, 16, NULL, &overlapped));
    WriteFile(theirs, "pooled", 6, &result, NULL);
    printf("read: %lx\n", WaitForSingleObject(event, 5000));
    WaitForThreadpoolIoCallbacks(io, FALSE);
    CloseThreadpoolIo(io);
    CloseHandle(ours);
    CloseHandle(theirs);
}

int main(void)
{
    files();
    pipes();
    cancelling();
    by_apcs();
    pool();
    return 0;
}
