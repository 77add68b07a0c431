"""The part of the DLLs that a program needs, for boots where each MiB has its price."""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from build import image

from . import contents
from .pe import Image

ALWAYS = ("ntdll.dll", "kernelbase.dll", "kernel32.dll", "apisetschema.dll",
          *(name for name in contents.TABLES if not name.startswith("norm")))
# What normalises names its function: only then are the tables of normalisation there.
NORMALISERS = (b"normalizestring", b"isnormalizedstring", b"foldstring", b"idnto", b"rtlnormalize",
               b"rtlisnormalized", b"rtlidn")
NORMALISATION = tuple(name for name in contents.TABLES if name.startswith("norm"))
API_SETS = (("api-ms-win-crt-", ("ucrtbase.dll",)), ("api-ms-win-", ("advapi32.dll",)))
BY_NAME = {"user32.dll": ("imm32.dll",)}  # what a DLL loads whatever its program does


def image_for(userland, program):
    """An image with the DLLs that a program (its file) names, and those that these need."""
    names = sorted(needed(userland.tree, program.read_bytes()))
    mark = hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]
    made = userland.image.with_name(f"{userland.identity}-{mark}.erofs")
    if not made.exists():
        with tempfile.TemporaryDirectory(dir=made.parent) as work:
            tree = Path(work) / "tree"
            shutil.copytree(userland.tree, tree, ignore=lambda folder, inside: {
                name for name in inside
                if (Path(folder) / name).is_file() and name not in names
                and Path(folder).name not in (contents.LICENCES, contents.ASSEMBLIES)})
            image.make_erofs(Path(work) / "image", tree)
            (Path(work) / "image").replace(made)
    return made


def needed(tree, program):
    """The names of the files: of DLLs that its text has, too, which it may load later."""
    files = {file.name: file for file in tree.rglob("*") if file.is_file()}
    text = program.lower()
    todo = [*ALWAYS, *imported(Image(program, "the program")), *normalisation(text)]
    todo += [name for name in files
             if name.encode() in text or name.encode("utf-16-le") in text]
    found = set()
    while todo:
        name = todo.pop()
        if name in files and name not in found:
            found.add(name)
            if not name.endswith(".nls"):
                content = files[name].read_bytes()
                todo += imported(Image(content, name))
                todo += BY_NAME.get(name, ())
                # Those that are always there have the functions themselves.
                todo += () if name in ALWAYS else normalisation(content.lower())
    return found


def normalisation(text):
    """The tables that a file in lower case needs beside those of languages."""
    return NORMALISATION if any(word in text for word in NORMALISERS) else ()


def imported(module):
    """The DLLs that it imports, API sets resolved."""
    for name in module.imports:
        yield name
        yield from next((dlls for start, dlls in API_SETS if name.startswith(start)), ())
