"""The command `petrel`: itself, and beside it the files that it needs."""

import shutil

from userland import main, prepare

from . import kernel
from .paths import BUILD, TOOLS as SOURCES

COMMAND = BUILD / "petrel"
FOLDER = "petrel-files"  # as tools/petrel/src/home.rs has it
TOOLS = ("tracefile", "symtab")
FOR_GDB = ("gdb_unwinder.py", "gdb_unwind.py")


def build(profile):
    """`scons petrel`: makes build/petrel."""
    kernel.build_tools("petrel", *TOOLS)
    assemble(COMMAND, profile.elf, prepare.prepare(main.note))
    print(f"{COMMAND} run PROGRAM.exe")


def assemble(path, elf, userland):
    """The command at a path, with a kernel and the Win32 DLLs."""
    folder = path.with_name(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    place(elf, folder / "petrel.elf")
    place(elf.with_suffix(".debug.elf"), folder / "petrel.debug.elf")
    for name in FOR_GDB:
        place(SOURCES / "petrel" / name, folder / name)
    place(userland.image, folder / "windows.erofs")
    system = userland.tree / "windows" / "system32"
    names = sorted(file.name.lower() for file in system.iterdir())
    (folder / "windows.txt").write_text("".join(f"{name}\n" for name in names))
    for name in TOOLS:
        place(kernel.tool(name), folder / name)
    place(kernel.tool("petrel"), path)


def place(source, target):
    """A copy at another place, where the old one may run just now: it stays whole."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    shutil.copy2(source, part)
    part.replace(target)
