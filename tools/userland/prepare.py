"""Makes the image: a tree of files, and EROFS of it, both kept by identity."""

import fcntl
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from build import image
from build.errors import BuildError
from build.paths import BUILD

from . import contents, sources
from .folder import KNOWN
from .pe import Image

FOLDER = BUILD / "userland"
PACKAGES = "packages"
ORIGIN = "ORIGIN.txt"


@dataclass(frozen=True)
class Userland:
    """What was made: a tree with the files, and the image of it."""
    identity: str
    tree: Path
    image: Path


def prepare(note, folder=FOLDER, environment=os.environ, installed=sources.INSTALLED):
    """Makes the image, unless it is there. `note` tells the user what goes on."""
    try:
        return prepare_in(folder, environment, installed, note)
    except OSError as why:  # a full disk, a folder that cannot be read
        raise BuildError(f"{why.filename or folder}: {why.strerror}: make room or correct its "
                         "permissions, then try again") from None


def prepare_in(folder, environment, installed, note):
    """The same, with what the system refuses as it says it."""
    folder.mkdir(parents=True, exist_ok=True)
    source = sources.choose(environment, folder / PACKAGES, note, installed)
    name = sources.identity(source)
    made = Userland(name, folder / name, folder / f"{name}.erofs")
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two builds of one checkout
        if not (made.image.exists() and made.tree.is_dir()):
            make(source, made, note)
    return made


def make(source, made, note):
    """Makes tree and image beside their places, then moves them there."""
    require_tools()
    with source.folder() as wine, tempfile.TemporaryDirectory(dir=made.tree.parent) as work:
        if wine.version is not None and wine.version > KNOWN:
            note(f"{wine.shown} is Wine {wine.version}; Petrel was made for Wine {KNOWN}")
        note(f"making the image of {source.origin}")
        tree = Path(work) / "tree"
        sizes = fill(tree, wine, source.origin)
        image.make_erofs(Path(work) / "image", tree)
        shutil.rmtree(made.tree, ignore_errors=True)
        tree.replace(made.tree)
        (Path(work) / "image").replace(made.image)
    before, after = (sum(column) / 1e6 for column in zip(*sizes.values()))
    note(f"{len(sizes)} files, {before:.1f} MB, {after:.1f} MB without debug sections")


def require_tools():
    """Fails before a download, not after it."""
    if shutil.which("mkfs.erofs") is None:
        raise BuildError("mkfs.erofs is not installed: run `tools/setup scons userland`, or "
                         "install erofs-utils")


def fill(tree, wine, origin):
    """Writes all files; returns name -> (bytes before, bytes after stripping)."""
    sizes = {}
    for name, file in sorted(wine.files.items()):
        data = file.read_bytes()
        made = data if name.endswith(".nls") else Image(data, file).stripped()
        sizes[name] = len(data), len(made)
        write(tree / contents.folder_of(name) / name, made)
    for name in contents.EMPTY_FOLDERS:
        (tree / name).mkdir(parents=True, exist_ok=True)
    for name, text in contents.MANIFESTS.items():
        write(tree / name, text.encode())
    licences = wine.licences()
    for name, file in licences.items():
        write(tree / contents.LICENCES / name, file.read_bytes())
    write(tree / contents.LICENCES / ORIGIN, about(origin, sizes).encode())
    for path in [tree, *tree.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)  # whatever the umask
    return sizes


def write(path, data):
    """Writes a file into a folder that may not be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def about(origin, sizes):
    """What the licences ask for: where it comes from and what was changed."""
    changed = [name for name, (before, after) in sizes.items() if before != after]
    return (f"The files in C:\\windows come from {origin}.\n"
            "Their sources are there, and at https://www.winehq.org.\n\n"
            "Debug sections and symbols were removed from these by Petrel's tools/userland:\n"
            + "".join(f"  {name}\n" for name in changed))
