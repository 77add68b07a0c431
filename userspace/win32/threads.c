/* Threads of C: everything that they wait for and share, with the same result each time. */
#include <stdio.h>
#include <windows.h>

enum { THREADS = 4, ROUNDS = 500, ITEMS = 200 };

static void say_wait(const char *what, HANDLE object, DWORD milliseconds)
{
    printf("%s: %lx\n", what, WaitForSingleObject(object, milliseconds));
}

static void wait_all(HANDLE *threads, DWORD count)
{
    WaitForMultipleObjects(count, threads, TRUE, INFINITE);
    for (DWORD index = 0; index < count; index++)
        CloseHandle(threads[index]);
}

static void start_all(HANDLE *threads, DWORD count, LPTHREAD_START_ROUTINE routine)
{
    for (DWORD index = 0; index < count; index++)
        threads[index] = CreateThread(NULL, 0, routine, (void *)(UINT_PTR)index, 0, NULL);
}

static DWORD WINAPI ends(void *how)
{
    switch ((UINT_PTR)how) {
    case 0:
        return 7;
    case 1:
        ExitThread(8);
    default:
        Sleep(INFINITE);
        return 9;
    }
}

static void exit_codes(void)
{
    HANDLE threads[4];
    DWORD code, id;
    start_all(threads, 3, ends);
    threads[3] = CreateThread(NULL, 0x10000, ends, NULL, CREATE_SUSPENDED, &id);
    printf("has an id: %d, the same: %d\n", id != 0, GetThreadId(threads[3]) == id);
    GetExitCodeThread(threads[3], &code);
    printf("suspended: %lu, waits %lu\n", code, WaitForSingleObject(threads[3], 0));
    DWORD first = SuspendThread(threads[3]), second = ResumeThread(threads[3]);
    printf("suspended before: %lu, then %lu\n", first, second);
    ResumeThread(threads[3]);
    TerminateThread(threads[2], 10);
    WaitForMultipleObjects(4, threads, TRUE, INFINITE);
    for (int index = 0; index < 4; index++) {
        GetExitCodeThread(threads[index], &code);
        printf("exit code %lu\n", code);
        CloseHandle(threads[index]);
    }
}

static CRITICAL_SECTION section;
static SRWLOCK lock = SRWLOCK_INIT;
static LONG guarded, shared, counted;
static LONGLONG total;

static DWORD WINAPI adds(void *unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        EnterCriticalSection(&section);
        EnterCriticalSection(&section);
        LONG seen = guarded;
        if (round % 100 == 0)
            SwitchToThread();
        guarded = seen + 1;
        LeaveCriticalSection(&section);
        LeaveCriticalSection(&section);
        AcquireSRWLockExclusive(&lock);
        shared++;
        ReleaseSRWLockExclusive(&lock);
        AcquireSRWLockShared(&lock);
        if (shared < round)
            printf("a shared lock that shows too little\n");
        ReleaseSRWLockShared(&lock);
        InterlockedIncrement(&counted);
        InterlockedAdd64(&total, round);
    }
    return 0;
}

static DWORD WINAPI tries(void *unused)
{
    (void)unused;
    DWORD got = TryEnterCriticalSection(&section) ? 1 : 0;
    got |= TryAcquireSRWLockExclusive(&lock) ? 2 : 0;
    return got;
}

static void locks(void)
{
    HANDLE threads[THREADS];
    DWORD code;
    InitializeCriticalSectionAndSpinCount(&section, 100);
    start_all(threads, THREADS, adds);
    wait_all(threads, THREADS);
    printf("guarded %ld, shared %ld, counted %ld, total %lld\n", guarded, shared, counted, total);
    EnterCriticalSection(&section);
    AcquireSRWLockShared(&lock);
    start_all(threads, 1, tries);
    WaitForSingleObject(threads[0], INFINITE);
    GetExitCodeThread(threads[0], &code);
    printf("others get what is held: %lu\n", code);
    CloseHandle(threads[0]);
    ReleaseSRWLockShared(&lock);
    LeaveCriticalSection(&section);
    DeleteCriticalSection(&section);
}

