"""Programs for Windows, in C: built by mingw, run over the Win32 DLLs."""

import hashlib
import shutil
import threading

from userland import main, part, pe, prepare

from . import command, image, programs
from .errors import BuildError
from .paths import BUILD, USERSPACE

FOLDER = BUILD / "win32"
FLAGS = ("-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wl,--no-insert-timestamp")
LIBRARIES = ("-lntdll",)
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
    """The file of userspace/win32/NAME.c as a program, built when its source changed."""
    source, file = USERSPACE / "win32" / f"{name}.c", FOLDER / f"{name}.exe"
    text = source.read_bytes()
    flags = FLAGS + (("-municode",) if b" wmain(" in text else ())
    mark = hashlib.sha256(text + repr(flags).encode()).hexdigest()
    note = FOLDER / f"{name}.built"
    with LOCK:
        if not (file.exists() and note.exists() and note.read_text() == mark):
            FOLDER.mkdir(parents=True, exist_ok=True)
            command.output([programs.MINGW, *flags, source, "-o", file, *LIBRARIES])
            note.write_text(mark)
    return file
