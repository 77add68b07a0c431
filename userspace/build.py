"""Builds the programs of programs.json into one directory and checks their shape.

    python3 userspace/build.py OUT [--release] [--target-dir DIR]

Rust programs need the pinned toolchain only. Programs in C need mingw
(Debian: gcc-mingw-w64-x86-64-win32) and are left out, with a note, without it.
The PDB of each Rust program is put beside it.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

import shape

HERE = pathlib.Path(__file__).resolve().parent
TARGET = "x86_64-pc-windows-msvc"
MINGW = "x86_64-w64-mingw32-gcc"
MINGW_FLAGS = [
    "-ffreestanding", "-nostdlib", "-Os", "-g", "-Wall", "-Wextra", "-Werror",
    "-Wl,-e,start", "-Wl,--subsystem,native", "-Wl,--dynamicbase", "-Wl,--no-insert-timestamp",
]


def entries():
    """The runs of the manifest."""
    return json.loads((HERE / "programs.json").read_text())["programs"]


def programs():
    """The programs of the manifest, once each; a program may have several runs."""
    return list({entry["file"]: entry for entry in entries()}.values())


def sources():
    """File -> how it is built, for every program there is a source of."""
    rust = {path.stem: "rust" for path in (HERE / "programs/src/bin").iterdir()}
    c = {path.stem: "c" for path in (HERE / "c").glob("*.c")}
    return {name + ".exe": how for name, how in (rust | c).items()}


def manifest_faults():
    """Where manifest and sources disagree, as sentences."""
    names = [entry["name"] for entry in entries()]
    for name in {name for name in names if names.count(name) > 1}:
        yield f"programs.json: two runs are called {name}"
    listed = {entry["file"]: entry["built"] for entry in entries() if entry["built"] != "damaged"}
    for file, how in sources().items() ^ listed.items():
        if listed.get(file) == how:
            yield f"programs.json: {file} has no source built by {how}"
        else:
            yield f"programs.json: {file}, built by {how}, has no run"


def copy_if_changed(source, target):
    """Keeps the time of an equal file, so that nothing is rebuilt after it."""
    if not target.exists() or source.read_bytes() != target.read_bytes():
        shutil.copyfile(source, target)


def build_rust(out, target_dir, release):
    """Builds all Rust programs and copies them with their PDBs."""
    environment = dict(os.environ, RUSTUP_AUTO_INSTALL="0", CARGO_TARGET_DIR=str(target_dir))
    command = ["cargo", "build", "--locked", "--quiet"] + (["--release"] if release else [])
    if subprocess.run(command, cwd=HERE, env=environment, check=False).returncode != 0:
        sys.exit("error: cargo could not build the programs; its messages stand above")
    built = target_dir / TARGET / ("release" if release else "debug")
    for entry in programs():
        if entry["built"] != "rust":
            continue
        name = entry["file"]
        copy_if_changed(built / name, out / name)
        debug = pathlib.Path(name).with_suffix(".pdb").name
        copy_if_changed(built / debug.replace("-", "_"), out / debug)


def build_c(out):
    """Builds the C programs when mingw is there."""
    if shutil.which(MINGW) is None:
        print(f"note: {MINGW} is not installed: the programs in C are left out", file=sys.stderr)
        return
    for entry in programs():
        if entry["built"] != "c":
            continue
        name = entry["file"]
        source = HERE / "c" / pathlib.Path(name).with_suffix(".c").name
        fresh = out / (name + ".new")
        subprocess.run([MINGW, *MINGW_FLAGS, str(source), "-o", str(fresh)], check=True)
        copy_if_changed(fresh, out / name)
        fresh.unlink()


def build_damaged(out):
    """Makes changed files, most of which the kernel must refuse, out of one it runs."""
    good = (out / "hello.exe").read_bytes()
    for entry in programs():
        if entry["built"] == "damaged":
            fresh = out / (entry["file"] + ".new")
            fresh.write_bytes(shape.damage(good, entry["name"]))
            copy_if_changed(fresh, out / entry["file"])
            fresh.unlink()


def report(faults):
    """Prints sentences as errors and counts them."""
    count = 0
    for count, fault in enumerate(faults, 1):
        print(f"error: {fault}", file=sys.stderr)
    return count


def main():
    """Parses the command line and builds."""
    parser = argparse.ArgumentParser(description="build Petrel's programs")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--release", action="store_true")
    parser.add_argument("--target-dir", type=pathlib.Path)
    options = parser.parse_args()
    if report(manifest_faults()):
        return 1
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    target_dir = options.target_dir or HERE / "target"
    build_rust(out, target_dir.resolve(), options.release)
    build_c(out)
    build_damaged(out)
    return 1 if report(fault for entry in programs() for fault in shape.faults(out, entry)) else 0


if __name__ == "__main__":
    sys.exit(main())