static CONDITION_VARIABLE filled = CONDITION_VARIABLE_INIT, emptied = CONDITION_VARIABLE_INIT;
static int queue[8], waiting, sum;

static DWORD WINAPI produces(void *first)
{
    for (int item = 0; item < ITEMS; item++) {
        AcquireSRWLockExclusive(&lock);
        while (waiting == 8)
            SleepConditionVariableSRW(&emptied, &lock, INFINITE, 0);
        queue[waiting++] = (int)(UINT_PTR)first * ITEMS + item;
        ReleaseSRWLockExclusive(&lock);
        WakeConditionVariable(&filled);
    }
    return 0;
}

static DWORD WINAPI consumes(void *unused)
{
    (void)unused;
    for (int item = 0; item < ITEMS; item++) {
        AcquireSRWLockExclusive(&lock);
        while (waiting == 0)
            SleepConditionVariableSRW(&filled, &lock, INFINITE, 0);
        sum += queue[--waiting];
        ReleaseSRWLockExclusive(&lock);
        WakeAllConditionVariable(&emptied);
    }
    return 0;
}

static void conditions(void)
{
    HANDLE producers[2], consumers[2];
    start_all(consumers, 2, consumes);
    start_all(producers, 2, produces);
    wait_all(producers, 2);
    wait_all(consumers, 2);
    printf("all that was put in: %d, left %d\n", sum, waiting);
    AcquireSRWLockExclusive(&lock);
    BOOL done = SleepConditionVariableSRW(&filled, &lock, 10, 0);
    printf("nobody wakes: %d, error %lu\n", done, GetLastError());
    ReleaseSRWLockExclusive(&lock);
}

static HANDLE turns[2];
static char order[32];
static int written;

static DWORD WINAPI takes_turns(void *which)
{
    int own = (int)(UINT_PTR)which;
    for (int round = 0; round < 6; round++) {
        WaitForSingleObject(turns[own], INFINITE);
        order[written++] = (char)('a' + own);
        SetEvent(turns[1 - own]);
    }
    return 0;
}

static void events(void)
{
    HANDLE threads[2], manual = CreateEventW(NULL, TRUE, FALSE, NULL);
    say_wait("not set", manual, 0);
    say_wait("for a while", manual, 5);
    SetEvent(manual);
    say_wait("set", manual, 0);
    say_wait("still", manual, INFINITE);
    ResetEvent(manual);
    say_wait("reset", manual, 0);
    turns[0] = CreateEventW(NULL, FALSE, TRUE, NULL);
    turns[1] = CreateEventW(NULL, FALSE, FALSE, NULL);
    start_all(threads, 2, takes_turns);
    wait_all(threads, 2);
    printf("turns: %s\n", order);
    say_wait("set once more", turns[0], 0);
    say_wait("that resets it", turns[0], 0);
    SetEvent(turns[1]);
    HANDLE both[] = {manual, turns[1]};
    printf("any: %lu\n", WaitForMultipleObjects(2, both, FALSE, INFINITE));
    printf("all: %lu\n", WaitForMultipleObjects(2, both, TRUE, 0));
    say_wait("no handle", (HANDLE)0x7770, 0);
    printf("error %lu\n", GetLastError());
}

static HANDLE gate;
static LONG inside, most;

static DWORD WINAPI passes(void *unused)
{
    (void)unused;
    for (int round = 0; round < 20; round++) {
        WaitForSingleObject(gate, INFINITE);
        LONG now = InterlockedIncrement(&inside), seen;
        while ((seen = most) < now)
            InterlockedCompareExchange(&most, now, seen);
        SwitchToThread();
        InterlockedDecrement(&inside);
        ReleaseSemaphore(gate, 1, NULL);
    }
    return 0;
}

