"""Programs for Windows over the Win32 DLLs: what they print, byte for byte."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .. import cargo, job, windows
from ..paths import USERSPACE
from ..testing import FOLDER, Skip, case
from .dlls import userland
from .petrel import expect, petrel_run

THREADED = ("threads", "overlapped", "ports", "sockets", "std-threads", "std-panics")
WITH_CHILDREN = ("processes", "children", "jobs", "locks", "std-children")
PROGRAMS = ("printing", "streams", "files", "exceptions", "throwing", "environment", "arguments",
            "times", "mapping", "notify", "polls", "sockets-hostile", "system", "std-files",
            "std-process", *THREADED, *WITH_CHILDREN)
OWN = ("networks",)  # what is Petrel's own, and not Windows'
TIMES = 30
LEAST_WINE = 10
LIMIT_S = 100
AGAIN_LIMIT_S = 300


def built(name):
    """A program, and what it printed under Wine 10, from which the records are."""
    if shutil.which(windows.CPP) is None:
        raise Skip("mingw's C++ compiler is not installed")
    if not cargo.has_target(windows.RUST_TARGET):
        raise Skip(f"the Rust target {windows.RUST_TARGET} is not installed")
    return windows.program(name), (USERSPACE / "win32" / f"{name}.out").read_bytes()


def register(name):
    """Makes the case of a program."""
    @case(f"win32.{name}")
    def prints_what_is_recorded(run):
        """It prints what it prints on Windows, and ends with 0."""
        program, wanted = built(name)
        expect(petrel_run(run, "--no-dir", program=program), 0, wanted)


for each in PROGRAMS + OWN:
    register(each)


def register_again(case_name, several):
    """Makes the case that runs programs many times."""
    @case(case_name)
    def again(run):
        """They print the same each time, many times in one machine."""
        programs = {name: built(name) for name in several}
        names = [name for name in several for _ in range(TIMES)]
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            folder = Path(folder)
            job.write(folder / "tree", [job.Step(f"{name}.exe", f"{name}.exe") for name in names])
            for name, (program, _) in programs.items():
                shutil.copyfile(program, folder / "tree" / "programs" / f"{name}.exe")
            job.make_image(folder / "image", folder / "tree", userland().image)
            outcome = job.run(run.profile.elf, folder / "image", run.file("job"), AGAIN_LIMIT_S)
        assert len(outcome.ended) == len(names), outcome.reason
        for number, (name, one) in enumerate(zip(names, outcome.ended)):
            found = (one.status, one.output, one.errors)
            assert found == (0, programs[name][1], b""), f"{name} in run {number % TIMES}: {found}"


register_again("win32.again", THREADED)
for each in WITH_CHILDREN:
    register_again(f"win32.again.{each}", [each])


@case("win32.locking")
def locking(run):
    """A lock that is waited for by an OVERLAPPED is not over until it is there."""
    expect(petrel_run(run, "lock"), 0, b"0 997 0\r\n1 0\r\n")


@case("win32.leaving")
def leaving(run):
    """What a program leaves behind is ended with it, and the next one runs alone."""
    if not windows.has_compiler():
        raise Skip("mingw is not installed")
    programs = [windows.program(name) for name in ("leaving", "hello")]
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        folder = Path(folder)
        job.write(folder / "tree", [job.Step(one.name, one.name) for one in programs * 2])
        for one in programs:
            shutil.copyfile(one, folder / "tree" / "programs" / one.name)
        job.make_image(folder / "image", folder / "tree", userland().image)
        outcome = job.run(run.profile.elf, folder / "image", run.file("job"), LIMIT_S)
    found = [(one.status, one.output) for one in outcome.ended]
    assert found == [(23, b""), (0, b"Hello from C.\r\n")] * 2, (found, outcome.reason)


@case("win32.wine")
def under_wine(_run):
    """Wine prints what is recorded, where there is one to ask."""
    wine = shutil.which("wine")
    version = "" if wine is None else subprocess.run(
        [wine, "--version"], capture_output=True, text=True, timeout=LIMIT_S).stdout
    found = re.match(r"wine-(\d+)", version)
    if found is None or int(found[1]) < LEAST_WINE:
        raise Skip(f"no Wine {LEAST_WINE} is installed here")
    for name in PROGRAMS:
        program, wanted = built(name)
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            done = subprocess.run([wine, program], cwd=folder, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=LIMIT_S)
        assert (done.returncode, done.stdout) == (0, wanted), (name, done)
