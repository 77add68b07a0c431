"""Every way to boot, the small machine, processors with less, equal runs."""

from .. import bochs, programs, qemu
from ..testing import Skip, case

HELLO = "Hello from a PE program in user mode."


def demonstration(run, **machine):
    """Boots and runs what `scons run` shows."""
    return run(kernel=programs.demonstration(), **machine).succeeds().prints(HELLO)


@case("boot.grub")
def grub(run):
    demonstration(run, boot="grub")


@case("boot.direct")
def direct(run):
    demonstration(run, boot="direct")


@case("boot.microvm")
def microvm(run):
    demonstration(run, boot="microvm")


@case("boot.uefi")
def uefi(run):
    if not qemu.OVMF.exists():
        raise Skip("the UEFI firmware (ovmf) is not installed")
    demonstration(run, boot="uefi", timeout_s=120)


@case("boot.bochs")
def strict(run):
    if bochs.missing():
        raise Skip(bochs.missing())
    demonstration(run, boot="bochs", timeout_s=120)


@case("boot.16-mib.grub")
def small_grub(run):
    demonstration(run, boot="grub", memory_mib=16)


@case("boot.16-mib.direct")
def small_direct(run):
    demonstration(run, boot="direct", memory_mib=16)


@case("boot.4-gib")
def large(run):
    demonstration(run, memory_mib=4096)


@case("boot.no-nx")
def without_no_execute(run):
    run("hello.exe", cpu="qemu64,-nx").succeeds().prints("protection: NX missing")


@case("boot.unfinished-line")
def unfinished_line(run):
    run("unfinished.exe", kernel=["log=off"]).succeeds().prints("no end of line")


@case("boot.no-1-gib-pages")
def without_large_pages(run):
    demonstration(run, cpu="max,-pdpe1gb")


@case("boot.old-processor")
def old_processor(run):
    demonstration(run, cpu="qemu64")


@case("boot.no-start-list")
def nothing_to_do(run):
    run().fails("nothing-to-start")


@case("boot.missing-program")
def missing_program(run):
    run("nosuch.exe").fails().prints("nosuch.exe")


@case("boot.wrong-status")
def wrong_status(run):
    run("exit.exe 3; hello.exe").fails("exit.exe ended with 0x00000003").prints(HELLO)


@case("boot.bad-command-line")
def bad_command_line(run):
    run(kernel="panic=nonsense").fails().prints("panic=nonsense")


@case("boot.unknown-option")
def unknown_option(run):
    run("hello.exe", kernel="flavour=red").succeeds().prints("flavour=red")


@case("boot.quotes-through-grub")
def quotes(run):
    run('arguments.exe one "two words" 3', boot="grub", kernel=["env=COLOUR=blue"]) \
        .succeeds().prints("argument 2: two words")


@case("boot.equal-runs")
def equal_runs(run):
    first, second = (demonstration(run, is_deterministic=True).serial for _ in range(2))
    assert first == second, "two runs under -icount print different bytes"


@case("boot.equal-runs.grub")
def equal_runs_grub(run):
    first, second = (run("hello.exe", ["seed=7"], boot="grub", is_deterministic=True)
                     .succeeds().serial for _ in range(2))
    assert first == second, "two runs under -icount print different bytes"