static DWORD WINAPI abandons(void *mutex)
{
    return WaitForSingleObject(mutex, INFINITE);
}

static void semaphores(void)
{
    HANDLE threads[THREADS];
    LONG before;
    gate = CreateSemaphoreW(NULL, 2, 3, NULL);
    start_all(threads, THREADS, passes);
    wait_all(threads, THREADS);
    printf("at most two inside: %d\n", most >= 1 && most <= 2);
    ReleaseSemaphore(gate, 1, &before);
    BOOL done = ReleaseSemaphore(gate, 1, NULL);
    printf("before: %ld, too many: %d, error %lu\n", before, done, GetLastError());
    HANDLE mutex = CreateMutexW(NULL, TRUE, L"threads-mutex");
    HANDLE again = CreateMutexW(NULL, FALSE, L"threads-mutex");
    printf("the same name: error %lu\n", GetLastError());
    say_wait("once more", again, 0);
    for (int round = 0; round < 3; round++) {
        done = ReleaseMutex(round % 2 ? again : mutex);
        printf("released: %d\n", done);
    }
    printf("error %lu\n", GetLastError());
    threads[0] = CreateThread(NULL, 0, abandons, mutex, 0, NULL);
    wait_all(threads, 1);
    say_wait("abandoned", again, INFINITE);
}

static DWORD slot, local_slot;
static LONG freed;
static __thread int own;

static void WINAPI forget(void *value)
{
    InterlockedExchangeAdd(&freed, (LONG)(UINT_PTR)value);
}

static DWORD WINAPI keeps(void *value)
{
    DWORD before = TlsGetValue(slot) != NULL || FlsGetValue(local_slot) != NULL || own != 0;
    TlsSetValue(slot, value);
    FlsSetValue(local_slot, (char *)value + 1);
    own = (int)(UINT_PTR)value;
    SwitchToThread();
    return before || TlsGetValue(slot) != value || own != (int)(UINT_PTR)value;
}

static void slots(void)
{
    HANDLE threads[THREADS];
    DWORD code, wrong = 0;
    slot = TlsAlloc();
    local_slot = FlsAlloc(forget);
    own = 77;
    start_all(threads, THREADS, keeps);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    for (int index = 0; index < THREADS; index++) {
        GetExitCodeThread(threads[index], &code);
        wrong += code;
        CloseHandle(threads[index]);
    }
    printf("wrong slots: %lu, own %d, values given back: %ld\n", wrong, own, freed);
    BOOL done = TlsFree(slot);
    printf("freed: %d\n", done);
}

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static LONG initialised;

static BOOL CALLBACK initialise(INIT_ONCE *unused, void *parameter, void **context)
{
    (void)unused;
    (void)parameter;
    SwitchToThread();
    InterlockedIncrement(&initialised);
    *context = &once;
    return TRUE;
}

static DWORD WINAPI asks(void *unused)
{
    (void)unused;
    void *context = NULL;
    return !InitOnceExecuteOnce(&once, initialise, NULL, &context) || context != &once;
}

static void CALLBACK called(ULONG_PTR value)
{
    printf("called with %d\n", (int)value);
}

static void once_and_calls(void)
{
    HANDLE threads[THREADS];
    start_all(threads, THREADS, asks);
    wait_all(threads, THREADS);
    printf("initialised %ld\n", initialised);
    QueueUserAPC(called, GetCurrentThread(), 1);
    QueueUserAPC(called, GetCurrentThread(), 2);
    DWORD state = SleepEx(1, FALSE);
    printf("not alertable: %lx\n", state);
    state = SleepEx(1000, TRUE);
    printf("alertable: %lx\n", state);
}

int main(void)
{
    exit_codes();
    locks();
    conditions();
    events();
    semaphores();
    slots();
    once_and_calls();
    return 0;
}
