"""The symbol table says what DWARF says, at every call of the kernel."""

import re
import struct

from .. import command, kernel
from ..paths import Profile
from ..testing import case

SITES_OFFSET, USED = 104, 20  # fields of the table's header


def declare(profile):
    """The case of a profile; the one that is not tested otherwise is built for it."""
    @case(f"symbols.{profile.name}")
    def agrees_with_dwarf(run):
        if profile.name != run.profile.name:
            profile.folder.mkdir(parents=True, exist_ok=True)
            kernel.build(profile)
        _, text = command.output([kernel.symtab(), "--verify", profile.debug_elf])
        found = {word: int(count) for word, count in re.findall(r"(\w+)=(\d+)", text)}
        assert found["sites"] > 1000 and found["frames"] > found["sites"], text
        assert found["sites_without_file"] < 10, text


for is_release in (False, True):
    declare(Profile(is_release))


@case("symbols.damaged")
def damaged(run):
    """The comparison notices a table with another bit."""
    elf = bytearray(run.profile.debug_elf.read_bytes())
    table = kernel.table_in(elf)
    (sites,) = struct.unpack_from("<I", elf, table + SITES_OFFSET)
    (used,) = struct.unpack_from("<I", elf, table + USED)
    elf[table + (sites + used) // 2] ^= 4
    copy = run.file("elf")
    copy.write_bytes(elf)
    status, text = command.output([kernel.symtab(), "--verify", copy], may_fail=True)
    copy.unlink()
    assert status == 1 and "and DWARF gives it" in text, text
