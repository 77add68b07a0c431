//! Gives a report that was read to a form, as the kernel gives its own.

use std::fmt::Display;

use report::{Current, Form, Head};

use crate::record::{Entry, Frame, Report};

/// Gives the whole report; `after` comes behind each frame.
pub(crate) fn describe(report: &Report, form: &mut dyn Form, mut after: impl FnMut(&Frame)) {
    give_head(report, form);
    for entry in &report.entries {
        match entry {
            Entry::Frame(frame) => {
                give_frame(frame, form);
                after(frame);
            }
            Entry::Mark(mark) => form.mark(&report::Mark {
                kind: mark.kind,
                text: &mark.text,
            }),
        }
    }
    if !report.registers.is_empty() {
        let registers = report.registers.iter();
        let registers: Vec<(&str, u64)> = registers
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        form.registers(&registers);
    }
    if !report.is_text {
        give_rest(report, form);
    }
    form.finish();
}

fn give_head(report: &Report, form: &mut dyn Form) {
    let fault = report.fault.as_ref().map(|fault| report::Fault {
        address: fault.address,
        access: &fault.access,
        place: &fault.place,
    });
    let ending = report.ending.as_ref().map(|ending| report::Ending {
        program: &ending.program,
        status: ending.status,
        name: ending.name.as_deref(),
    });
    form.head(&Head {
        kind: report.kind,
        version: &report.version,
        build_id: Some(&*report.build_id).filter(|id| !id.is_empty()),
        cause: &report.cause,
        location: report.location.as_ref().map(|text| text as &dyn Display),
        fault,
        ending,
    });
}

fn give_frame(frame: &Frame, form: &mut dyn Form) {
    let module = frame.module.as_ref();
    form.frame(&report::Frame {
        number: frame.number,
        address: frame.address,
        is_call: frame.is_call,
        is_inlined: frame.is_inlined,
        origin: frame.origin,
        module: module.map(|(name, offset)| (&**name, *offset)),
        function: frame.function.as_ref().map(|name| name as &dyn Display),
        offset: frame.offset,
        place: frame.place.as_ref().map(|place| report::Place {
            file: &place.file,
            line: place.line,
            is_exact: place.is_exact,
        }),
        note: frame.note.as_deref(),
    });
}

fn give_rest(report: &Report, form: &mut dyn Form) {
    if let Some(code) = &report.code {
        form.code(&report::Code {
            start: code.start,
            bytes: &code.bytes,
            at: code.at,
        });
    }
    form.current(&match (&report.current, &report.current_unknown) {
        (Some(thread), _) => Current::Thread {
            thread: thread.thread,
            name: thread.name.as_deref(),
            process: thread.process,
            program: &thread.program,
            call: thread.call.as_ref().map(|call| report::SystemCall {
                number: call.number,
                name: call.name.as_deref(),
            }),
        },
        (None, Some(why)) => Current::Unknown(why),
        (None, None) => Current::Kernel,
    });
    for module in &report.modules {
        form.module(&report::Module {
            name: &module.name,
            base: module.base,
            size_bytes: module.size_bytes,
            identity: &module.identity,
        });
    }
    for event in &report.events {
        form.event(event.as_bytes());
    }
}
