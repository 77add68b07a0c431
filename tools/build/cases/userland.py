"""The Win32 DLLs as one image: choosing, checking, stripping; nothing is fetched."""

import os
import random
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from userland import contents, main, packages, part, pe, prepare, sources
from userland.folder import NEEDED_EXPORTS, Folder

from ..errors import BuildError
from ..fakewine import HEADERS, UNIT, deb, dll, wine
from ..paths import KERNEL, ROOT
from ..testing import case
from .logic import refused

SIGNATURE = b"a signature, say"


def quiet(_text):
    """Takes what the user would be told."""


def made(run, name, source, installed=()):
    """The image of a folder, in a folder of its own."""
    return prepare.prepare(quiet, run.file(name), {sources.VARIABLE: str(source)}, installed)


@case("userland.contents")
def contents_hold(_run):
    names = [*contents.MODULES, *contents.IMPORTED, *contents.TABLES]
    assert len(names) == len(set(names)) and all(name == name.lower() for name in names)
    for package in contents.PACKAGES:
        assert len(bytes.fromhex(package.sha256)) == 32 and package.size_bytes > 0
    kernel = (KERNEL / "lib" / "nls" / "src" / "file.rs").read_text()
    for name in ("sortdefault.nls", "locale.nls", "c_437.nls"):
        place = "\\".join(["", *contents.folder_of(name).split("/"), ""])
        assert f'= r"{place}";' in kernel, place


@case("userland.strip")
def strip(_run):
    data = dll(imports=["kernel32.dll", "NTDLL.dll"], exports=["a", "bc"])
    before = pe.Image(data, "a.dll")
    assert before.imports == ["kernel32.dll", "ntdll.dll"] and before.exports == {"a", "bc"}
    stripped = before.stripped()
    after = pe.Image(stripped, "a.dll")
    assert [section.name for section in after.sections] == [".text", ".rdata", ".eh_frame"]
    assert b"debug" not in stripped and len(stripped) < len(data) - 0x400
    assert after.optional_u32(pe.SIZE_OF_IMAGE) == 4 * UNIT
    place = after.optional + pe.CHECKSUM
    assert after.optional_u32(pe.CHECKSUM) == pe.checksum(stripped, place)
    assert pe.differs(before, after, 3) is None
    assert pe.Image(stripped, "a.dll").stripped() == stripped, "not stable"
    signed = dll(debug=False, tail=SIGNATURE)
    assert pe.Image(signed, "a.dll").stripped() == signed, "changed without need"


@case("userland.strip.checked")
def strip_is_checked(_run):
    before = pe.Image(dll(imports=["a.dll"], exports=["b"]), "a.dll")
    good = before.stripped()
    found = {pe.differs(before, before, 3)}
    for place in (before.header + 4, before.optional + 16, before.table + 36, HEADERS,
                  before.sections[1].raw + 30):
        bad = bytearray(good)
        bad[place] ^= 1
        found.add(pe.differs(before, pe.Image(bytes(bad), "a.dll"), 3))
    assert found == {"number of sections", "header", "header of .text", "section .text",
                     "section .rdata"}, found


@case("userland.damaged")
def damaged(_run):
    data = dll(imports=["a.dll"], exports=["b", "c"])
    chance = random.Random(6)
    for size in range(0, len(data), 7):
        survives(data[:size])
    for _ in range(3000):
        bad = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            bad[chance.randrange(0x3C, 0x220)] = chance.randrange(256)
        survives(bytes(bad))
    refused(lambda: pe.Image(dll(machine=0x14C), "a.dll"), "not a PE file for x86_64")
    refused(lambda: pe.Image(bytes(pe.MARK) + pe.PLACEHOLDER, "a.dll"), "placeholder")


def survives(data):
    """Whatever the bytes are, a sentence is the worst."""
    try:
        pe.Image(data, "a.dll").stripped()
    except BuildError:
        pass


@case("userland.folder")
def folder(run):
    path = run.file("wine")
    refused(lambda: Folder(path / "nowhere"), "is not a folder")
    wine(path)
    for place in (path, path / "x86_64-windows"):
        assert set(Folder(place).files) == {*contents.MODULES, *contents.TABLES, "c_932.nls"}
    refused(lambda: Folder(path / "share"), "has no ntdll.dll")
    wine(path, leave_out=["psapi.dll", "cmd.exe"])
    refused(lambda: Folder(path), "lacks psapi.dll, cmd.exe")
    wine(path, leave_out=["locale.nls"])
    refused(lambda: Folder(path), "locale.nls is neither in")
    wine(path, leave_out=["normnfd.nls"])
    refused(lambda: Folder(path), "lacks normnfd.nls")
    wine(path, ntdll=dll(exports=NEEDED_EXPORTS[1:]))
    refused(lambda: Folder(path), f"has no {NEEDED_EXPORTS[0]}")
    wine(path, user32=dll(imports=["zlib1.dll"]))
    refused(lambda: Folder(path), "install libz-mingw-w64")
    (path / "x86_64-windows" / "zlib1.dll").write_bytes(dll())
    assert "zlib1.dll" in Folder(path).files
    wine(path, user32=dll(imports=["gdiplus.dll", "api-ms-win-crt-a.dll"]))
    refused(lambda: Folder(path), "user32.dll in")
    wine(path, shell32=b"MZ")
    refused(lambda: Folder(path), "shell32.dll is not a PE file")


