//! GDT, TSS with interrupt stacks, IDT and the SYSCALL registers.
//!
//! The user selectors are Windows': CS 33h, SS 2Bh. SYSRET derives both from
//! one base (Intel SDM vol. 2, SYSRET), which fixes the order of the table.

use core::arch::asm;
use core::cell::UnsafeCell;

use spin::Once;
use x86_64::instructions::segmentation::{CS, DS, ES, SS, Segment};
use x86_64::instructions::tables::load_tss;
use x86_64::registers::control::{Efer, EferFlags};
use x86_64::registers::model_specific::{LStar, Msr, SFMask, Star};
use x86_64::registers::rflags::RFlags;
use x86_64::structures::DescriptorTablePointer;
use x86_64::structures::gdt::{Descriptor, GlobalDescriptorTable, SegmentSelector};
use x86_64::structures::idt::{Entry, HandlerFunc};
use x86_64::structures::tss::TaskStateSegment;
use x86_64::{PrivilegeLevel, VirtAddr};

use crate::{guards, stacks};

/// The kernel's code selector.
pub(crate) const KERNEL_CODE: u16 = 0x08;
const KERNEL_DATA: u16 = 0x10;
const TASK: u16 = 0x38;
/// The model-specific register IA32_SYSENTER_CS.
const SYSENTER_CODE: u32 = 0x174;
/// The user's code selector, as Windows programs see it.
pub(crate) const USER_CODE: u16 = 0x33;
/// The user's data selector, as Windows programs see it.
pub(crate) const USER_DATA: u16 = 0x2b;

/// Vectors that run on a stack of their own, in the order of `stacks`.
const OWN_STACK: [(usize, u16); stacks::INTERRUPT_STACKS] = [(8, 0), (2, 1), (18, 2), (1, 3)];

struct Task(UnsafeCell<TaskStateSegment>);

// SAFETY: after start-up only the processor reads it and only `set_kernel_stack`
// writes it, on this processor with interrupts off.
unsafe impl Sync for Task {}

static TSS: Task = Task(UnsafeCell::new(TaskStateSegment::new()));
/// Null, six segments and the TSS, which takes two.
const GDT_ENTRIES: usize = 9;
static GDT: Once<GlobalDescriptorTable<GDT_ENTRIES>> = Once::new();

#[repr(C, align(16))]
struct Idt([Entry<HandlerFunc>; 256]);
static IDT: Once<Idt> = Once::new();

unsafe extern "C" {
    static trap_stubs: u8;
    static system_call_entry: u8;
}

/// Loads all tables. Once, before anything can trap. The entry has emptied fs and
/// gs, and `local::init` has set gs' base, which loading gs would lose.
pub(crate) fn init() {
    // SAFETY: interrupts are off and nothing has loaded the TSS yet.
    let tss = unsafe { &mut *TSS.0.get() };
    for (_, index) in OWN_STACK {
        tss.interrupt_stack_table[usize::from(index)] =
            VirtAddr::new(stacks::interrupt_stack(usize::from(index)).end);
    }

    let gdt = GDT.call_once(|| {
        let mut gdt = GlobalDescriptorTable::<GDT_ENTRIES>::empty();
        gdt.append(Descriptor::kernel_code_segment());
        gdt.append(Descriptor::kernel_data_segment());
        gdt.append(Descriptor::UserSegment(0)); // 18h: unused
        gdt.append(Descriptor::UserSegment(0)); // 20h: 32-bit user code, not offered
        gdt.append(Descriptor::user_data_segment());
        gdt.append(Descriptor::user_code_segment());
        // SAFETY: the TSS is static.
        gdt.append(unsafe { Descriptor::tss_segment_unchecked(TSS.0.get()) });
        gdt
    });
    gdt.load();

    let idt = IDT.call_once(|| {
        let mut entries = [Entry::missing(); 256];
        for (vector, entry) in entries.iter_mut().enumerate() {
            let stub = (&raw const trap_stubs).wrapping_add(16 * vector);
            // SAFETY: the stub saves everything and returns by IRETQ.
            let options = unsafe { entry.set_handler_addr(VirtAddr::from_ptr(stub)) };
            // SAFETY: the kernel's code selector is valid.
            unsafe { options.set_code_selector(selector(KERNEL_CODE)) };
            if matches!(vector, 3 | 4 | 0x29 | 0x2c | 0x2d) {
                // INT3, INTO and NT's software interrupts may be raised by programs.
                options.set_privilege_level(PrivilegeLevel::Ring3);
            }
            if let Some(&(_, index)) = OWN_STACK.iter().find(|(own, _)| *own == vector) {
                // SAFETY: the stack table was filled above.
                unsafe { options.set_stack_index(index) };
            }
        }
        Idt(entries)
    });

    // SAFETY: the selectors name the segments appended above; the tables are
    // static; the stubs are the handlers of every vector.
    unsafe {
        CS::set_reg(selector(KERNEL_CODE));
        SS::set_reg(selector(KERNEL_DATA));
        DS::set_reg(SegmentSelector::NULL);
        ES::set_reg(SegmentSelector::NULL);
        load_tss(selector(TASK));
        // No local descriptor table, and no SYSENTER.
        asm!("lldt {0:x}", in(reg) 0_u16, options(nomem, nostack, preserves_flags));
        Msr::new(SYSENTER_CODE).write(0);
        let pointer = DescriptorTablePointer {
            limit: (size_of::<Idt>() - 1) as u16,
            base: VirtAddr::from_ptr(idt),
        };
        x86_64::instructions::tables::lidt(&pointer);
    }
    init_system_calls();
}

fn selector(value: u16) -> SegmentSelector {
    SegmentSelector(value)
}

/// The flags that SYSCALL clears.
const CLEARED_AT_ENTRY: RFlags = RFlags::INTERRUPT_FLAG
    .union(RFlags::TRAP_FLAG)
    .union(RFlags::DIRECTION_FLAG)
    .union(RFlags::ALIGNMENT_CHECK)
    .union(RFlags::NESTED_TASK);

fn init_system_calls() {
    let base = SegmentSelector(USER_CODE - 16);
    // SAFETY: the four selectors stand in the table in the order SYSRET wants,
    // the entry stub upholds the convention, and the mask keeps interrupts off.
    unsafe {
        Star::write_raw(base.0, KERNEL_CODE);
        LStar::write(VirtAddr::from_ptr(&raw const system_call_entry));
        SFMask::write(match guards::FLAG_MASK {
            true => CLEARED_AT_ENTRY,
            false => RFlags::INTERRUPT_FLAG,
        });
        Efer::update(|flags| *flags |= EferFlags::SYSTEM_CALL_EXTENSIONS);
    }
}

/// Sets the stack on which the processor starts a trap from user mode.
pub(crate) fn set_kernel_stack(top: u64) {
    // SAFETY: `rsp0` is read by the processor only on an entry from user mode,
    // which cannot happen while this runs.
    unsafe { (*TSS.0.get()).privilege_stack_table[0] = VirtAddr::new(top) };
    super::local::set_kernel_stack_top(top);
}

/// Empties the selectors that a program may have loaded, so that the next one
/// does not see them. The caller sets the user's gs base afterwards.
pub(crate) fn forget_user_selectors() {
    // SAFETY: the kernel uses none of these segments; gs is the user's between
    // the two SWAPGS, and interrupts are off.
    unsafe {
        asm!(
            "mov ds, {0:e}",
            "mov es, {0:e}",
            "mov fs, {0:e}",
            "swapgs",
            "mov gs, {0:e}",
            "swapgs",
            in(reg) 0_u32,
            options(nostack, preserves_flags)
        );
    }
}
