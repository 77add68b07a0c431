# The only code that touches user memory, and the only STAC.
#
# user_copy(rdi = to, rsi = from, rdx = bytes) -> rax = 0, or why not all was copied
#   The caller has checked that the user side lies in the user half. A fault
#   that the kernel cannot resolve goes on at the end, with its reason in rax.

.macro may_fault at, continue
    .pushsection .fixup, "a"
    .quad \at, \continue
    .popsection
.endm

.text
.code64
.balign 16
.global user_copy
user_copy:
    push rbp                            # a frame, so that reports name the caller
    mov rbp, rsp
    mov rcx, rdx
    shr rcx, 3
    and edx, 7
    cmp byte ptr [rip + USER_ACCESS_GUARDED], 0
    je 1f
    stac
1:
user_copy_words:
    rep movsq
    mov rcx, rdx
user_copy_bytes:
    rep movsb
    xor eax, eax
user_access_end:
    cmp byte ptr [rip + USER_ACCESS_GUARDED], 0
    je 2f
    clac
2:  pop rbp
    ret

# user_probe(rdi = first, rsi = last) -> rax as above
#   Writes two bytes as they are, so that what is between them, less than a page,
#   can be written.
.balign 16
.global user_probe
user_probe:
    push rbp
    mov rbp, rsp
    cmp byte ptr [rip + USER_ACCESS_GUARDED], 0
    je 3f
    stac
3:
user_probe_first:
    lock or byte ptr [rdi], 0
user_probe_last:
    lock or byte ptr [rsi], 0
    xor eax, eax
    jmp user_access_end
    may_fault user_probe_first, user_access_end
    may_fault user_probe_last, user_access_end
    may_fault user_copy_words, user_access_end
    may_fault user_copy_bytes, user_access_end
