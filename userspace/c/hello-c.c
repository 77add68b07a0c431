/* The first program in C, without a C library. */
#include "petrel.h"

/* A pointer in data, so that the image has something to relocate. */
static const char *const volatile lines[] = {"Hello from C.\n", "hello-c: ok\n"};

void start(const struct peb *peb)
{
    u32 status = 0;
    for (unsigned line = 0; line < 2 && !status; line++)
        status = print(peb, lines[line]);
    NtTerminateProcess(CURRENT_PROCESS, status);
}
