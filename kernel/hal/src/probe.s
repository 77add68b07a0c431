# probe_touch(rdi = address, rsi = 0 read, 1 write, 2 call, 3 breakpoint,
#   4 undefined instruction, 5 division by zero, 6 an interrupt nobody expects)
#   -> rax = 0, or 1 + the vector of the exception that it raised
#
# While PROBE_STACK is not 0, an exception in the kernel goes on at
# probe_landing with that stack; registers that Rust expects to be kept are.

.text
.code64
.balign 16
.global probe_touch
probe_touch:
    mov [rip + PROBE_STACK], rsp
    cmp esi, 1
    jb 1f
    je 2f
    cmp esi, 3
    jb 3f
    je 4f
    cmp esi, 5
    jb 5f
    je 6f
    int 0x90
    jmp 7f
1:  mov al, [rdi]
    jmp 7f
2:  lock or byte ptr [rdi], 0           # needs the right to write, changes nothing
    jmp 7f
3:  call rdi
    jmp 7f
4:  int3
    jmp 7f
5:  ud2
6:  xor edx, edx
    xor ecx, ecx
    div ecx
7:  xor eax, eax
    mov [rip + PROBE_STACK], rax
.global probe_landing
probe_landing:
    ret
