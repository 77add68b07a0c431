"""`petrel run` with folders that are shared: what the program sees, and what is here then."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .. import windows
from ..testing import FOLDER, Skip, case
from .petrel import LIMIT_S, NOT_INSTALLED, USAGE, command_of

FILES = """\
show: 5 bytes given
show: 5 bytes given
make: done
write: done
write: done
show: 14 bytes first and more
cut: done
size: 9
make a directory: done
make it again: error 183
move: done
move onto another: error 183
change case: done
make: done
write: done
make: done
write: done
replace: done
remove a full directory: error 145
make: done
write: done
delete: done
delete again: error 2
open below a file: error 3
write: done
entry: temporary 0x20 9
the end: done
list: error 2
entry: given.txt 0x20 5
entry: OLD.TXT 0x20 3
entry: Sub 0x10 0
the end: done
entry: . 0x10 0
entry: .. 0x10 0
entry: MOVED.txt 0x20 9
the end: done
"""
RULES = """\
open what is not shared: error 32
set the time: done
attributes: done
written: 01d0000012345678
make read-only: done
attributes: 0x21
write what is read-only: error 5
delete what is read-only: error 5
make writable: done
lock: done
lock the same: error 33
write what is locked: error 33
make: done
write: done
delete what is open: done
look for it: error 2
make: done
write: done
read it: done
it: lives on
delete another: done
serials: 1
move to C:: error 17
move to C: by copy: done
room: done
"""
VIEWS = """\
map: done
read: done
read: by a view
write: done
in view: by a write
flush: done
"""
MANY = """\
made: 0 failed, 300 seen
make: done
write: done
delete: done
make: done
write: done
show: 4 bytes deep
"""
REFUSED = """\
make: error 19
show: 5 bytes given
write: error 19
delete: error 19
rename: error 19
set attributes: error 19
make a directory: error 19
"""
FULL = """\
full: error 112
delete: done
make: done
write: done
"""
LINKS = """\
show: 5 bytes given
show: 5 bytes inner
show: 5 bytes given
show: 5 bytes given
entry: inner.txt 0x20 5
the end: done
entry: to file 0x420 5
entry: to folder 0x420 19
the end: done
attributes: 0x10
show: error 2
show: error 3
show: error 1921
show: error 1921
show: error 1921
show: error 1921
show: error 3
entry: loop 0x420 4
the end: done
the link: done
tag: 0x420 0xa000000c
show: error 32
make: done
write: done
make: done
write: done
make: done
write: done
replace: done
show: 12 bytes in its place
remove what leads to a file: error 267
rename: done
show: error 2
show: 5 bytes given
delete: done
delete: done
remove what leads to a folder: done
delete what leads to a folder: done
"""
NAMES = """\
entry: . 0x10 0
entry: .. 0x10 0
entry: plain 0x20 5
entry: Twin 0x20 3
entry: twin 0x20 5
the end: done
show: 3 bytes one
show: 5 bytes other
show: 3 bytes one
show: 5 bytes other
read what is open: done
read: one
delete: done
show: 3 bytes one
delete: done
remove what is not seen: error 145
the end: done
seen: 20002
"""
GONE = """\
ready
attributes: error 2
make: error 2
list: error 2
read what is open: done
read: given
"""


def share_run(run, folder, *words, options=()):
    """(exit code, standard output, standard error) of the program in a folder."""
    done = subprocess.run(
        [command_of(run), "run", *options, windows.program("share"), *words], cwd=folder,
        capture_output=True, timeout=LIMIT_S, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode().replace("\r", ""), done.stderr.decode()


def folder_with(**files):
    """A temporary folder with files of some text."""
    folder = tempfile.TemporaryDirectory(dir=FOLDER)
    for name, text in files.items():
        Path(folder.name, f"{name}.txt").write_text(text)
    return folder


def texts(folder):
    """The files of a folder and what is in them, folders with nothing."""
    paths = sorted(Path(folder).rglob("*"))
    return {str(path.relative_to(folder)): path.is_file() and path.read_text() for path in paths}


@case("petrel.share.files")
def files(run):
    """Files of the current folder are read, made, moved and deleted."""
    with folder_with(given="given") as folder:
        got = share_run(run, folder, "files")
        assert got == (0, FILES, ""), got
        assert texts(folder) == {
            "given.txt": "given", "OLD.TXT": "new", "Sub": False, "Sub/MOVED.txt": "first and"}


@case("petrel.share.rules")
def rules(run):
    """Sharing, locks, attributes and times are as on Windows."""
    with folder_with() as folder:
        got = share_run(run, folder, "rules")
        assert got == (0, RULES, ""), got
        assert texts(folder) == {}, texts(folder)


@case("petrel.share.views")
def views(run):
    """What views write comes back."""
    with folder_with() as folder:
        got = share_run(run, folder, "views")
        assert got == (0, VIEWS, ""), got
        data = Path(folder, "viewed").read_bytes()
        expected = bytearray(10000)
        expected[:10], expected[5000:5009], expected[9990:9997] = \
            b"by a write", b"by a view", b"the end"
        assert data == expected


@case("petrel.share.many")
def many(run):
    """Many files, a long name and deep folders."""
    with folder_with() as folder:
        got = share_run(run, folder, "many", "300")
        assert got == (0, MANY, ""), got
        assert len(os.listdir(Path(folder, "many"))) == 300
        deep = Path(folder, *["a deep directory"] * 100, "file")
        assert deep.read_text() == "deep"


@case("petrel.share.read_only")
def read_only(run):
    """Nothing is changed where nothing is to be."""
    with folder_with(given="given") as folder:
        got = share_run(run, folder, "refused", options=["--dir=.:Z::ro"])
        assert got == (0, REFUSED, ""), got
        assert texts(folder) == {"given.txt": "given"}


@case("petrel.share.full")
def full(run):
    """A full disk is an error of the call, and goes on when there is room again."""
    with folder_with() as folder:
        words = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", folder]
        if os.geteuid() != 0 or subprocess.run(words, capture_output=True).returncode != 0:
            raise Skip("only root can make a small file system")
        try:
            got = share_run(run, folder, "full")
            assert got == (0, FULL, ""), got
            assert texts(folder) == {"after": "room again"}
        finally:
            subprocess.run(["umount", folder], check=True)


@case("petrel.share.links")
def links(run):
    """Symbolic links are followed as far as they lead inside, and go themselves."""
    with folder_with(given="given") as folder:
        inner = Path(folder, "folder")
        inner.mkdir()
        Path(inner, "inner.txt").write_text("inner")
        for name, target in (
                ("to file", "given.txt"), ("to folder", "./folder/../folder/"),
                ("chain", "to file"), ("dangling", "nothing"), ("loop", "loop"),
                ("absolute", f"{folder}/given.txt"),
                ("outside", f"../{Path(folder).name}/given.txt"),
                ("made by link", "folder/made"), ("replaced", "given.txt"), ("folder/back", ".."),
                ("folder/up again", "../folder/back")):
            Path(folder, name).symlink_to(target)
        got = share_run(run, folder, "links")
        assert got == (0, LINKS, ""), got
        left = {name: os.readlink(path) if path.is_symlink() else path.is_file()
                for name in sorted(os.listdir(folder)) for path in [Path(folder, name)]}
        assert left == {
            "absolute": f"{folder}/given.txt", "dangling": "nothing", "folder": False,
            "given.txt": True, "made by link": "folder/made",
            "outside": f"../{Path(folder).name}/given.txt", "replaced": True}, left
        assert sorted(os.listdir(inner)) == ["inner.txt", "made", "moved", "new", "up again"]
        assert os.readlink(Path(inner, "moved")) == "given.txt"
        assert Path(inner, "made").read_text() == "what it leads to"


@case("petrel.share.names")
def names(run):
    """Names that are none on Windows are left out, and a large folder is listed whole."""
    with folder_with() as folder:
        odd, many = Path(folder, "names"), Path(folder, "many")
        odd.mkdir()
        many.mkdir()
        hidden = [b"bad \xff", b"a:b", b"back\\slash", b"line\n", b"\xed\xa0\x80", b"star*"]
        for name, text in ((b"plain", "plain"), (b"Twin", "one"), (b"twin", "other"),
                           *((name, "") for name in hidden)):
            Path(odd, os.fsdecode(name)).write_text(text)
        for number in range(20000):
            Path(many, f"file {number}").touch()
        Path(many, os.fsdecode(b"\xff")).touch()
        got = share_run(run, folder, "names")
        assert got == (0, NAMES, ""), got
        assert sorted(os.listdir(os.fsencode(odd))) == sorted([b"plain", *hidden])


@case("petrel.share.gone")
def gone(run):
    """A folder that goes is not there, and what is open is still read."""
    with folder_with() as outside:
        folder = Path(outside, "folder")
        folder.mkdir()
        Path(folder, "given.txt").write_text("given")

        def remove():
            time.sleep(3)
            # Renamed it would still be shared: QEMU has it open.
            shutil.rmtree(folder)

        thread = threading.Thread(target=remove)
        thread.start()
        got = share_run(run, folder, "gone")
        thread.join()
        assert got == (0, GONE, ""), got


@case("petrel.share.wrong")
def wrong(run):
    """What cannot be shared is said."""
    with folder_with(given="given") as folder:
        for options, why in (
                (["--dir=none"], "no such folder"),
                (["--dir=given.txt"], "it is a file"),
                (["--dir=.:C:"], "own drive"),
                (["--dir=.:D:", "--dir=.:d:"], "drive already"),
                (["--dir=.:C:\\x"], "--copy"),
                (["--cwd=E:\\x"], "no folder is shared as E:")):
            code, output, errors = share_run(run, folder, "files", options=options)
            assert code == USAGE and not output and why in errors, (options, code, errors)
        code, output, _ = share_run(run, folder, "files", options=["--no-dir"])
        assert code == 0 and output.startswith("show: error 2\n"), output
        assert texts(folder) == {"given.txt": "given"}
        # A QEMU without it says so.
        fake = Path(folder, "qemu-system-x86_64")
        fake.write_text("#!/bin/sh\necho \"qemu: -fsdev local: fsdev support is disabled\" >&2\n"
                        "exit 1\n")
        fake.chmod(0o755)
        done = subprocess.run(
            [command_of(run), "run", windows.program("share"), "files"], cwd=folder,
            capture_output=True, text=True, timeout=LIMIT_S, stdin=subprocess.DEVNULL,
            env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
        assert done.returncode == NOT_INSTALLED and "--no-dir" in done.stderr, done
