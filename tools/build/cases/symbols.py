"""The symbol table says what DWARF says, at every call of the kernel."""

import re

from .. import command, kernel
from ..paths import Profile
from ..testing import case


def declare(profile):
    """The case of a profile; the one that is not tested otherwise is built for it."""
    @case(f"symbols.{profile.name}")
    def agrees_with_dwarf(run):
        if profile.name != run.profile.name:
            profile.folder.mkdir(parents=True, exist_ok=True)
            kernel.build(profile)
        _, text = command.output([kernel.symtab(), "--verify", profile.debug_elf])
        found = dict(re.findall(r"(\w+)=(\d+)", text))
        assert int(found["calls"]) > 1000 and int(found["frames"]) > int(found["calls"]), text


for is_release in (False, True):
    declare(Profile(is_release))
