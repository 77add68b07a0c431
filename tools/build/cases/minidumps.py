"""Minidumps of crashes: read back and walked by tools that share no code with the kernel."""

import re

from .. import command, minidumps, reports
from ..paths import BUILD
from ..testing import Skip, case

FRAME = re.compile(r"^#(\d+) (0x[0-9a-f]+)")
STACK_MAX_BYTES = 256 * 1024
# Program -> the NTSTATUS and the parameters of its exception.
CRASHES = {
    "fault-null.exe": (0xC0000005, "[0x0, 0x8]"),
    "fault-c.exe": (0xC0000005, "[0x1, 0x10]"),
    "fault-nx.exe": (0xC0000005, "[0x8, 0x"),
    "fault-call.exe": (0xC0000005, "[0x8, 0x0]"),
    "fault-noncanonical.exe": (0xC0000005, "[0x0, 0xffffffffffffffff]"),
    "fault-divide.exe": (0xC0000094, "[]"),
    "fault-int3.exe": (0x80000003, "[0x0]"),
}


def crash(run, starts, **machine):
    """(reports, paths of dumps) of programs that crash, in order."""
    port = run.file("port")
    port.unlink(missing_ok=True)
    start = "; ".join(f"{program} => {status:#x}" for program, status in starts)
    outcome = run(start, debug_port=port, **machine).succeeds()
    return reports.of(outcome.serial), minidumps.write(port, run.file("dumps"))


def walk(run, dump):
    """What dumpwalk says of a dump, in lines."""
    _, text = command.output([BUILD / "tools" / "release" / "dumpwalk", dump,
                              "--images", run.profile.programs])
    return text.splitlines()


def compare(report, lines, parameters):
    """Raises AssertionError unless the dump says what the report says."""
    status, address = report.json["ending"]["status"], report.json["registers"]["rip"]
    thread = report.json["current"]["thread"]
    assert any(line.startswith(f"exception {status:#010x} ") and f" at {address} " in line
               and f"parameters {parameters}" in line for line in lines), lines
    assert f"thread {thread}, one of 1" in lines, lines
    for module in report.json["modules"]:
        base = f"{int(module['base'], 16):#018x}"
        assert any(line.startswith(f'module {base} size {module["size"]:#x} "{module["name"]}"')
                   for line in lines), (module, lines)
    frames = [(int(found[1]), int(found[2], 16)) for line in lines if (found := FRAME.match(line))]
    entries = [entry for entry in report.json["frames"] if not entry.get("inlined")]
    guesses = [entry["number"] for entry in entries if entry.get("note", "").startswith("guessed")]
    if guesses and int(report.json["registers"]["rip"], 16) == 0:
        # Only the kernel guesses who called what is in no image.
        entries = [entry for entry in entries if entry.get("number", guesses[0]) < guesses[0]]
    else:
        assert "end: " + entries.pop()["text"] in lines, lines
    wanted = [(entry["number"], int(entry["address"], 16)) for entry in entries]
    assert frames == wanted, f"the dump has {frames}, the report {wanted}"


def declare(name, **machine):
    """All crashes on a machine."""
    @case(f"minidump.{name}")
    def crashes(run):
        if not (run.profile.programs / "fault-c.exe").exists():
            raise Skip("fault-c.exe is not built: mingw is not installed")
        found, dumps = crash(run, [(program, status) for program, (status, _) in CRASHES.items()],
                             **machine)
        assert len(found) == len(dumps) == len(CRASHES), (len(found), dumps)
        for report, dump, (program, (_, parameters)) in zip(found, dumps, CRASHES.items()):
            assert dump.name.startswith(program), (dump, program)
            compare(report, walk(run, dump), parameters)


declare("q35")
declare("microvm", boot="microvm")


@case("minidump.stack-overflow")
def stack_overflow(run):
    """A stack that is all used is cut: a dump is for the disk of a host."""
    _, (dump,) = crash(run, [("stack-overflow.exe", 0xC00000FD)])
    assert STACK_MAX_BYTES < dump.stat().st_size < STACK_MAX_BYTES + 0x10000, dump.stat()
    lines = walk(run, dump)
    assert any(line.startswith("... and ") for line in lines), lines
    assert lines[-1].startswith("end: broken: ") and "not in the dump" in lines[-1], lines


@case("minidump.ends")
def ends(run):
    """Registers at the ends of the address space: little to read, and no harm."""
    jumps = ("0xFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFF8 0xFFFFFFFFFFFFFFF8",
             "0x7FFFFFFEFFFF 0x7FFFFFFEFFFF", "0x10 0x8000000000000000", "0xFFFF 0")
    found, dumps = crash(run, [(f"fault-jump.exe {jump}", 0xC0000005) for jump in jumps])
    assert len(found) == len(dumps) == len(jumps), (len(found), dumps)
    for jump, dump in zip(jumps, dumps):
        first = next(line for line in walk(run, dump) if line.startswith("#0 "))
        assert int(first.split()[1], 16) == int(jump.split()[0], 16), (jump, first)


@case("minidump.nobody-listens")
def nobody_listens(run):
    """Without the port a crash is a crash all the same."""
    run("fault-null.exe => 0xC0000005; hello.exe").succeeds().is_silent_about("minidump")


@case("minidump.sizes")
def sizes(run):
    """Several dumps in one stream, one cut off, and names that are no file names."""
    head = b"PETREL-MINIDUMP process=%d bytes=%d name=%s\n"
    stream = head % (4, 3, b"a b/../c.exe") + b"\nP1" + head % (8, 0, b"d.exe") + head % (9, 5, b"e") + b"12"
    assert minidumps.split(stream) == [("a_b_.._c.exe.4.dmp", b"\nP1"), ("d.exe.8.dmp", b"")]
