"""The programs of userspace/: building them, and which run by default."""

import hashlib
import json
import shutil
import sys

from . import cargo, command, tables
from .paths import USERSPACE, write_if_changed

TARGET = "x86_64-pc-windows-msvc"
MINGW = "x86_64-w64-mingw32-gcc"  # for the programs in C


def build(profile):
    """Builds all programs and their symbol tables, and lists them."""
    profile.programs.mkdir(parents=True, exist_ok=True)
    command.run(
        [sys.executable, "-B", USERSPACE / "build.py", profile.programs,
         "--target-dir", profile.program_target] + (["--release"] if profile.is_release else []),
        env=cargo.environment())
    wanted = {entry["file"] for entry in manifest()}
    lines = []
    for file in sorted(profile.programs.glob("*.exe")):
        if file.name not in wanted:
            file.unlink()
            continue
        lines.append(f"{hashlib.sha256(file.read_bytes()).hexdigest()} {file.name}\n")
    for name, table in sorted(tables.all_of(files(profile), profile.tables).items()):
        lines.append(f"{hashlib.sha256(table.read_bytes()).hexdigest()} symbols/{name}\n")
    write_if_changed(profile.program_list, "".join(lines).encode())


def manifest():
    """The entries of userspace/programs.json: what runs and what it prints."""
    return json.loads((USERSPACE / "programs.json").read_text())["programs"]


def files(profile):
    """Name -> file of every built program."""
    return {file.name: file for file in sorted(profile.programs.glob("*.exe"))}


def demonstration():
    """Kernel options of a run that names no program: start list and environment."""
    shown = [entry for entry in manifest()
             if entry.get("demo") and (entry["built"] != "c" or shutil.which(MINGW))]
    start = "; ".join(entry["start"] for entry in shown)
    return [f"start={start}"] + [entry["kernel"] for entry in shown if "kernel" in entry]