@case("userland.version")
def version(run):
    path = wine(run.file("wine"))
    (path / "x86_64-unix").mkdir()
    unix_half = path / "x86_64-unix" / "ntdll.so"
    unix_half.write_bytes(b"\0wine-preloader\0wine-9.21 (Some 9.21-1)\0")
    refused(lambda: Folder(path), "is Wine 9, and Petrel needs Wine 10")
    unix_half.write_bytes(b"\0wine-11.2\0")
    assert Folder(path).version == 11
    kept = run.file("kept")
    assert isinstance(sources.choose({}, kept, quiet, (path,)), sources.Local)
    unix_half.write_bytes(b"\0wine-8.0\0")
    told = []
    assert isinstance(sources.choose({}, kept, told.append, (path,)), sources.Packages)
    assert "Wine 8" in told[0], told
    assert isinstance(sources.choose({}, kept, quiet, ()), sources.Packages)
    refused(lambda: sources.choose({sources.VARIABLE: str(path)}, kept, quiet, ()),
            sources.VARIABLE)


@case("userland.image")
def image(run):
    path = wine(run.file("wine"), user32=dll(imports=["zlib1.dll"]))
    (path / "x86_64-windows" / "zlib1.dll").write_bytes(dll(debug=False))
    for name in ("one", "two"):
        shutil.rmtree(run.file(name), ignore_errors=True)
    one = made(run, "one", path)
    old = os.umask(0o077)
    try:
        two = made(run, "two", path)
    finally:
        os.umask(old)
    assert one.identity == two.identity
    assert one.image.read_bytes() == two.image.read_bytes(), "two builds, two images"
    system = one.tree / contents.SYSTEM
    assert {file.name for file in system.iterdir()} == {
        *contents.MODULES, *contents.TABLES, "zlib1.dll", "c_932.nls"} - {"sortdefault.nls"}
    assert (one.tree / contents.SORTING / "sortdefault.nls").is_file()
    licences = one.tree / contents.LICENCES
    assert (licences / "wine.txt").read_text() == "LGPL\n"
    about = (licences / prepare.ORIGIN).read_text()
    assert str(path) in about and "  kernel32.dll\n" in about and "zlib1" not in about
    assert stat.S_IMODE(system.stat().st_mode) == 0o755
    before = one.image.stat().st_mtime_ns
    assert made(run, "one", path) == one and one.image.stat().st_mtime_ns == before
    (path / "x86_64-windows" / "psapi.dll").write_bytes(dll(exports=["new"]))
    assert made(run, "one", path).identity != one.identity
    assert not [file for file in run.file("one").iterdir() if file.name.startswith("tmp")]


@case("userland.part")
def part_holds(run):
    """What a program names is taken, and what that imports, and no more."""
    path = wine(run.file("wine"), user32=dll(imports=["gdi32.dll"]))
    tree = made(run, "part", path).tree
    for folder in contents.EMPTY_FOLDERS:
        assert (tree / folder).is_dir(), folder

    def modules(**what):
        return {name for name in part.needed(tree, dll(**what)) if not name.endswith(".nls")}

    least = {name for name in part.ALWAYS if not name.endswith(".nls")}
    assert modules(imports=["kernel32.dll"]) == least
    assert modules(imports=["user32.dll"]) == least | {"user32.dll", "gdi32.dll", "imm32.dll"}
    assert modules(imports=["api-ms-win-crt-heap-l1.dll"]) == least | {"ucrtbase.dll"}
    named = modules(tail="PsApi.DLL".encode("utf-16-le"))
    assert named == least | {"psapi.dll"}, named
    languages = set(contents.TABLES) - set(part.NORMALISATION)
    assert languages <= part.needed(tree, dll()) and len(languages) < len(contents.TABLES)
    assert not part.needed(tree, dll()) & set(part.NORMALISATION)
    assert set(contents.TABLES) <= part.needed(tree, dll(tail=b"NormalizeString\0"))
    program = run.file("program.exe")
    program.write_bytes(dll())
    userland_made = made(run, "part", path)
    image_made = part.image_for(userland_made, program)
    assert 0 < image_made.stat().st_size < userland_made.image.stat().st_size
    assert part.image_for(userland_made, program) == image_made


