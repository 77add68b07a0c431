/* Exceptions of the processor and of programs: handlers in order, faults that are mended. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

enum { PAGE = 4096, OWN_CODE = 0xE0001234 };

static jmp_buf back;
static volatile DWORD seen;
static volatile ULONG_PTR facts[2];
static char *page;

/* The place to go back to, without unwinding what is between. */
#define RETURNS() _setjmp(back, NULL)

static void returns(void)
{
    longjmp(back, 1);
}

/* Goes on elsewhere, with what was seen noted. */
static LONG CALLBACK leaves(EXCEPTION_POINTERS *what)
{
    EXCEPTION_RECORD *record = what->ExceptionRecord;
    seen = record->ExceptionCode;
    for (DWORD index = 0; index < 2; index++)
        facts[index] = index < record->NumberParameters ? record->ExceptionInformation[index] : 0;
    what->ContextRecord->Rip = (ULONG_PTR)returns;
    what->ContextRecord->Rsp = (what->ContextRecord->Rsp & ~(ULONG_PTR)15) - 40;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static volatile int zero;
static volatile int *nothing = (int *)0x18;

static void reads(void)
{
    zero += *nothing;
}

static void writes(void)
{
    *nothing = 1;
}

static void runs(void)
{
    ((void (*)(void))page)();
}

static void writes_read_only(void)
{
    page[100] = 1;
}

static void divides(void)
{
    zero = 7 / zero;
}

static void forbidden(void)
{
    __asm__ volatile("hlt");
}

static void undefined(void)
{
    __asm__ volatile("ud2");
}

static void breaks(void)
{
    DebugBreak();
}

static void raises(void)
{
    ULONG_PTR values[] = {5, 6};
    RaiseException(OWN_CODE, 0, 2, values);
}

static void kinds(void)
{
    static const struct {
        const char *name;
        void (*does)(void);
    } all[] = {{"read", reads}, {"write", writes}, {"run data", runs},
               {"write to read-only", writes_read_only}, {"divide by zero", divides},
               {"privileged", forbidden}, {"undefined", undefined}, {"breakpoint", breaks},
               {"raised", raises}};
    DWORD old;
    page = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    VirtualProtect(page, PAGE, PAGE_READONLY, &old);
    PVOID handler = AddVectoredExceptionHandler(1, leaves);
    for (size_t index = 0; index < sizeof all / sizeof all[0]; index++) {
        if (RETURNS() == 0)
            all[index].does();
        ULONG_PTR offset = facts[1] - (ULONG_PTR)page;
        if (offset < PAGE)
            printf("%s: %lx, how %llu, page + %llu\n", all[index].name, seen, facts[0], offset);
        else
            printf("%s: %lx, %llu %llx\n", all[index].name, seen, facts[0], facts[1]);
    }
    ULONG removed = RemoveVectoredExceptionHandler(handler);
    printf("removed: %d\n", removed != 0);
}

static int order;

static LONG CALLBACK first(EXCEPTION_POINTERS *what)
{
    printf("first handler: %lx, number %d\n", what->ExceptionRecord->ExceptionCode, ++order);
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK second(EXCEPTION_POINTERS *what)
{
    printf("second handler: number %d\n", ++order);
    return what->ExceptionRecord->ExceptionCode == OWN_CODE ? EXCEPTION_CONTINUE_EXECUTION
                                                             : EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK after(EXCEPTION_POINTERS *what)
{
    (void)what;
    printf("continue handler: number %d\n", ++order);
    return EXCEPTION_CONTINUE_SEARCH;
}

static void handlers(void)
{
    PVOID last = AddVectoredExceptionHandler(0, second);
    PVOID front = AddVectoredExceptionHandler(1, first);
    PVOID behind = AddVectoredContinueHandler(1, after);
    raises();
    printf("went on\n");
    RemoveVectoredContinueHandler(behind);
    RemoveVectoredExceptionHandler(front);
    RemoveVectoredExceptionHandler(last);
}

/* Makes a page there, so that what was to be done is done. */
static LONG CALLBACK mends(EXCEPTION_POINTERS *what)
{
    EXCEPTION_RECORD *record = what->ExceptionRecord;
    DWORD old;
    seen++;
    if (record->ExceptionCode == EXCEPTION_GUARD_PAGE)
        return EXCEPTION_CONTINUE_EXECUTION;
    if (record->ExceptionCode == EXCEPTION_INT_DIVIDE_BY_ZERO) {
        what->ContextRecord->Rcx = 7;
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    char *at = (char *)(record->ExceptionInformation[1] & ~(ULONG_PTR)(PAGE - 1));
    if (VirtualAlloc(at, PAGE, MEM_COMMIT, PAGE_READWRITE) == NULL)
        VirtualProtect(at, PAGE, PAGE_READWRITE, &old);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void mended(void)
{
    DWORD old;
    PVOID handler = AddVectoredExceptionHandler(1, mends);
    char *area = VirtualAlloc(NULL, 64 * PAGE, MEM_RESERVE, PAGE_NOACCESS);
    seen = 0;
    for (int index = 0; index < 64; index++)
        area[index * PAGE] = (char)index;
    int sum = 0;
    for (int index = 0; index < 64; index++)
        sum += area[index * PAGE];
    printf("pages made when touched: %lu, sum %d\n", seen, sum);
    seen = 0;
    VirtualProtect(area, 4 * PAGE, PAGE_READWRITE | PAGE_GUARD, &old);
    for (int round = 0; round < 3; round++)
        for (int index = 0; index < 4; index++)
            area[index * PAGE] = 1;
    printf("guards that were met: %lu\n", seen);
    int quotient;
    __asm__ volatile("movl $42, %%eax\n cltd\n xorl %%ecx, %%ecx\n idivl %%ecx"
                     : "=a"(quotient) :: "ecx", "edx");
    printf("another divisor: %d\n", quotient);
    VirtualFree(area, 0, MEM_RELEASE);
    RemoveVectoredExceptionHandler(handler);
}

static EXCEPTION_DISPOSITION framed(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                    void *unused)
{
    (void)frame;
    (void)context;
    (void)unused;
    if (record->ExceptionFlags & 6) {
        printf("the frame is unwound\n");
        return ExceptionContinueSearch;
    }
    printf("the frame's handler: %lx\n", record->ExceptionCode);
    return record->ExceptionCode == OWN_CODE ? ExceptionContinueExecution
                                              : ExceptionContinueSearch;
}

/* A function with a handler in its unwind information. */
__attribute__((noinline)) static void guarded(void (*does)(void))
{
    __asm__ volatile(".seh_handler %P0, @except, @unwind\n .seh_handlerdata\n .text" :: "i"(framed));
    does();
    __asm__ volatile("nop");
}

static LONG WINAPI unhandled(EXCEPTION_POINTERS *what)
{
    printf("nobody handled %lx\n", what->ExceptionRecord->ExceptionCode);
    return leaves(what);
}

static void jumps(void)
{
    longjmp(back, 2);
}

static void frames(void)
{
    guarded(raises);
    printf("went on again\n");
    volatile int local = 1;
    int jumped = setjmp(back);
    if (jumped == 0) {
        local = 2;
        guarded(jumps);
    }
    printf("jumped: %d, local %d\n", jumped, local);
    SetUnhandledExceptionFilter(unhandled);
    if (RETURNS() == 0)
        guarded(writes);
    SetUnhandledExceptionFilter(NULL);
}

__attribute__((noinline)) static int deepens(volatile char *before)
{
    volatile char here[2000];
    here[0] = before[0];
    if (here[0] == 0)
        return 0;
    return deepens(here) + here[0];
}

static LONG CALLBACK leaves_deep(EXCEPTION_POINTERS *what)
{
    if (what->ExceptionRecord->ExceptionCode == EXCEPTION_STACK_OVERFLOW)
        return leaves(what);
    return EXCEPTION_CONTINUE_SEARCH;
}

static DWORD WINAPI falls(void *unused)
{
    (void)unused;
    ULONG reserve = 16384;
    SetThreadStackGuarantee(&reserve);
    for (int round = 0; round < 3; round++) {
        if (RETURNS() == 0)
            return (DWORD)deepens("x");
        int is_guarded = _resetstkoflw();
        printf("overflow %d: %lx, guarded again: %d\n", round, seen, is_guarded);
    }
    return 5;
}

static void overflow(void)
{
    DWORD code;
    PVOID handler = AddVectoredExceptionHandler(1, leaves_deep);
    HANDLE thread = CreateThread(NULL, 0x40000, falls, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION,
                                 NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    printf("it goes on: %lu\n", code);
    CloseHandle(thread);
    RemoveVectoredExceptionHandler(handler);
}

static void on_signal(int number)
{
    printf("signal %d\n", number);
    if (number == SIGSEGV || number == SIGFPE || number == SIGILL)
        longjmp(back, number);
}

static void signals(void)
{
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    raise(SIGINT);
    raise(SIGTERM);
    printf("default again: %d\n", signal(SIGINT, SIG_IGN) == SIG_DFL);
    raise(SIGINT);
    static const int numbers[] = {SIGSEGV, SIGFPE, SIGILL};
    static void (*const does[])(void) = {writes, divides, undefined};
    for (int index = 0; index < 3; index++) {
        signal(numbers[index], on_signal);
        zero = 0;
        int jumped = setjmp(back);
        if (jumped == 0)
            does[index]();
        printf("back from %d\n", jumped);
    }
}

int main(void)
{
    kinds();
    handlers();
    mended();
    frames();
    overflow();
    signals();
    return 0;
}
