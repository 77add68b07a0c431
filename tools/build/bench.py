"""`scons bench`: every row that exists, into .progress/bench.csv and a table."""

import csv
import re
import shutil
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

from userland import main, part, prepare

from . import command, job, qemu, windows
from .errors import BuildError
from .guestrun import Runner
from .paths import BUILD, ROOT

RESULTS = ROOT / ".progress" / "bench.csv"
COLUMNS = ("commit", "id", "value", "unit", "qemu", "note")
LINE = re.compile(r"^PETREL-BENCH id=(\S+) value=([0-9.]+) unit=(\S+)\s*$", re.M)
FIRST_USER = re.compile(r"first user instruction after ([0-9]+) cycles")
PT_LOAD = 1
LIMIT_S = 120

# id -> (Linux, Wine on Linux, what Petrel must stay within); figures of
# rivals: QEMU 7.2.22, Linux 6.1, Wine 8.0, instructions unless said.
ROWS = {
    "null_syscall": (314, 15_453, 250),
    "event_create_close": (None, 36_640, 1_200),
    "event_set_wait": (None, 35_600, 700),
    "event_pingpong": (8_790, 72_352, 2_800),
    "alert_pingpong": (7_993, 9_979, 2_500),
    "exception_continue": (None, None, None),
    "apc_queue_call": (None, None, None),
    "pipe_pingpong": (11_707, 243_400, 5_000),
    "thread_create_join": (51_837, 1_458_500, 40_000),
    "process_create_wait.freestanding": (490_327, 28_616_000, 150_000),
    "process_create_wait.win32": (None, 28_616_000, 1_500_000),
    "touch_1mib": (1_095_469, 1_132_279, 500_000),
    "commit_4k_free": (17_904, 38_634, 3_000),
    "open_read_close": (8_589, 97_153, 7_000),
    "read_4k": (1_828, 3_292, 1_400),
    "file_64mib": (None, None, 130),
    "power_on_to_hello.direct": (None, 3_294_025_846, 12_000_000),
    "power_on_to_hello.q35": (None, 3_294_025_846, 30_000_000),
    "power_on_to_hello.grub": (None, 3_294_025_846, 240_000_000),
    "hello_warm": (None, 29_217_000, 1_500_000),
    "hello_private_bytes": (None, 76_000_000, 300 * 1024),
    "entry_to_user": (1_400_000_000, None, 8_000_000),
    "frame_symbolised": (5_815, None, 1_500),
    "call_symbolised": (5_815, None, None),
    "heap_alloc_free": (None, None, 100),
    "kernel_loaded_bytes": (14_900_000, None, 2 * 1024 * 1024),
    "kernel_loaded_bytes.without_symbols": (None, None, None),
    "symbol_bytes": (20.0, None, 26),
    "line_table_percent": (None, None, 12),
    "report_20_frames": (360_000, None, 200_000),
    "report_20_frames.json": (None, None, 200_000),
}


@dataclass
class Row:
    """A measured figure."""
    id: str
    value: str
    unit: str
    note: str


def run(profile):
    """Measures, appends, prints."""
    rows = (measured_in_guest(profile) + measured_over_dlls(profile)
            + measured_on_host(profile))
    append(rows, commit(), qemu_version())
    print_table(rows)


def measured_in_guest(profile):
    """What kernel and bench.exe print under -icount."""
    folder = BUILD / "bench"
    folder.mkdir(exist_ok=True)
    runner = Runner("bench", profile, folder)
    outcome = runner("bench.exe", cpu=qemu.BENCH_CPU, is_deterministic=True,
                     has_network_card=True)
    if not outcome.verdict.is_success:
        raise BuildError(f"bench.exe failed: {outcome.verdict.reason}\n{runner.last_lines(25)}")
    found = FIRST_USER.search(outcome.serial)
    if found is None:
        raise BuildError("the kernel did not say when the first user instruction ran")
    costs = runner(kernel="selftest=heap-cost,frame-cost,report-cost", cpu=qemu.BENCH_CPU,
                   is_deterministic=True)
    if not costs.verdict.is_success:
        raise BuildError(f"a self-test of costs failed: {costs.verdict.reason}\n"
                         f"{runner.last_lines(25)}")
    note = "release; q35 direct"
    return [Row("entry_to_user", found[1], "instructions", note)] + [
        Row(id, value, unit, note) for id, value, unit in LINE.findall(outcome.serial + costs.serial)]


