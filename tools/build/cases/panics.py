"""Golden panics: names and order of the frames, and a failing end."""

import re

from .. import reports
from ..paths import ROOT
from ..testing import case

HELLO = "Hello from a PE program in user mode."

ANY = "..."  # any number of frames
START = ["petrel::provoke::if_asked", "petrel::main", "petrel_main", "boot_rust_entry",
         "--- end of the stack"]
PROVOKE = "hal::panic::provoke"
INTERRUPT = "--- interrupt in kernel mode"

# kind -> (what the report says, its frames from the innermost on)
PANICS = {
    "nested": ("PANIC: provoked: nested calls", [
        "petrel::provoke::nested_inner", "petrel::provoke::nested_middle",
        "petrel::provoke::nested_outer", *START]),
    "pagefault": ("PANIC: page fault in the kernel: read of 0x18", [
        f"{PROVOKE}::page_fault", *START]),
    "readonly": ("PANIC: page fault in the kernel: write to 0xffffffff8", [
        f"{PROVOKE}::write_to_code", *START]),
    "threadstack": ("PANIC: stack overflow: the kernel stack of the current thread reached", [
        f"{PROVOKE}::stack_overflow", "... and ", ANY,
        "system_call_dispatch", "--- system call", ANY, "--- end of the stack", "--- user mode"]),
    "stack": ("PANIC: stack overflow: the boot stack reached its guard page", [
        f"{PROVOKE}::stack_overflow", "... and ", *START]),
    "lock": ("PANIC: provoked: the log is locked", [
        f"{PROVOKE}::with_log_locked::{{{{closure}}}}", "hal::log::while_locked",
        f"{PROVOKE}::with_log_locked", *START]),
    "display": ("PANIC: provoked: inside a Display implementation", [
        "<petrel::provoke::Unprintable as core::fmt::Display>::fmt", ANY,
        "<hal::log::KernelLog as log::Log>::log", ANY, "petrel::provoke::in_display", *START]),
    "interrupt": ("PANIC: provoked: an assertion in an interrupt handler", [
        "petrel::provoke::failing_handler", ANY, INTERRUPT, ANY,
        "petrel::provoke::in_interrupt", *START]),
    "nmi": ("PANIC: provoked: an assertion in an interrupt handler", [
        "petrel::provoke::failing_handler", ANY, "--- NMI in kernel mode",
        f"{PROVOKE}::in_nmi", *START]),
    "closure": ("PANIC: provoked: in a closure, value 3", [
        "petrel::provoke::in_closure::{{closure}}", ANY, "petrel::provoke::in_closure", *START]),
    "generic": ("PANIC: provoked: in a generic function", [
        "petrel::provoke::in_generic", *START]),
    "assembly": ("PANIC: page fault in the kernel: read of 0x18", [
        "provoke_in_assembly", f"{PROVOKE}::in_assembly", *START]),
    "oom": ("PANIC: memory allocation of", [
        ANY, "alloc::alloc::handle_alloc_error", ANY, "petrel::provoke::out_of_memory", *START]),
    "rbp": ("PANIC: provoked: the frame chain is corrupt", [
        f"{PROVOKE}::with_corrupt_frame_pointer::panic_here",
        f"{PROVOKE}::with_corrupt_frame_pointer", "--- broken: frame pointer"]),
}


def frames(outcome):
    """Names of the frames of the first report, and marks such as `--- text` between them."""
    return reports.of(outcome.serial)[0].names()


def matches(found, wanted):
    """Whether the frames begin as wanted; a mark may say more than wanted."""
    if not wanted:
        return True
    if wanted[0] == ANY:
        return any(matches(found[skipped:], wanted[1:]) for skipped in range(len(found) + 1))
    if not found:
        return False
    is_mark = wanted[0].startswith(("--- ", "... "))
    is_same = found[0].startswith(wanted[0]) if is_mark else found[0] == wanted[0]
    return is_same and matches(found[1:], wanted[1:])


def declare(kind, message, wanted):
    """The case of a kind of panic."""
    @case(f"panic.{kind}")
    def panic(run):
        outcome = run("hello.exe", f"panic={kind}").fails("the kernel panicked").prints(message)
        outcome.is_silent_about(HELLO)
        found = frames(outcome)
        assert matches(found, wanted), "other frames:\n" + "\n".join(found)


for each, (text, names) in PANICS.items():
    declare(each, text, names)


