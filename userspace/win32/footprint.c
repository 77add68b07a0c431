// Prints a line as hello.c does, then how much memory the process has for itself: all of
// it, and what of its stack was touched, in bytes.

#include <stdint.h>
#include <stdio.h>
#include <windows.h>
#include <psapi.h>
#include <winternl.h>

enum { PAGE_BYTES = 4096 };
static const PROCESSINFOCLASS PROCESS_VM_COUNTERS = 3;

/* VM_COUNTERS_EX2 */
struct counters {
    SIZE_T counts[12];
    SIZE_T private_working_set, shared_commit;
};

/* Those pages of the calling thread's stack that have a frame. */
static SIZE_T stack_bytes(void)
{
    uintptr_t top = (uintptr_t)((NT_TIB *)NtCurrentTeb())->StackBase;
    PSAPI_WORKING_SET_EX_INFORMATION page;
    MEMORY_BASIC_INFORMATION stack;
    SIZE_T bytes = 0;
    VirtualQuery(&page, &stack, sizeof stack);
    for (uintptr_t at = (uintptr_t)stack.AllocationBase; at < top; at += PAGE_BYTES) {
        page.VirtualAddress = (void *)at;
        if (K32QueryWorkingSetEx(GetCurrentProcess(), &page, sizeof page)
            && page.VirtualAttributes.Valid)
            bytes += PAGE_BYTES;
    }
    return bytes;
}

int main(void)
{
    struct counters counters;
    printf("Hello from C.\n");
    fflush(stdout);
    SIZE_T stack = stack_bytes();
    if (NtQueryInformationProcess(GetCurrentProcess(), PROCESS_VM_COUNTERS, &counters,
                                  sizeof counters, NULL) != 0)
        return 1;
    printf("private %llu, stack %llu\n", counters.private_working_set, stack);
    return 0;
}
