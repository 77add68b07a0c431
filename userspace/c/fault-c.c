/* Faults three calls deep; the file's COFF symbols name the functions. */
#include "petrel.h"

static volatile int *const volatile target = (int *)16;

__attribute__((noinline)) int innermost(int value)
{
    *target = value;
    return value + 1;
}

/* A pointer in data, so that the image has something to relocate. */
static int (*const volatile inner)(int) = innermost;

__attribute__((noinline)) int middle(int value)
{
    return inner(value + 1) * 2;
}

void start(const struct peb *peb)
{
    print(peb, "fault-c: writing to address 16\n");
    NtTerminateProcess(CURRENT_PROCESS, (u32)middle(1));
}
