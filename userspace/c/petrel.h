/* What a freestanding program in C needs; offsets as in kernel/abi. */
#ifndef PETREL_H
#define PETREL_H

typedef unsigned int u32;
typedef unsigned long long u64;

/* A stub for every call of the list in kernel/abi/src/services/. */
#define PETREL_SERVICE(number, name)                                        \
    __asm__(".globl " #name "\n" #name ":\n mov %rcx, %r10\n"               \
            " mov $" #number ", %eax\n syscall\n ret\n");
#include "services.h"

struct io_status {
    u64 status;
    u64 information;
};

u32 NtWriteFile(u64 file, u64 event, u64 apc_routine, u64 apc_context, struct io_status *result,
                const void *buffer, u32 length, const u64 *offset, const u32 *key);
u32 NtTerminateProcess(u64 process, u32 status);

#define CURRENT_PROCESS (~0ULL)

struct parameters {
    char before_standard_output[0x28];
    u64 standard_output;
};

struct peb {
    char before_parameters[0x20];
    struct parameters *parameters;
};

static inline u32 print(const struct peb *peb, const char *text)
{
    struct io_status result;
    u32 length = 0;
    while (text[length])
        length++;
    return NtWriteFile(peb->parameters->standard_output, 0, 0, 0, &result, text, length, 0, 0);
}

#endif
