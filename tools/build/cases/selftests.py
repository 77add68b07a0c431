"""The kernel's tests of itself, on every machine it boots on."""

from .. import bochs, qemu
from ..testing import Skip, case

ALL = "selftest=all"
MACHINES = {
    "direct": {"boot": "direct"},
    "microvm": {"boot": "microvm"},
    "grub": {"boot": "grub"},
    "16-mib": {"boot": "direct", "memory_mib": 16},
    "16-mib.grub": {"boot": "grub", "memory_mib": 16},
    "old-processor": {"boot": "direct", "cpu": "qemu64"},
    "uefi": {"boot": "uefi", "timeout_s": 180},
    "bochs": {"boot": "bochs", "timeout_s": 180},
}
# Rules that debug builds enforce with a panic: name -> what it says.
BROKEN_RULES = {
    "lock-order": "PANIC: ",
    "lock-twice": "PANIC: ",
    "copy-under-lock": "PANIC: ",
}


def declare_machine(name, machine):
    """All self-tests on a machine."""
    @case(f"selftest.{name}")
    def on_machine(run):
        if name == "uefi" and not qemu.OVMF.exists():
            raise Skip("the UEFI firmware (ovmf) is not installed")
        if name == "bochs" and bochs.missing():
            raise Skip(bochs.missing())
        run("hello.exe", ALL, **machine).succeeds()


def declare_rule(name, message):
    """A rule is broken on purpose and the kernel notices."""
    @case(f"selftest.{name}")
    def rule(run):
        if run.profile.is_release:
            raise Skip("only debug builds check this")
        run(kernel=f"selftest={name}").fails("the kernel panicked").prints(message)


for each, options in MACHINES.items():
    declare_machine(each, options)
for each, text in BROKEN_RULES.items():
    declare_rule(each, text)
