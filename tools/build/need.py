"""Before anything is built: what is missing, and which command installs it."""

import hashlib
import shutil

from . import cargo, command, programs, qemu
from .errors import BuildError
from .paths import KERNEL, ROOT, SETUP, TOOLS, USERSPACE

BUILD_COMMANDS = ("objcopy", "cc", "mkfs.erofs", "grub-mkrescue", "xorriso", "mformat")
USERLAND_COMMANDS = ("mkfs.erofs",)  # it compiles nothing
VERB_COMMANDS = {
    "run": (qemu.PROGRAM,), "test": (qemu.PROGRAM,), "bench": (qemu.PROGRAM,),
    "screenshots": (qemu.PROGRAM,), "petrel": (qemu.PROGRAM,),
    "corpus": (qemu.PROGRAM, programs.MINGW, "npm", "pip3")}


def check(verbs, options):
    """Raises one sentence when something is missing."""
    asked = "tools/setup scons " + " ".join(verbs)
    builds = set(verbs) != {"userland"}
    missing = [name for name in (BUILD_COMMANDS if builds else USERLAND_COMMANDS)
               if shutil.which(name) is None]
    for verb in verbs:
        missing += [name for name in VERB_COMMANDS.get(verb, ())
                    if shutil.which(name) is None]
    if "run" in verbs and options.boot == "uefi" and not qemu.OVMF.exists():
        missing.append("the UEFI firmware (ovmf)")
    if "run" in verbs and options.boot == "bochs" and shutil.which("bochs") is None:
        missing.append("bochs")
    if options.is_headless:
        asked += " headless=1"
    if options.boot != "grub":
        asked += f" boot={options.boot}"
    missing += rust() if builds else []
    if missing:
        raise BuildError(f"this machine lacks {', '.join(dict.fromkeys(missing))}; "
                         f"`{asked}` installs what is missing")


def rust():
    """What is missing of Rust, in words."""
    path = cargo.environment()["PATH"]
    if shutil.which("cargo", path=path) is None:
        return ["Rust"]
    stamp = SETUP / "rust"  # tools/setup writes it at its end
    if stamp.exists() and stamp.read_text().strip() == locks():
        return []
    for target in (cargo.BARE, programs.TARGET):
        if not cargo.has_target(target):
            return [f"the Rust target {target}"]
    for folder in (KERNEL, TOOLS, USERSPACE):
        if not (folder / "Cargo.lock").exists():
            continue
        status, text = command.output(
            [cargo.program("cargo"), "fetch", "--locked", "--offline"],
            cwd=folder, env=cargo.environment(), may_fail=True)
        if status != 0:
            is_toolchain = "toolchain" in text and "not installed" in text
            return ["the pinned Rust toolchain" if is_toolchain
                    else f"the crates of {folder.name}/"]
    return []


def locks():
    """One line that changes with any Cargo.lock or the toolchain."""
    total = hashlib.sha256()
    for file in (ROOT / "rust-toolchain", KERNEL / "Cargo.lock",
                 TOOLS / "Cargo.lock", USERSPACE / "Cargo.lock"):
        total.update(file.read_bytes() if file.exists() else b"")
    return total.hexdigest()