@case("panic.usermode")
def user_mode(run):
    """An interrupt that came while a program ran: the frames go on into it."""
    outcome = run("spin.exe", "panic=usermode").fails("the kernel panicked")
    outcome.prints("PANIC: provoked: an assertion in an interrupt handler")
    found = frames(outcome)
    wanted = ["petrel::provoke::failing_handler", ANY, "--- interrupt in user mode",
              ANY, "spin.exe!spin::start", "--- end of the stack", "--- user mode"]
    assert matches(found, wanted), "other frames:\n" + "\n".join(found)


@case("panic.syscall")
def system_call(run):
    """In a system call that a program makes three functions deep."""
    outcome = run("deep.exe", "panic=syscall").fails("the kernel panicked")
    outcome.prints("PANIC: page fault in the kernel: read of 0x18 (null + 0x18)")
    found = frames(outcome)
    wanted = [f"{PROVOKE}::page_fault", ANY, "system_call_dispatch", "--- system call", ANY,
              "deep.exe!deep::inner", "deep.exe!deep::middle", "deep.exe!deep::outer",
              "deep.exe!deep::main", ANY, "deep.exe!deep::start", "--- end of the stack",
              "--- user mode"]
    assert matches(found, wanted), "other frames:\n" + "\n".join(found)
    report = reports.of(outcome.serial)[0].json
    assert report["current"]["call"]["name"] == "NtYieldExecution", report["current"]
    source = (ROOT / "userspace/programs/src/bin/deep.rs").read_text().splitlines()
    calls = {"inner": "yield_execution()", "middle": "inner(", "outer": "middle(", "main": "outer("}
    for name, call in calls.items():
        frame = next(entry for entry in report["frames"] if entry.get("function") == f"deep::{name}")
        assert frame["exact"] and frame["file"] == "userspace/programs/src/bin/deep.rs", frame
        assert call in source[frame["line"] - 1], (frame, source[frame["line"] - 1])


@case("panic.copyfault")
def copy_fault(run):
    """In the page fault of the copy routine, in a system call: through both, into the program."""
    outcome = run("hostile.exe", "panic=copyfault").fails("the kernel panicked")
    wanted = ["petrel::provoke::failing_handler", ANY, "--- page fault in kernel mode",
              "user_probe_first", ANY, "system_call_dispatch", "--- system call", ANY,
              "hostile.exe!hostile::start", "--- end of the stack", "--- user mode"]
    found = frames(outcome)
    assert matches(found, wanted), "other frames:\n" + "\n".join(found)


@case("panic.lines")
def lines(run):
    """The lines that a report names are those that make the calls."""
    outcome = run("hello.exe", "panic=nested").fails("the kernel panicked")
    named = re.findall(r"^  #\d+ +0x[0-9a-f]+  (\S+)\+0x[0-9a-f]+ at (kernel/\S+):(\d+)$",
                       outcome.serial.replace("\r", ""), re.M)
    calls = ["assert!(", "nested_inner(", "nested_middle(", "nested_outer(", "if_asked("]
    for (name, file, line), call in zip(named, calls, strict=False):
        source = (ROOT / file).read_text().splitlines()[int(line) - 1]
        assert call in source, f"{name} at {file}:{line} does not call {call}: {source}"
    assert len(named) > len(calls), f"only {len(named)} frames have lines"


@case("panic.double")
def double(run):
    outcome = run("hello.exe", "panic=double").fails("the kernel panicked")
    outcome.prints("PANIC while reporting a panic").is_silent_about(HELLO)


@case("panic.by-grub")
def by_grub(run):
    run("hello.exe", "panic=nested", boot="grub").fails("the kernel panicked") \
        .prints("PANIC: provoked: nested calls", "nested_inner", "petrel::main")


@case("panic.colours")
def colours(run):
    """With colours, the text is that without, and each kind of frame has its own."""
    plain, coloured = (run("hello.exe", ["panic=display", *more], is_deterministic=True).serial
                       for more in ([], ["colour=on"]))
    assert "\x1b" not in plain, "control sequences without colour=on"
    for colour in ("0;1;31m", "0;33m", "0;90m"):
        assert f"\x1b[{colour}" in coloured, f"no {colour}"
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert reports.of(stripped)[0].names() == reports.of(plain)[0].names(), "other frames"
    # All but the addresses of the log's first lines is the same: time goes on differently.
    found = [[re.sub(r"\[ *[0-9.]+\]", "[]", line) for line in text.splitlines()
              if not line.startswith(reports.PREFIX)] for text in (plain, stripped)]
    assert found[0] == found[1], "other text"
    assert coloured.splitlines()[-1].startswith("PETREL-END "), "the record has colours"