@case("userland.packages")
def packages_are_checked(run):
    kept = run.file("kept")
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    good = deb({"./usr/a.dll": b"A", "./usr/../b.dll": b"B", "./usr/c.dll": b"C"})
    pinned = contents.Package("liba", "1~2-3", "all", len(good), packages.hashlib.sha256(
        good).hexdigest())
    (kept / pinned.file).write_bytes(good)
    assert packages.fetch(kept, quiet, (pinned,)) == [kept / "liba_1~2-3_all.deb"]
    packages.unpack(kept / pinned.file, kept / "out", lambda path: not path.endswith("c.dll"))
    assert [file.name for file in (kept / "out").rglob("*.dll")] == ["a.dll"]
    damaged_data = good[:300] + b"x" + good[301:]
    for bad in (damaged_data, good[:100], b"!<arch>\n", b"", b"no package at all" * 9):
        (kept / "bad.deb").write_bytes(bad)
        refused(lambda: packages.unpack(kept / "bad.deb", kept / "bad", lambda _: True),
                "could not be unpacked")
    (kept / pinned.file).write_bytes(good + b"\n")
    refused(lambda: packages.fetch(kept, quiet, (pinned,)), "is not the pinned liba 1~2-3")


# An apt-get that does what the words behind say, and one line of what apt prints.
APT = """#!/bin/sh
case "$*" in
*print-uris*) printf '%s\\n' "{uri}" ;;
*update*) {update} ;;
*download*) {download} ;;
esac
"""
DEBIAN = "'http://mirror.test/debian/dists/bookworm/main/binary-amd64/Packages.xz' x 0"
DOCKER = "'https://other.test/linux/debian/dists/bookworm/stable/binary-amd64/Packages.xz' x 0"


@case("userland.mirrors")
def mirrors(_run):
    text = "\n".join(
        f"'{uri}/dists/{suite}/{part}/binary-amd64/Packages.xz' name 0" for uri, suite, part in (
            ("http://a.test/debian/", "bookworm", "main"), ("http://b.test/debian", "sid", "main"),
            ("http://snapshot.test/archive/debian/20250520T000000Z", "trixie", "main"),
            ("mirror+file:/etc/apt/mirrors/debian.list", "stable", "main"),
            ("http://c.test/debian-security", "bookworm-security", "main"),
            ("https://c.test/linux/debian", "bookworm", "stable"),
            ("https://c.test/debian/12/prod", "bookworm", "main"),
            ("https://c.test/debian", "tools-bookworm", "main"),
            ("http://c.test/ubuntu", "noble", "main")))
    assert packages.SOURCE_OF_DEBIAN.findall(text) == [
        "http://a.test/debian", "http://b.test/debian",
        "http://snapshot.test/archive/debian/20250520T000000Z",
        "mirror+file:/etc/apt/mirrors/debian.list"]
    assert packages.PASSWORD.sub("//", "http://me:word@a.test/debian") == "http://a.test/debian"


@case("userland.fetch")
def fetch_refused(run):
    programs, kept = run.file("bin"), run.file("kept")
    pinned = contents.Package("liba", "1", "all", 1, "0" * 64)
    shutil.rmtree(kept, ignore_errors=True)
    programs.mkdir(exist_ok=True)
    for text, uri, update, download in (
            ("no source of Debian", DOCKER, "", ""),
            ("(Failed to fetch it): check the network", DEBIAN,
             "echo 'E: Failed to fetch it.'; exit 100", ""),
            ("liba 1 could not be fetched from Debian trixie (No such version)", DEBIAN, "",
             "echo 'E: No such version'; exit 100"),
            ("apt-get fetched no liba_1_all.deb", DEBIAN, "", ""),
            ("its SHA-256 is", DEBIAN, "", "echo x >liba_1_all.deb")):
        apt = programs / "apt-get"
        apt.write_text(APT.format(uri=uri, update=update or ":", download=download or ":"))
        apt.chmod(0o755)
        with_path(f"{programs}:/usr/bin:/bin", kept, pinned, text)
        assert not list(kept.iterdir()), "something was kept"
    (programs / "apt-get").unlink()
    with_path(str(programs), kept, pinned, "no apt-get")


def with_path(path, kept, pinned, text):
    """What fetching says, in a process of its own: PATH is that of all cases."""
    code = ("import sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True\n"
            "from pathlib import Path; from build.errors import BuildError\n"
            "from userland import contents, packages\n"
            "try: packages.fetch(Path(sys.argv[2]), lambda text: None,\n"
            "                    (contents.Package('liba', '1', 'all', 1, sys.argv[3]),))\n"
            "except BuildError as why: print(why)\n")
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "tools"), str(kept), pinned.sha256],
        env={"PATH": path}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    assert text in done.stdout and done.stdout.count("\n") == 1, done.stdout


@case("userland.command")
def command(run):
    status, text = userland(["--help"], {})
    assert status == 0 and sources.VARIABLE in text and contents.PACKAGES[0].version in text
    for given, sentence in (("/no/such/folder", "is not a folder"), (str(Path("/")), "has no")):
        status, text = userland([], {sources.VARIABLE: given})
        assert status == 1 and sentence in text and "Traceback" not in text, text
        assert text.count("\n") == 1, text
    assert callable(main.verb)


def userland(words, environment):
    """(exit status, output) of the command."""
    done = subprocess.run(
        [ROOT / "tools" / "userland" / "userland", *words], env={**os.environ, **environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout
