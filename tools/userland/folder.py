"""A Wine in a folder: where its files are, and whether it is one to use.

The folder may be one of DLLs, one that Wine installs (with x86_64-windows in
it), an unpacked package, or the root of a system.
"""

import re

from build.errors import BuildError

from . import contents
from .pe import Image

KEY = "ntdll.dll"
ARCHITECTURE = "x86_64-windows"
PLACES = ("", ARCHITECTURE, *(f"{place}/{ARCHITECTURE}" for place in (
    "wine", "lib/wine", "lib64/wine", "usr/lib/x86_64-linux-gnu/wine", "usr/lib/wine",
    "usr/lib64/wine")))
OLDEST = 10
KNOWN = 10  # the one that the kernel was made for
UNIX_HALF = "../x86_64-unix/ntdll.so"  # has the version as text; never run
VERSION = re.compile(rb"wine-(\d+)\.\d")
# What Petrel uses of ntdll.dll that no Wine before 10 has.
NEEDED_EXPORTS = ("NtContinueEx", "RtlVirtualUnwind2", "__wine_unix_call_dispatcher",
                  "__wine_unixlib_handle")
# Beside the DLLs, or at such a place in a folder above them.
TABLES = ("share/wine/nls", "nls")
ZLIB = ("x86_64-w64-mingw32/lib",)
LICENCES = "share/doc/*/copyright"
LICENCES_OF = ("wine", "libwine", "wine-*", "libz-mingw-w64")
LICENCES_BESIDE = ("COPYING*", "LICEN[CS]E*", "copyright*")
LEVELS_UP = 5  # from x86_64-windows to the root of a package


class Folder:
    """The files that the image needs, found in a folder."""

    def __init__(self, path, shown=None):
        self.path = path
        self.shown = shown or str(path)
        if not path.is_dir():
            raise BuildError(f"{self.shown} is not a folder: name one with {KEY} of Wine "
                             f"{OLDEST} in it")
        self.modules = self.place_of_modules()
        self.above = [self.modules, *list(self.modules.parents)[:LEVELS_UP]]
        self.names = lower_names(self.modules)
        self.check_version()
        self.files = {**self.find_modules(), **self.find_tables()}

    def place_of_modules(self):
        """The folder with the DLLs."""
        for place in PLACES:
            if KEY in lower_names(self.path / place):
                return (self.path / place).resolve()
        raise BuildError(f"{self.shown} has no {KEY}, nor has {ARCHITECTURE} in it: name a folder "
                         f"of Wine {OLDEST}, such as /usr/lib/x86_64-linux-gnu/wine")

    def check_version(self):
        """Fails for a Wine that is too old."""
        self.version = self.stated_version()
        self.check_age()
        exports = Image(self.names[KEY].read_bytes(), self.names[KEY]).exports
        lacking = [name for name in NEEDED_EXPORTS if name not in exports]
        if lacking:
            raise BuildError(f"{self.names[KEY]} has no {lacking[0]}, so it is of no Wine from "
                             f"{OLDEST} on: name another folder, or none for Debian's")

    def check_age(self):
        """Fails when the version is known and too old."""
        if self.version is not None and self.version < OLDEST:
            raise BuildError(f"{self.shown} is Wine {self.version}, and Petrel needs Wine "
                             f"{OLDEST} or later: name another folder, or none for Debian's")

    def stated_version(self):
        """The major version that its other half states, if that is there."""
        unix_half = self.modules / UNIX_HALF
        found = VERSION.search(unix_half.read_bytes()) if unix_half.is_file() else None
        return int(found[1]) if found else None

    def find_modules(self):
        """Name -> file of all DLLs and programs, those that only others need too."""
        files = {name: self.names.get(name) for name in contents.MODULES}
        lacking = [name for name, file in files.items() if file is None]
        if lacking:
            raise BuildError(f"{self.shown} lacks {', '.join(lacking)}: name the folder of a "
                             f"complete Wine {OLDEST}")
        for name, file in list(files.items()):
            for needed in Image(file.read_bytes(), file).imports:
                if needed not in files and not needed.startswith(("api-ms-", "ext-ms-")):
                    files[needed] = self.find_imported(needed, name)
        return files

    def find_imported(self, needed, name):
        """The file of a DLL that another one imports."""
        if needed not in contents.IMPORTED:
            raise BuildError(f"{name} in {self.shown} imports {needed}, which is not in the image: "
                             f"use Wine {KNOWN}, or add it in tools/userland/contents.py")
        for file in [self.names.get(needed), *self.in_folders_above(ZLIB, needed)]:
            if file is not None and file.is_file():
                return file
        raise BuildError(f"{name} in {self.shown} imports {needed}, which is not there: install "
                         "libz-mingw-w64, or put it beside the other DLLs")

    def find_tables(self):
        """Name -> file of the tables of languages."""
        for folder in [self.modules, *self.in_folders_above(TABLES, "")]:
            found = {file.name: file for file in folder.glob("*.nls")}
            if contents.TABLES[0] in found:
                lacking = [name for name in contents.TABLES if name not in found]
                if lacking:
                    raise BuildError(f"{folder} lacks {', '.join(lacking)}: name the folder of a "
                                     f"complete Wine {OLDEST}")
                return {file.name: file for file in
                        [found[name] for name in contents.TABLES]
                        + sorted(folder.glob(contents.MORE_TABLES))}
        raise BuildError(f"{contents.TABLES[0]} is neither in {self.modules} nor in share/wine/nls "
                         "above it: put Wine's nls files beside its DLLs")

    def in_folders_above(self, places, name):
        """Where something may be, the nearest first."""
        return [folder / place / name for folder in self.above for place in places]

    def licences(self):
        """Name -> file of what licences it has."""
        found = {}
        for folder in self.above:
            for package in LICENCES_OF:
                for file in folder.glob(LICENCES.replace("*", package)):
                    found.setdefault(f"{file.parent.name}.txt", file)
        for pattern in LICENCES_BESIDE:
            for file in self.modules.glob(pattern):
                found.setdefault(file.name, file)
        return dict(sorted(found.items()))


def lower_names(folder):
    """Name in lower case -> file, of a folder that may not exist."""
    return {file.name.lower(): file for file in sorted(folder.iterdir())} \
        if folder.is_dir() else {}
