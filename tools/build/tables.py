"""Symbol tables of programs: packed by tools/symtab, kept by content."""

from . import command, kernel
from .errors import BuildError

NO_TABLE = 4  # exit status of symtab: the program has no debug information


def pack(program, name, folder):
    """The table of a program, or None; packed again if any input changed.

    Debug information is DWARF in the program, or a PDB beside it. Returns
    (file or None, why there is none).
    """
    pdb = program.with_suffix(".pdb")
    inputs = [kernel.symtab(), program] + ([pdb] if pdb.exists() else [])
    mark = "".join(map(kernel.hash_of, inputs))
    table = folder / name
    note = folder / f"{name}.note"  # the inputs, and why there is no table
    if note.exists():
        old, _, why = note.read_text().partition("\n")
        if old == mark and (why or table.exists()):
            return (None, why) if why else (table, "")
    folder.mkdir(parents=True, exist_ok=True)
    note.unlink(missing_ok=True)
    words = [kernel.symtab(), "--program", program, "--out", table]
    status, text = command.output(
        words + (["--pdb", pdb] if pdb.exists() else []), may_fail=True)
    if status not in (0, NO_TABLE):
        raise BuildError(f"the symbol table of {name} was not made: {text.strip()}")
    why = text.strip() if status == NO_TABLE else ""
    if why:
        table.unlink(missing_ok=True)
    note.write_text(f"{mark}\n{why}")
    return (None, why) if why else (table, "")


def all_of(programs, folder):
    """Name -> table, of those of `programs` (name -> file) that can have one."""
    packed = {}
    for name, file in programs.items():
        table, why = pack(file, name, folder)
        if table is not None:
            packed[name] = table
        elif file.with_suffix(".pdb").exists():
            raise BuildError(f"{name} has debug information and no symbol table: {why}")
    return packed
