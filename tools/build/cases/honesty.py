"""The verdict is honest: every way to misbehave is a failure."""

from .. import tinyguest
from ..testing import case

RECORD = "PETREL-PROGRAM name=a.exe status=0x{:08X} expected=0x{:08X}\n"
SUCCESS = "PETREL-END verdict=success programs={} failed=0 reason=-\n"
GOOD = RECORD.format(0, 0) + SUCCESS.format(1)


def guest(run, code, timeout_s=20):
    """Boots a tiny guest."""
    file = run.file("guest.elf")
    file.write_bytes(tinyguest.elf(code))
    return run(elf=file, timeout_s=timeout_s)


@case("verdict.guest.success")
def success(run):
    guest(run, tinyguest.say(GOOD) + tinyguest.leave(0x10)).succeeds()


@case("verdict.guest.hang")
def hang(run):
    guest(run, tinyguest.HANG, timeout_s=2).fails("no end within 2 s")


@case("verdict.guest.hang-behind-record")
def hang_behind_record(run):
    guest(run, tinyguest.say(GOOD) + tinyguest.HANG, timeout_s=2).fails("did not end within 2 s")


@case("verdict.guest.triple-fault")
def triple_fault(run):
    guest(run, tinyguest.RESET).fails("triple fault")


@case("verdict.guest.triple-fault-behind-record")
def triple_fault_behind_record(run):
    guest(run, tinyguest.say(GOOD) + tinyguest.RESET).fails("status 0")


@case("verdict.guest.no-record")
def no_record(run):
    guest(run, tinyguest.say("hello\n") + tinyguest.leave(0x10)).fails("never wrote")


@case("verdict.guest.wrong-status")
def wrong_status(run):
    text = RECORD.format(1, 0) + SUCCESS.format(1)
    guest(run, tinyguest.say(text) + tinyguest.leave(0x10)).fails("lists a failed program")


@case("verdict.guest.forged-record")
def forged_record(run):
    text = GOOD + "more output\n"
    guest(run, tinyguest.say(text) + tinyguest.leave(0x10)).fails("never wrote")


@case("verdict.guest.short-record")
def short_record(run):
    text = RECORD.format(0, 0) + SUCCESS.format(2)
    guest(run, tinyguest.say(text) + tinyguest.leave(0x10)).fails("counts 2 programs")
