# Every way into the kernel: the 256 trap stubs and the system-call entry.
#
# All of it is in .text.entry, so that the backtrace can tell by a return
# address that rbp holds the address of a TrapFrame (trap/frame.rs).
#
# Contract: the processor or these stubs push a whole TrapFrame; then
#   rdi = rbp = &TrapFrame, rsp 16-byte aligned, direction, alignment, trace and
#   nested-task flags clear, gs = the per-CPU block.
# GS: SWAPGS happens if and only if the interrupted code ran with the user's gs.
#   That is decided by CS, except on the vectors with a stack of their own (#DB,
#   NMI, #DF, #MC), which can hit between an entry and its SWAPGS: there the MSR
#   decides.

.section .text.entry, "ax"
.code64

.macro push_registers
    push rax
    push rcx
    push rdx
    push rsi
    push rdi
    push r8
    push r9
    push r10
    push r11
    push rbx
    push rbp
    push r12
    push r13
    push r14
    push r15
.endm

.macro pop_registers
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbp
    pop rbx
    pop r11
    pop r10
    pop r9
    pop r8
    pop rdi
    pop rsi
    pop rdx
    pop rcx
    pop rax
.endm

# A known flags register: interrupts stay off, everything else clear.
.macro clean_flags
    push 2
    popfq
.endm

# 256 stubs of 16 bytes; their addresses are trap_stubs + 16 * vector. The
# processor pushes an error code for some vectors; the others push 0.
.macro trap_stub number
    .balign 16
    .if (\number != 8) && ((\number < 10) || (\number > 14)) && (\number != 17) && (\number != 21) && (\number != 29) && (\number != 30)
    push 0
    .endif
    push \number
    .if (\number == 1) || (\number == 2) || (\number == 8) || (\number == 18)
    jmp trap_on_own_stack
    .else
    jmp trap_common
    .endif
.endm

.altmacro
.balign 16
.global trap_stubs
trap_stubs:
.set vector, 0
.rept 256
    trap_stub %vector
    .set vector, vector + 1
.endr
.noaltmacro

.balign 16
trap_common:
    push_registers
    clean_flags
    test byte ptr [rsp + {CODE_SEGMENT}], 3
    jnz 1f
    # From the kernel: gs is right, unless the IRETQ to user mode itself failed.
    lea rax, [rip + return_to_user]
    cmp [rsp + {RIP}], rax
    je return_failed
    jmp trap_on_kernel_stack
1:  swapgs
trap_on_kernel_stack:
    mov rdi, rsp
    mov rbp, rsp
    call trap_dispatch
trap_return:
    test byte ptr [rsp + {CODE_SEGMENT}], 3
    jz 3f
    swapgs
    pop_registers
    add rsp, 16
return_to_user:
    iretq
3:  pop_registers
    add rsp, 16
    iretq

# The five words that IRETQ could not load still lie where it read them, at the
# top of the stack, and the registers that were loaded just before have been
# pushed again, a little below. Together they are the program's frame: it is put
# together at the top and treated as if the program had trapped there.
.balign 16
return_failed:
    swapgs
    mov rax, [rsp + {RSP}]              # where the five words are
    sub rax, {RIP}                      # where the whole frame is to begin
    lea rsi, [rsp + {RIP} - 8]
    lea rdi, [rax + {RIP} - 8]
    mov ecx, {RIP} / 8
    std                                 # up, onto itself: the last word first
    rep movsq
    cld
    mov rsp, rax
    mov rdi, rax
    mov rbp, rax
    call failed_return_dispatch
    jmp trap_return

# From user mode the frame moves to the thread's kernel stack, which is empty
# then, so that the handler may wait. In the kernel, ebx keeps whether to swap
# back: Rust preserves it.
.balign 16
trap_on_own_stack:
    push_registers
    clean_flags
    test byte ptr [rsp + {CODE_SEGMENT}], 3
    jz 4f
    swapgs
    mov rsi, rsp
    mov rsp, gs:[{KERNEL_STACK_TOP}]
    sub rsp, {FRAME_SIZE}
    mov rdi, rsp
    mov ecx, {FRAME_SIZE} / 8
    rep movsq
    jmp trap_on_kernel_stack
4:  mov ecx, 0xc0000101                 # IA32_GS_BASE
    rdmsr
    xor ebx, ebx
    test edx, edx
    js 5f                               # negative: the kernel's
    swapgs
    inc ebx
5:  mov rdi, rsp
    mov rbp, rsp
    call trap_dispatch
    test ebx, ebx
    jz 6f
    swapgs
6:  pop_registers
    add rsp, 16
    iretq

# SYSCALL: rcx = user rip, r11 = user flags, stack and gs still the user's;
# SFMASK has cleared IF, TF, DF, AC and NT.
.balign 16
.global system_call_entry
system_call_entry:
    swapgs
    mov gs:[{USER_STACK}], rsp
    mov rsp, gs:[{KERNEL_STACK_TOP}]
    push {USER_DATA_SELECTOR}
    push gs:[{USER_STACK}]
    push r11
    push {USER_CODE_SELECTOR}
    push rcx
    push 0
    push {SYSTEM_CALL}
    push_registers
    mov rdi, rsp
    mov rbp, rsp
    call system_call_dispatch
    # 0: the frame may go back by SYSRET (rip canonical, flags harmless).
    test rax, rax
    jnz trap_return
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbp
    pop rbx
    add rsp, 32                         # r11, r10, r9, r8
    pop rdi
    pop rsi
    add rsp, 16                         # rdx, rcx
    pop rax
    mov rcx, [rsp + 16]                 # rip
    mov r11, [rsp + 32]                 # flags
    xor edx, edx                        # volatile registers carry nothing out
    xor r8d, r8d
    xor r9d, r9d
    xor r10d, r10d
    mov rsp, [rsp + 40]
    swapgs
    sysretq

# The first code of an execution, reached by RET from switch_stacks with
# rbx, r13 = the arguments of the function in r12, which never returns.
.balign 16
.global thread_start
thread_start:
    xor ebp, ebp
    mov rdi, rbx
    mov rsi, r13
    call r12
    ud2

# switch_stacks(rdi = where to save rsp, rsi = the rsp to go on with)
.balign 16
.global switch_stacks
switch_stacks:
    push rbx
    push rbp
    push r12
    push r13
    push r14
    push r15
    mov [rdi], rsp
    mov rsp, rsi
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbp
    pop rbx
    ret

# enter_user(rdi = &TrapFrame at the top of the current kernel stack)
.balign 16
.global enter_user
enter_user:
    mov rsp, rdi
    jmp trap_return

.text
