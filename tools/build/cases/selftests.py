"""The kernel's tests of itself, on every machine it boots on."""

from .. import bochs, qemu
from ..testing import Skip, case

# Bochs takes most of a minute for programs by the thousand.
QUICK = ("processor,pages,frames,heap,heap-refusals,user-copy,traps,contexts,vectors,breakpoints,"
         "time,locks,symbols,chain")
SOME_TEST = "selftest locks: ok"
MACHINES = {
    "direct": {"memory_mib": 64},
    "16-mib": {"memory_mib": 16},
    "microvm": {"boot": "microvm", "memory_mib": 64},
    "grub": {"boot": "grub", "memory_mib": 64},
    "16-mib.grub": {"boot": "grub", "memory_mib": 16},
    "uefi": {"boot": "uefi", "memory_mib": 128, "timeout_s": 180},
    "bochs": {"boot": "bochs", "timeout_s": 120},
    "old-processor": {"cpu": "qemu64", "memory_mib": 64},
    "no-local-apic": {"cpu": "max,-apic", "memory_mib": 64},
}
# Rules that debug builds enforce with a panic: test -> what it says.
BROKEN_RULES = {
    "lock-order": "lock Low (rank 1) taken while a lock of the same or a higher rank is held",
    "lock-release": "locks released out of order",
    "lock-twice": "lock Low (rank 1) taken while a lock of the same or a higher rank is held",
    "copy-under-lock": "user memory touched while locks are held",
}


def declare_machine(name, machine):
    """All self-tests on a machine."""
    @case(f"selftest.{name}")
    def on_machine(run):
        if name == "uefi" and not qemu.OVMF.exists():
            raise Skip("the UEFI firmware (ovmf) is not installed")
        if name == "bochs" and bochs.missing():
            raise Skip(bochs.missing())
        tests = QUICK if name == "bochs" else "all"
        run(kernel=f"selftest={tests}", **machine).succeeds().prints(SOME_TEST)


def declare_rule(name, message):
    """A rule is broken on purpose and the kernel notices."""
    @case(f"selftest.{name}")
    def rule(run):
        if run.profile.is_release:
            raise Skip("only debug builds check this")
        run(kernel=f"selftest={name}").fails("the kernel panicked").prints(f"PANIC: {message}")


@case("selftest.frame-cost")
def frame_cost(run):
    if not run.profile.is_release:
        raise Skip("the cost is that of a release build")
    run(kernel="selftest=frame-cost", cpu=qemu.BENCH_CPU, is_deterministic=True) \
        .succeeds().prints("PETREL-BENCH id=frame_symbolised")


@case("selftest.report-cost")
def report_cost(run):
    """In a debug build only that it works; `scons bench` has the figure."""
    run(kernel="selftest=report-cost").succeeds().prints("PETREL-BENCH id=report_20_frames")


@case("selftest.heap-cost")
def heap_cost(run):
    """In a debug build only that it works; `scons bench` has the figure."""
    run(kernel="selftest=heap-cost").succeeds().prints("PETREL-BENCH id=heap_alloc_free")


def declare_tick_rate(name, options):
    """Ticks per second, on a machine whose time is its own instructions."""
    @case(f"selftest.tick-rate.{name}")
    def tick_rate(run):
        run(kernel="selftest=tick-rate", is_deterministic=True, **options).succeeds() \
            .prints("selftest tick-rate: ok")


@case("selftest.then-programs")
def then_programs(run):
    run("hello.exe", "selftest=locks").succeeds().prints(SOME_TEST, "name=hello.exe")


@case("selftest.unknown")
def unknown(run):
    run("hello.exe", "selftest=locks,nonsense").fails("bad-option") \
        .prints("selftest=nonsense names no self-test", "user-copy").is_silent_about(SOME_TEST)


for each, options in MACHINES.items():
    declare_machine(each, options)
for each in ("direct", "no-local-apic"):
    declare_tick_rate(each, MACHINES[each])
for each, text in BROKEN_RULES.items():
    declare_rule(each, text)
