# The 32-bit entry shared by multiboot2 and PVH.
#
# In:   protected mode, paging off, flat segments, interrupts off.
#       multiboot2: eax = 36d76289h, ebx = physical address of the information.
#       PVH:        ebx = physical address of hvm_start_info.
# Out:  jumps to boot_rust_entry(edi = eax, esi = ebx, rdx = the time stamp at
#       entry) in long mode on the boot stack in the higher half; the first 4 GiB are mapped at 0 and at
#       PHYSICAL_BASE, the first 1 GiB at KERNEL_BASE.
# Uses: everything; nothing is preserved.

.section .boot.header, "a"
.balign 8
multiboot2_header:
    .long 0xe85250d6                    # magic
    .long 0                             # architecture: i386 protected mode
    .long multiboot2_header_end - multiboot2_header
    .long -(0xe85250d6 + 0 + (multiboot2_header_end - multiboot2_header))
    # Module alignment: the archive is mapped page by page.
    .balign 8
    .short 6, 0
    .long 8
    # A framebuffer is welcome, not needed; 0 means "any".
    .balign 8
    .short 5, 1
    .long 20
    .long 1024, 768, 32
    # End.
    .balign 8
    .short 0, 0
    .long 8
multiboot2_header_end:

.section .note.Xen, "a", @note
.balign 4
    .long 4                             # name size
    .long 4                             # descriptor size
    .long 18                            # XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long _start

.section .boot.text, "ax"
.code32
.global _start
_start:
    cli
    cld
    mov esp, offset boot_stack32_top
    mov edi, eax
    mov esi, ebx
    rdtsc
    mov [boot_entry_time], eax
    mov [boot_entry_time + 4], edx

    # Long mode must exist: CPUID 80000001h, EDX bit 29.
    mov eax, 0x80000000
    cpuid
    cmp eax, 0x80000001
    jb no_long_mode
    mov eax, 0x80000001
    cpuid
    bt edx, 29
    jnc no_long_mode

    # One page directory pointer table serves the identity map and the direct
    # map; the higher half shares the first page directory.
    mov eax, offset boot_pdpt + 3
    mov [boot_pml4], eax
    mov [boot_pml4 + 256 * 8], eax
    mov eax, offset boot_pdpt_high + 3
    mov [boot_pml4 + 511 * 8], eax
    mov eax, offset boot_directories + 3
    mov [boot_pdpt_high + 510 * 8], eax
    mov [boot_pdpt], eax
    add eax, 0x1000
    mov [boot_pdpt + 8], eax
    add eax, 0x1000
    mov [boot_pdpt + 16], eax
    add eax, 0x1000
    mov [boot_pdpt + 24], eax

    # 2048 entries of 2 MiB: present, writable, large.
    mov eax, 0x83
    mov ebx, offset boot_directories
1:  mov [ebx], eax
    add ebx, 8
    add eax, 0x200000
    jnc 1b

    mov eax, offset boot_pml4
    mov cr3, eax
    mov eax, 0x20                       # PAE, and nothing the firmware had on
    mov cr4, eax
    mov ecx, 0xc0000080                 # EFER
    rdmsr
    or eax, 0x100                       # LME
    wrmsr
    mov eax, cr0
    or eax, 0x80010000                  # PG, WP
    mov cr0, eax
    lgdt [boot_gdt_pointer]
    push 8
    mov eax, offset boot_entry64
    push eax
    retf

no_long_mode:
    mov esi, offset no_long_mode_text
    mov dx, 0x3f8
2:  lodsb
    test al, al
    jz 3f
    out dx, al
    jmp 2b
3:  hlt
    jmp 3b

no_long_mode_text:
    .asciz "petrel: this processor has no 64-bit mode; Petrel needs x86_64\r\n"

.balign 8
boot_gdt:
    .quad 0
    .quad 0x00af9b000000ffff            # 64-bit code
    .quad 0x00cf93000000ffff            # data
boot_gdt_pointer:
    .short boot_gdt_pointer - boot_gdt - 1
    .long boot_gdt

.code64
boot_entry64:
    mov eax, 16
    mov ds, eax
    mov es, eax
    mov ss, eax
    xor eax, eax
    mov fs, eax
    mov gs, eax
    movabs rsp, offset __boot_stack_top
    xor ebp, ebp
    push 0                              # no return address: the frame chain ends here
    mov rdx, [boot_entry_time]
    movabs rax, offset boot_rust_entry
    jmp rax

.section .boot.bss, "aw", @nobits
.balign 4096
boot_pml4:        .skip 4096
boot_pdpt:        .skip 4096
boot_pdpt_high:   .skip 4096
boot_directories: .skip 4 * 4096
boot_entry_time:  .skip 8
boot_stack32:     .skip 248
boot_stack32_top:
.text
