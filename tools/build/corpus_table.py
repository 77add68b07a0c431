"""The README's table of what runs, from what a whole run of the corpus found."""

import re

from .errors import BuildError
from .paths import ROOT

README = ROOT / "README.md"
BEGIN = "<!-- `scons corpus` writes from here -->\n"
END = "<!-- to here -->\n"
# The family of a compiler, as the corpus writes it first.
TOOL = re.compile(r"mingw|Rust-gnu|Rust-msvc|Go|OCaml|Haskell/GHC|MSVC|LLVM")
SHOWN = {"mingw": "mingw GCC", "MSVC": "Visual C++", "Haskell/GHC": "Haskell", "Rust-gnu": "Rust (gnu)",
         "Rust-msvc": "Rust (msvc)"}
SOURCES = {"pypi": "PyPI", "npm": "npm", "deb": "Debian"}


def write(programs, wrong):
    """Replaces the table; `wrong` has the names of cases that are not right."""
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BuildError(f"README.md has no place for the table: the lines {BEGIN.strip()} and "
                         f"{END.strip()} are missing")
    README.write_text(before + begin + table(programs, wrong) + end + after, encoding="utf-8")


def table(programs, wrong):
    """The table, by how much the programs ask of a system."""
    lines = ["| program | from | made with | MiB | cases right |", "|---|---|---|---:|---:|"]
    for program in sorted(programs, key=lambda program: program["rank"]):
        cases = program["cases"]
        right = sum(case not in wrong for case in cases)
        name = program["program"].rsplit("/", 1)[-1]
        lines.append(f"| `{name}` | {source(program['package'])} | {tool(program['toolchain'])} "
                     f"| {program['size'] / 2**20:.1f} | {right} of {len(cases)} |")
    return "\n".join(lines) + "\n"


def source(package):
    """Where a program comes from: the package and its version."""
    kind, _, rest = package.partition(" ")
    return f"{SOURCES.get(kind, kind)} {re.split(' [(+]', rest)[0]}".strip()


def tool(toolchain):
    """The compiler's family."""
    found = TOOL.search(toolchain)
    return SHOWN.get(found[0], found[0]) if found else toolchain
