"""The kernel image: compile, link, name its symbols, strip."""

import hashlib
import re
import shutil

from . import cargo, command
from .errors import BuildError
from .paths import BUILD, KERNEL, LINKER_SCRIPT, TOOLS, write_if_changed

FIRST_RESERVE_BYTES = 172 * 1024
RESERVE_DOES_NOT_FIT = 3  # exit status of symtab, which then prints need=BYTES


def build(profile):
    """Brings petrel.elf and petrel.debug.elf up to date."""
    reserve_file = profile.folder / "symbols.reserve"
    reserve = int(reserve_file.read_text()) if reserve_file.exists() else FIRST_RESERVE_BYTES
    linked = link(profile, reserve)
    mark = (hash_of(linked) + hash_of(symtab())).encode()
    mark_file = profile.folder / "petrel.linked"
    outputs = (profile.elf, profile.debug_elf)
    if all(path.exists() for path in outputs) and mark_file.exists() \
            and mark_file.read_bytes() == mark:
        return
    need = patch(profile, linked)
    if need is not None:
        linked = link(profile, need)
        if patch(profile, linked) is not None:
            raise BuildError("the symbol section does not fit after a second link: "
                             "tools/symtab asks for different sizes for one kernel")
        write_if_changed(reserve_file, str(need).encode())
        mark = (hash_of(linked) + hash_of(symtab())).encode()
    strip(profile)
    mark_file.write_bytes(mark)


def link(profile, reserve_bytes):
    """Runs cargo and the linker; returns the unpatched ELF."""
    # The script's name carries its content, so that cargo links again after a
    # change.
    script = profile.folder / f"kernel-{hash_of(LINKER_SCRIPT)[:16]}.ld"
    write_if_changed(script, LINKER_SCRIPT.read_bytes())
    profile.kernel_target.mkdir(parents=True, exist_ok=True)
    link_arguments = [
        f"-T{script}", f"-Map={profile.map}", "--build-id=sha1", "--no-demangle",
        f"--defsym=SYMBOLS_RESERVE={reserve_bytes}"]
    folder = profile.kernel_target / cargo.BARE / profile.name
    linked = folder / "petrel"

    def compile_and_link():
        profile.map.unlink(missing_ok=True)
        cargo.run(
            "rustc", KERNEL, profile.kernel_target,
            ["--quiet", "-p", "petrel"] + (["--release"] if profile.is_release else []),
            target=cargo.BARE,
            compiler_arguments=[word for argument in link_arguments
                                for word in ("-C", f"link-arg={argument}")])

    kept_map = profile.map.with_suffix(".kept")
    mapped = profile.map.with_suffix(".mapped")
    compile_and_link()
    if not profile.map.exists():
        if kept_map.exists() and mapped.exists() and mapped.read_text() == hash_of(linked):
            shutil.copyfile(kept_map, profile.map)
            return linked
        # Cargo went back to a kernel that it linked before another one.
        for path in (folder / "deps").glob("petrel-*"):
            path.unlink()
        compile_and_link()
    shutil.copyfile(profile.map, kept_map)
    mapped.write_text(hash_of(linked))
    return linked


def patch(profile, linked):
    """Copies the ELF and fills its table; returns the size needed, or None."""
    shutil.copyfile(linked, profile.debug_elf)
    status, text = command.output(
        [symtab(), "--elf", profile.debug_elf, "--map", profile.map], may_fail=True)
    if status == 0:
        (profile.folder / "symtab.txt").write_text(text)
        print(f"symbol table: {text.strip()}")
        return None
    need = re.search(r"need=(\d+)", text)
    if status == RESERVE_DOES_NOT_FIT and need:
        return int(need[1])
    raise BuildError(f"the symbol table was not made: {text.strip()}")


def table_in(elf):
    """Where the symbol table begins in the bytes of an ELF, which has its magic in the code too."""
    found = [match.start() for match in re.finditer(rb"PETRLSYM.\0\x74\0", elf, re.S)]
    if len(found) != 1:
        raise BuildError(f"the kernel has {len(found)} symbol tables: is it stripped of its own?")
    return found[0]


def strip(profile):
    """Makes the ELF that is booted; GRUB would load debug sections too."""
    part = profile.elf.with_suffix(".part")
    command.run(["objcopy", "--strip-all", profile.debug_elf, part])
    part.replace(profile.elf)


def symtab():
    """The tool that fills the symbol table, built for this machine."""
    return tool("symtab")


def tool(name):
    """A host program."""
    return BUILD / "tools" / "release" / name


def build_tools(*names):
    """Builds these host programs, or all of them."""
    chosen = [word for name in names for word in ("-p", name)] or ["--workspace"]
    cargo.run("build", TOOLS, BUILD / "tools", ["--quiet", "--release", *chosen])


def hash_of(path):
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
