"""tools/symbolize on logs of machines: names from addresses, and refusals."""

import re

from .. import command, kernel
from ..errors import BuildError
from ..paths import ROOT
from ..reports import names
from ..testing import Skip, case

BUILD_ID_BYTES = 20
MAGIC_BYTES = 8
CONTEXT = re.compile(r"^      +>? +\d+ \|.*\n", re.M)


def symbolize(log, *arguments):
    """What the tool prints."""
    status, text = run_tool(log, *arguments)
    if status != 0:
        raise BuildError(f"symbolize failed with status {status}: {text}")
    return text


def run_tool(log, *arguments):
    """(status, output) of the tool; short paths begin in the checkout."""
    tool = kernel.tool("symbolize")
    return command.output([tool, "--source", ROOT, *arguments, log], may_fail=True)


def report(text):
    """The first report of a log, up to its registers or its thread."""
    found = re.search(r"^PANIC: .*?^(?:registers:|current thread:)", text, re.M | re.S)
    assert found, "there is no report"
    return found[0]


def marked(text):
    """(file, line) of a frame and the line marked below it."""
    return re.findall(r" at (\S+):(\d+)\n(?: {8}.*\n)*? {7}> +(\d+) \| (.*)", text)


def only_names(found):
    """The frames of `names` without the marks between them."""
    return [name for name in found if not name.startswith(("--- ", "... "))]


@case("symbolize.panic")
def panic(run):
    """The frames are those of the kernel's own report; source stands below them."""
    outcome = run("hello.exe", "panic=nested").fails("the kernel panicked")
    text = symbolize(run.logs[-1], "--kernel", run.profile.debug_elf)
    again, own = CONTEXT.sub("", report(text)), report(outcome.serial)
    assert again == own, f"other frames:\n{again}instead of\n{own}"
    shown = marked(text)
    assert shown, f"no source is shown:\n{text}"
    for file, line, number, source in shown:
        assert line == number, f"{file}:{number} is shown for {file}:{line}"
        there = (ROOT / file).read_text().splitlines()[int(line) - 1]
        assert source == there.rstrip(), f"{file}:{line} is {there!r}, not {source!r}"
    assert any("nested_inner(" in source for *_, source in shown), text


@case("symbolize.crash")
def crash(run):
    """A program's frames are named by its PDB."""
    run("fault-null.exe")
    text = symbolize(run.logs[-1], "--kernel", run.profile.debug_elf,
                     "--images", run.profile.programs)
    check_program(text, [("fault-null.exe!fault_null::read_null", "asm!(\"mov {0}, [8]\""),
                         ("fault-null.exe!fault_null::main", "read_null()")],
                  "userspace/programs/src/bin/fault-null.rs")


@case("symbolize.crash-dwarf")
def crash_dwarf(run):
    """A program's frames are named by the DWARF in it."""
    program = run.profile.programs / "fault-c.exe"
    if not program.exists():
        raise Skip("mingw is not installed")
    run("fault-c.exe")
    text = symbolize(run.logs[-1], "--image", program)
    check_program(text, [("fault-c.exe!innermost", "*target = value;"),
                         ("fault-c.exe!middle", "inner(value + 1)"),
                         ("fault-c.exe!start", "middle(1)")], "userspace/c/fault-c.c")


def check_program(text, wanted, file):
    """The frames are so called, and their lines of the file have these texts."""
    source = (ROOT / file).read_text().splitlines()
    found = re.findall(r"^  #\d+ +0x[0-9a-f]+  (\S+)\+0x[0-9a-f]+ at (\S+):(\d+)$", text, re.M)
    for (name, part), (own_name, own_file, line) in zip(wanted, found, strict=False):
        assert (name, file) == (own_name, own_file), f"{own_name} at {own_file}, not {name}"
        assert part in source[int(line) - 1], f"{name} is at line {line}, which has no {part}"
    assert len(found) >= len(wanted), f"too few frames have lines:\n{text}"


@case("symbolize.another-build")
def another_build(run):
    """The debug file of another kernel, and a program of another build, are refused."""
    outcome = run("fault-null.exe")
    build_id = bytes.fromhex(re.search(r", build ([0-9a-f]{40})", outcome.serial)[1])
    elf = bytearray(run.profile.debug_elf.read_bytes())
    note = elf.index(b"GNU\0" + build_id) + len(b"GNU\0")
    elf[note + BUILD_ID_BYTES - 1] ^= 1
    copy = run.file("elf")
    copy.write_bytes(elf)
    status, text = run_tool(run.logs[-1], "--kernel", copy)
    copy.unlink()
    assert status == 1 and "is of another kernel: its build id is" in text, text
    assert text.count("\n") == 1, f"more than a sentence:\n{text}"

    image = run.file("folder") / "fault-null.exe"
    image.parent.mkdir(exist_ok=True)
    image.write_bytes((run.profile.programs / image.name).read_bytes() + b"x")
    status, text = run_tool(run.logs[-1], "--image", image)
    image.unlink()
    image.parent.rmdir()
    assert status == 1 and "is not the fault-null.exe that ran" in text, text


@case("symbolize.raw")
def raw(run):
    """The text of a kernel without names gives the names of the full report."""
    full = run("hello.exe", "panic=nested").fails("the kernel panicked")
    elf = bytearray(run.profile.elf.read_bytes())
    table = kernel.table_in(elf)
    elf[table:table + MAGIC_BYTES] = bytes(MAGIC_BYTES)
    stripped = run.file("elf")
    stripped.write_bytes(elf)
    bare = run("hello.exe", "panic=nested", elf=stripped).fails("the kernel panicked")
    stripped.unlink()
    assert set(only_names(names(bare.serial))) == {"?"}, "the kernel has names"
    for arguments in ([], ["--raw"]):
        text = symbolize(run.logs[-1], "--kernel", run.profile.debug_elf, *arguments)
        assert names(text) == names(full.serial), f"other frames:\n{text}"


@case("symbolize.raw-fault")
def raw_fault(run):
    """The interrupted instruction is told from return addresses."""
    run("hello.exe", "panic=pagefault").fails("the kernel panicked")
    by_json, by_text = (
        symbolize(run.logs[-1], "--kernel", run.profile.debug_elf, *arguments)
        for arguments in ([], ["--raw"]))
    of_text = by_text.partition("registers:")[0]
    assert by_json.startswith(of_text), f"{of_text}instead of\n{by_json}"
    assert "[{0}]" in marked(of_text)[0][-1], of_text


@case("symbolize.panic-in-panic")
def panic_in_panic(run):
    """Addresses alone become frames."""
    run("hello.exe", "panic=double").fails("the kernel panicked")
    text = symbolize(run.logs[-1], "--raw", "--kernel", run.profile.debug_elf)
    found = names(text)
    wanted = ["<petrel::provoke::Unprintable as core::fmt::Display>::fmt",
              "hal::panic::describe::of_panic", "petrel::provoke::in_panic", "petrel::main",
              "--- end of the stack"]
    places = [found.index(name) for name in wanted]
    assert places == sorted(places) and places[0] == 0, "other frames:\n" + "\n".join(found)
