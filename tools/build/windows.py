"""Programs for Windows, in C: built by mingw, run over the Win32 DLLs."""

import hashlib
import shutil
import threading

from . import command, programs
from .paths import BUILD, USERSPACE

FOLDER = BUILD / "win32"
FLAGS = ("-O1", "-Wall", "-Wextra", "-Werror", "-Wl,--no-insert-timestamp")
LOCK = threading.Lock()


def has_compiler():
    """Whether they can be built here."""
    return shutil.which(programs.MINGW) is not None


def program(name):
    """The file of userspace/win32/NAME.c as a program, built when its source changed."""
    source, file = USERSPACE / "win32" / f"{name}.c", FOLDER / f"{name}.exe"
    text = source.read_bytes()
    flags = FLAGS + (("-municode",) if b" wmain(" in text else ())
    mark = hashlib.sha256(text + repr(flags).encode()).hexdigest()
    note = FOLDER / f"{name}.built"
    with LOCK:
        if not (file.exists() and note.exists() and note.read_text() == mark):
            FOLDER.mkdir(parents=True, exist_ok=True)
            command.output([programs.MINGW, *flags, source, "-o", file])
            note.write_text(mark)
    return file
