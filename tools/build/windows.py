"""Programs for Windows, in C, C++ and Rust, which run over the Win32 DLLs."""

import hashlib
import shutil
import threading

from userland import main, part, pe, prepare

from . import cargo, command, image, programs
from .errors import BuildError
from .paths import BUILD, ROOT, USERSPACE

FOLDER = BUILD / "win32"
FLAGS = ("-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wl,--no-insert-timestamp")
LIBRARIES = {".c": ("-lntdll", "-lws2_32", "-lmswsock", "-liphlpapi")}
CPP = programs.MINGW.removesuffix("gcc") + "g++"
RUST_TARGET = "x86_64-pc-windows-gnu"
RUST_FLAGS = ("--edition=2024", f"--target={RUST_TARGET}", "-Copt-level=1", "-g",
              f"-Clinker={programs.MINGW}", "-Clink-arg=-Wl,--no-insert-timestamp")
LOCK = threading.Lock()


def has_compiler():
    """Whether they can be built here."""
    return shutil.which(programs.MINGW) is not None


def add_dlls(archive, program):
    """Puts the DLLs that a program needs behind an archive, if it needs any."""
    try:
        needs_dlls = pe.Image(program.read_bytes(), program).imports
    except BuildError:  # the kernel says what is wrong with it
        return
    if needs_dlls:
        image.append(archive, part.image_for(prepare.prepare(main.note), program))


def program(name):
    """The program of userspace/win32/NAME, in whichever language, built when its source changed."""
    source = next(USERSPACE.joinpath("win32").glob(f"{name}.[cr]*"))
    file, note = FOLDER / f"{name}.exe", FOLDER / f"{name}.built"
    text = source.read_bytes()
    words = [*compiler(source.suffix), *(["-municode"] if b" wmain(" in text else [])]
    mark = hashlib.sha256(text + repr(words).encode()).hexdigest()
    with LOCK:
        if not (file.exists() and note.exists() and note.read_text() == mark):
            FOLDER.mkdir(parents=True, exist_ok=True)
            command.output([*words, source, "-o", file, *LIBRARIES.get(source.suffix, ())],
                           cwd=ROOT, env=cargo.environment())
            note.write_text(mark)
    return file


def compiler(suffix):
    """The command that compiles a language, before its source."""
    if suffix == ".rs":
        return [cargo.program("rustc"), *RUST_FLAGS]
    return [programs.MINGW if suffix == ".c" else CPP, *FLAGS,
            *(["-static"] if suffix == ".cpp" else [])]
