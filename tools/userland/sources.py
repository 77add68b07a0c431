"""Where the DLLs come from: a given folder, an installed Wine, or Debian."""

import hashlib
import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from build import command
from build.errors import BuildError

from . import contents, packages
from .folder import ARCHITECTURE, KEY, OLDEST, VERSION, Folder

VARIABLE = "PETREL_USERLAND"
INSTALLED = tuple(Path(path) for path in (
    "/usr/lib/x86_64-linux-gnu/wine", "/usr/lib/wine", "/usr/lib64/wine",
    "/opt/wine-stable/lib/wine", "/opt/wine-stable/lib64/wine",
    "/opt/wine-devel/lib/wine", "/opt/wine-devel/lib64/wine",
    "/opt/wine-staging/lib/wine", "/opt/wine-staging/lib64/wine"))


class Local:
    """A Wine on this machine."""

    def __init__(self, folder):
        self.wine = folder
        self.origin = folder.shown + (f", Wine {folder.version}" if folder.version else "")

    def identity(self):
        """The contents of all files that are used."""
        files = {**self.wine.files, **self.wine.licences()}
        return {name: hashlib.sha256(file.read_bytes()).hexdigest()
                for name, file in sorted(files.items())}

    @contextmanager
    def folder(self):
        """Its folder."""
        yield self.wine


class Packages:
    """The pinned packages of Debian, fetched when they are needed."""

    def __init__(self, kept, note):
        self.kept = kept  # the folder of the .deb files
        self.note = note
        self.origin = f"Debian {contents.SUITE}: " + ", ".join(
            f"{package.name} {package.version}" for package in contents.PACKAGES)

    def identity(self):
        """The pinned hashes, which are known before anything is fetched."""
        return {package.file: package.sha256 for package in contents.PACKAGES}

    @contextmanager
    def folder(self):
        """Their files, unpacked for a while."""
        files = packages.fetch(self.kept, self.note)
        with tempfile.TemporaryDirectory(dir=self.kept) as work:
            self.note("unpacking them")
            for file in files:
                packages.unpack(file, Path(work), is_wanted)
            yield Folder(Path(work), "the package libwine")


def is_wanted(path):
    """Whether a file of a package may be of use."""
    name = path.rpartition("/")[2]
    return ((f"/{ARCHITECTURE}/" in path and name in contents.MODULES)
            or path.startswith("usr/share/wine/nls/")
            or path.startswith("usr/x86_64-w64-mingw32/lib/") and name in contents.IMPORTED
            or path.startswith("usr/share/doc/") and name == "copyright")


def choose(environment, kept, note, installed=INSTALLED):
    """The source to take. `kept` is where packages are kept."""
    given = environment.get(VARIABLE)
    if given:
        try:
            return Local(Folder(Path(given).expanduser()))
        except BuildError as why:
            raise BuildError(f"{VARIABLE}: {why}") from None
    for path in installed:
        if not (path / ARCHITECTURE / KEY).is_file():
            continue
        try:
            folder = Folder(path)
            check_program(folder)
            return Local(folder)
        except BuildError as why:
            note(f"not the installed Wine but Debian's packages are used, for {why}")
    return Packages(kept, note)


def check_program(folder):
    """Asks the installed `wine` where the DLLs do not tell its version."""
    if folder.version is None and shutil.which("wine"):
        _, text = command.output(["wine", "--version"], may_fail=True)
        found = VERSION.search(text.encode())
        folder.version = int(found[1]) if found else None
        folder.check_age()


def hash_of_tool():
    """Changes with every change of this tool."""
    total = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        total.update(f"{file.name} {file.stat().st_size}\n".encode() + file.read_bytes())
    return total.hexdigest()


def identity(source):
    """Names what is made of a source by this tool."""
    inputs = {"origin": source.origin, "inputs": source.identity(), "tool": hash_of_tool(),
              "modules": contents.MODULES, "tables": contents.TABLES}
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]
