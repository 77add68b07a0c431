"""Where a program's frames get their names: its table, its symbols, its exports, or nowhere."""

from .. import reports
from ..testing import Skip, case

NULL, C = "fault-null.exe", "fault-c.exe"


def frames(run, name, tables):
    """(outcome, frames of the report as JSON) of a crash, its archive with these tables only."""
    program = run.profile.programs / name
    if not program.exists():
        raise Skip(f"{name} is not built: mingw is not installed")
    outcome = run(f"{name} => 0xC0000005", files={name: program}, tables=tables).succeeds()
    (report,) = reports.of(outcome.serial)
    return outcome, [entry for entry in report.json["frames"] if "mark" not in entry]


def named(found):
    """Function, or none, of each frame."""
    return [frame.get("function") for frame in found]


@case("names.symbols")
def coff_symbols(run):
    """Without a table, the COFF symbols of a program name its functions."""
    _, found = frames(run, C, {})
    assert named(found) == ["innermost", "middle", "start"], found
    assert all("file" not in frame for frame in found), found


@case("names.exports")
def exports(run):
    """Without those, its exports; where none fits, module and offset."""
    outcome, found = frames(run, NULL, {})
    assert named(found) == ["read_null", None, None, None], found
    offset = int(found[1]["rva"], 16)
    outcome.prints(f"fault-null.exe+{offset:#x}\n")
    assert outcome.serial.count("symbol table") == 0, "a program without a table is no news"


@case("names.another-table")
def another_table(run):
    """The table of another file is left out, and the log says so."""
    outcome, found = frames(run, NULL, {NULL: run.profile.tables / "hello.exe"})
    assert named(found)[0] == "read_null" and "file" not in found[0], found
    outcome.prints("the symbol table of fault-null.exe is for another file of that name")


@case("names.damaged-table")
def damaged_table(run):
    """So is one that is damaged; one damaged behind its head harms nothing but names."""
    whole = (run.profile.tables / NULL).read_bytes()
    table = run.file("table")
    table.write_bytes(whole[:100])
    outcome, found = frames(run, NULL, {NULL: table})
    assert named(found)[0] == "read_null", found
    outcome.prints("warn  executive::memory::image: the symbol table of fault-null.exe: ")
    head = 116
    for step in (1, 3, 7):
        table.write_bytes(whole[:head] + bytes(
            byte ^ (0xFF if place % 8 == step else 0) for place, byte in enumerate(whole[head:])))
        _, found = frames(run, NULL, {NULL: table})
        assert len(found) >= 4, found


@case("names.table-by-any-case")
def any_case(run):
    """A program started by its name in other letters has its table all the same."""
    outcome = run("FAULT-NULL.EXE => 0xC0000005").succeeds()
    (report,) = reports.of(outcome.serial)
    assert report.json["frames"][0]["function"] == "fault_null::read_null", report.json["frames"][0]


@case("names.traced")
def traced(run):
    """A report looks on without faults of its own: nothing is logged into it."""
    outcome = run("fault-jump.exe 0x10 0x20000 => 0xC0000005", "log=trace").succeeds()
    (report,) = reports.of(outcome.serial)
    assert "execution of 0x10" in report.json["cause"], report.json["cause"]
