//! At every instruction of every function of real programs, our unwinding
//! agrees with framehop, or with the documented rules where framehop is known
//! to be wrong ([`Unlike`]); behind every call it agrees with framehop.

use std::collections::BTreeMap;

use iced_x86::{Instruction, Mnemonic};
use pe::PeView;
use pe::unwind::{Context, step};

use crate::compilers::Built;
use crate::programs::{pairs, programs};
use crate::unwind_reference::{BASE, Reference, word};
use crate::unwind_rules::Unlike;
use crate::wine;

const STACK: u64 = 0x1000_0000;
/// All other registers point far above the top of the stack, each elsewhere:
/// any of them may be the frame register.
const FIRST_VALUE: u64 = 0x1100_0000;
const VALUE_DISTANCE: u64 = 0x1_0010;

#[derive(Default, Debug)]
struct Counts {
    functions: u64,
    instructions: u64,
    calls: u64,
    /// Places where framehop says the same.
    agreed: u64,
    unlike: BTreeMap<Unlike, u64>,
}

impl Counts {
    /// Compares all of one image. The reference is made from another file of
    /// the same code where framehop does not understand the image's own.
    fn add(&mut self, name: &str, file: &[u8], reference_file: &[u8]) {
        let view = PeView::parse(file).unwrap_or_else(|error| panic!("{name}: {error}"));
        let reference_view = PeView::parse(reference_file).unwrap();
        let mut reference = Reference::new(&reference_view, reference_file);
        for index in 0..reference.entries.len() {
            let [begin, end, _] = reference.entries[index];
            self.functions += 1;
            let code: Vec<Instruction> = reference.decoder(begin, end).iter().collect();
            let mut previous = None;
            for instruction in code {
                let rva = instruction.ip() as u32;
                self.stopped(name, &view, &mut reference, rva, previous);
                if instruction.mnemonic() == Mnemonic::Call {
                    self.waiting(name, &view, &mut reference, instruction.next_ip() as u32);
                }
                previous = Some(rva);
            }
        }
    }

    /// A frame that is stopped before the instruction at `rva`, behind that at
    /// `previous`.
    fn stopped(
        &mut self,
        name: &str,
        view: &PeView<'_>,
        reference: &mut Reference,
        rva: u32,
        previous: Option<u32>,
    ) {
        self.instructions += 1;
        let context = context(rva, false);
        let ours = unwind(view, context);
        let (expected, unlike) = reference.unwind_by_rules(context, previous);
        let theirs = reference.unwind(context);
        // Whether the caller was interrupted is ours alone to know.
        let ours = ours.map(|ours| Context {
            after_call: true,
            ..ours
        });
        assert_eq!(ours, Some(expected), "{name} at {rva:#x}");
        if theirs == expected {
            self.agreed += 1;
        } else {
            let unlike = unlike.unwrap_or_else(|| panic!("{name} at {rva:#x}: {theirs:x?}"));
            *self.unlike.entry(unlike).or_default() += 1;
        }
    }

    /// A frame that waits for a call which returns to `rva`.
    fn waiting(&mut self, name: &str, view: &PeView<'_>, reference: &mut Reference, rva: u32) {
        self.calls += 1;
        let context = context(rva, true);
        let ours = unwind(view, context).map(|ours| Context {
            after_call: true,
            ..ours
        });
        assert_eq!(
            ours,
            Some(reference.unwind(context)),
            "{name} behind the call at {rva:#x}"
        );
        self.agreed += 1;
    }

    fn report(&self, what: &str) {
        println!("{what}: {self:?}");
        let unlike: u64 = self.unlike.values().sum();
        assert_eq!(self.agreed + unlike, self.instructions + self.calls);
    }
}

fn unwind(view: &PeView<'_>, mut context: Context) -> Option<Context> {
    step(view, BASE, &mut context, &mut |address| Some(word(address))).ok()?;
    Some(context)
}

fn context(rva: u32, after_call: bool) -> Context {
    let mut registers = std::array::from_fn(|number| FIRST_VALUE + VALUE_DISTANCE * number as u64);
    registers[4] = STACK;
    Context {
        rip: BASE + u64::from(rva),
        registers,
        after_call,
    }
}

#[test]
fn programs_of_compilers_agree() {
    let mut counts = Counts::default();
    for Built { name, bytes } in programs() {
        counts.add(name, &bytes, &bytes);
    }
    counts.report("programs of compilers");
    assert!(counts.instructions > 500_000 && counts.unlike.len() >= 2);
}

/// Framehop takes what version 2 lists for operations of the prologue.
#[test]
fn version_2_agrees_with_version_1() {
    let mut counts = Counts::default();
    for [first, second] in pairs() {
        let view = PeView::parse(&second.bytes).unwrap();
        let versions = Reference::new(&view, &second.bytes).versions();
        assert!(versions.contains(&2), "{} has no version 2", second.name);
        counts.add(second.name, &second.bytes, &first.bytes);
    }
    counts.report("programs with version 2");
    assert!(counts.instructions > 10_000);
}

#[test]
fn core_libraries_of_wine_agree() {
    let Some(libraries) = wine::libraries() else {
        return;
    };
    let mut counts = Counts::default();
    for (name, bytes) in libraries {
        counts.add(&name, &bytes, &bytes);
    }
    counts.report("core libraries of Wine");
    assert!(counts.instructions > 1_000_000 && counts.unlike.len() == 6);
}