def measured_over_dlls(profile):
    """What a program in C costs over the Win32 DLLs, by each way to boot."""
    if not windows.has_compiler():
        print("bench: mingw is not installed, so that programs in C are left out")
        return []
    hello, *more = (windows.program(name)
                    for name in ("hello", "footprint", "spawning", "nothing"))
    names = ["hello.exe", "hello.exe", "footprint.exe", "spawning.exe"]
    rows = []
    with tempfile.TemporaryDirectory(dir=BUILD / "bench") as folder:
        folder = Path(folder)
        job.write(folder / "tree", [job.Step(name, name) for name in names])
        for file in (hello, *more):
            shutil.copyfile(file, folder / "tree" / "programs" / file.name)
        dlls = part.image_for(prepare.prepare(main.note), hello)
        job.make_image(folder / "image", folder / "tree", dlls)
        for boot, id in (("grub", "grub"), ("direct", "q35"), ("microvm", "direct")):
            outcome = job.run(profile.elf, folder / "image", BUILD / "bench" / id, LIMIT_S,
                              boot=boot, cpu=qemu.BENCH_CPU, is_deterministic=True)
            ended = outcome.ended
            if [one.status for one in ended] != [0] * len(names):
                raise BuildError(f"a program failed through {boot}: {outcome.reason}")
            rows.append(Row(f"power_on_to_hello.{id}", str(ended[0].record.first_at),
                            "instructions", f"release; mingw C, {boot}"))
    private, stack = map(int, re.findall(rb"[0-9]+", ended[2].output))
    return rows + [
        Row("hello_warm", str(ended[1].record.cycles), "instructions", "release; microvm"),
        Row("hello_private_bytes", str(private - stack), "byte", "less its touched stack"),
        Row("process_create_wait.win32", ended[3].output.decode().strip(), "instructions",
            "release; microvm, an empty main of mingw C")]


def measured_on_host(profile):
    """Sizes, from the files."""
    text = (profile.folder / "symtab.txt").read_text()
    loaded = loaded_bytes(profile.elf.read_bytes())
    rows = [Row("kernel_loaded_bytes", str(loaded), "byte", "release; memory of all PT_LOAD"),
            Row("kernel_loaded_bytes.without_symbols", str(loaded - said(text, "capacity", int)),
                "byte", "the same less the section of the symbol table")]
    for id, word, unit, note in (
            ("symbol_bytes", "bytes_per_symbol", "byte/symbol", "release; names"),
            ("line_table_percent", "line_percent", "% of text", "release; lines and inlining")):
        rows.append(Row(id, str(said(text, word, float)), unit, note))
    return rows


def said(text, word, kind):
    """A number that symtab printed."""
    found = re.search(rf"\b{word}=([0-9.]+)", text)
    if found is None:
        raise BuildError(f"symtab did not say {word}=: {text.strip()}")
    return kind(found[1])


def loaded_bytes(elf):
    """Memory that a 64-bit ELF's PT_LOAD segments take."""
    (table,) = struct.unpack_from("<Q", elf, 32)
    entry_bytes, count = struct.unpack_from("<HH", elf, 54)
    total = 0
    for offset in range(table, table + entry_bytes * count, entry_bytes):
        (kind,) = struct.unpack_from("<I", elf, offset)
        (memory_bytes,) = struct.unpack_from("<Q", elf, offset + 40)
        total += memory_bytes if kind == PT_LOAD else 0
    return total


def append(rows, commit_id, version):
    """Adds lines to the results; older ones stay."""
    RESULTS.parent.mkdir(exist_ok=True)
    is_new = not RESULTS.exists()
    with open(RESULTS, "a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow((commit_id, row.id, row.value, row.unit, version, row.note))


def commit():
    """The commit that was measured; + when files differ from it."""
    _, text = command.output(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT)
    _, changes = command.output(
        ["git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!.progress"],
        cwd=ROOT)
    return text.strip() + ("+" if changes.strip() else "")


def qemu_version():
    """QEMU's version number."""
    _, text = command.output([qemu.PROGRAM, "--version"])
    found = re.search(r"version ([0-9.]+)", text)
    return found[1] if found else "unknown"


def print_table(rows):
    """Rivals, target and ours side by side."""
    form = "{:<34}{:>14}{:>14}{:>14}{:>14}  {}"
    print(form.format("id", "Linux", "Wine", "target", "Petrel", ""))
    for row in rows:
        linux, wine, target = ROWS.get(row.id, (None, None, None))
        misses = target is not None and float(row.value) > target
        print(form.format(row.id, number(linux), number(wine), number(target),
                          number(float(row.value)), "MISSES" if misses else ""))


def number(value):
    """A figure with separators, a dash for none."""
    if value is None:
        return "-"
    return f"{value:,.1f}" if value != int(value) else f"{int(value):,}"
