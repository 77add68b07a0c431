"""Several programs one after the other in one machine, each with streams of its own."""

from dataclasses import dataclass
from pathlib import Path

from . import command, image, qemu, verdict

PORTS = {"output": 0xEA, "errors": 0xEB}  # kernel/hal/src/debug_port.rs


@dataclass
class Step:
    """A program to run: `input` is what it reads, None gives it the null device."""
    program: str
    line: str
    directory: str = "C:\\"
    input: bytes = None


@dataclass
class Ended:
    """What came of one."""
    record: verdict.Program
    output: bytes
    errors: bytes

    @property
    def status(self):
        """Its exit code."""
        return self.record.status


@dataclass
class Outcome:
    """What came of all: those that ended, the kernel's log, what it is judged."""
    ended: list
    serial: str
    reason: str


def write(tree, steps):
    """Puts the job into the tree of a boot image."""
    own = tree / "petrel"
    own.mkdir(parents=True, exist_ok=True)
    (tree / "programs").mkdir(exist_ok=True)
    records = ["petrel job 1"]
    for number, step in enumerate(steps):
        name = "" if step.input is None else f"input-{number}"
        if name:
            (own / name).write_bytes(step.input)
        records += [f"program={step.program}", f"line={step.line}",
                    f"directory={step.directory}", f"input={name}"]
    (own / "job").write_bytes("".join(f"{record}\0" for record in records).encode())


def make_image(path, tree, windows, time_of_files=0):
    """The boot image of a tree, and behind it that of the Win32 DLLs."""
    command.output(["mkfs.erofs", "-E", "noinline_data", f"-T{time_of_files}",
                    "-U", image.ARCHIVE_UUID, "--all-root", path, tree])
    image.append(path, windows)


def run(elf, boot_image, stem, limit_s, boot="microvm", kernel=(), **machine):
    """Runs the job of an image; log and streams stay in files that begin with the stem."""
    files = {name: Path(f"{stem}.{name}") for name in ("log", "iso", *PORTS)}
    devices = [word for name, port in PORTS.items() for word in (
        "-chardev", f"file,id={name},path={files[name]}",
        "-device", f"isa-debugcon,iobase={port:#x},chardev={name}")]
    tokens = ["stdio=host", *kernel]
    if boot == "grub":
        image.make_iso(files["iso"], elf, boot_image, tokens)
    words = qemu.arguments(
        qemu.Machine(boot=boot, more=tuple(devices), **machine), elf, boot_image, files["iso"],
        tokens, qemu.serial_to_file(files["log"]))
    status = qemu.run(words, limit_s)
    files["iso"].unlink(missing_ok=True)
    serial = files["log"].read_text(errors="replace") if files["log"].exists() else ""
    result = verdict.read(serial, status, limit_s)
    streams = [files[name].read_bytes() for name in PORTS]
    return Outcome(split(result.programs, streams), serial, result.reason)


def split(records, streams):
    """Each program's part of both streams."""
    ended, places = [], [0, 0]
    for record in records:
        written = (record.output, record.errors)
        parts = [stream[place:place + count]
                 for stream, place, count in zip(streams, places, written)]
        places = [place + count for place, count in zip(places, written)]
        ended.append(Ended(record, *parts))
    return ended
