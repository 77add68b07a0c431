"""The verdict of a run, from the serial record and QEMU's exit status."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

ENDED_IN_ORDER = 33  # isa-debug-exit: 0x10 << 1 | 1
PANICKED = 35

PROGRAM = re.compile(
    r"PETREL-PROGRAM name=(\S+) status=0x([0-9A-Fa-f]{8}) expected=0x([0-9A-Fa-f]{8})"
    r"(?: output=(\d+) errors=(\d+) first_at=(\d+) cycles=(\d+))?")
END = re.compile(
    r"PETREL-END verdict=(success|failure|panic) programs=(\d+) failed=(\d+) reason=(\S+)")


class Program(NamedTuple):
    """What the record says of a program."""
    name: str
    status: int
    expected: int
    output: int = 0  # bytes that it wrote to the host
    errors: int = 0
    first_at: int = 0  # cycles from power-on to the first of them
    cycles: int = 0  # from its start to its end


@dataclass
class Verdict:
    """Whether a run succeeded, and why not."""
    is_success: bool
    reason: str
    programs: list = field(default_factory=list)  # Program

    def __str__(self):
        return ("success: " if self.is_success else "failure: ") + self.reason


def read(serial, exit_status, timeout_s=None, ends_by_exit=True):
    """Judges a run.

    `exit_status` is None when the time limit ended the machine.
    `ends_by_exit` is false where there is no isa-debug-exit to leave by.
    """
    record, problem = last_record(serial)
    if record is None:
        return Verdict(False, without_record(serial, exit_status, timeout_s) or problem)
    kind, count, failed, reason, programs = record
    if kind == "panic":
        return Verdict(False, "the kernel panicked", programs)
    if exit_status is None and ends_by_exit:
        return Verdict(False, f"the machine did not end within {timeout_s} s of its start, "
                              "although it wrote its last record", programs)
    if ends_by_exit and exit_status != ENDED_IN_ORDER:
        return Verdict(False, f"QEMU ended with status {exit_status} behind the last record, "
                              f"not {ENDED_IN_ORDER}", programs)
    wrong = [entry for entry in programs if entry.status != entry.expected]
    if kind == "success" and (wrong or failed):
        return Verdict(False, "the record says success and lists a failed program", programs)
    if wrong:
        name, status, expected, *_ = wrong[0]
        return Verdict(False, f"{name} ended with 0x{status:08X}, expected 0x{expected:08X}"
                       + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""), programs)
    if kind == "failure":
        return Verdict(False, f"the kernel says: {reason}", programs)
    return Verdict(True, f"{count} program{'' if count == 1 else 's'} ended as expected", programs)


def last_record(serial):
    """((kind, programs, failed, reason, entries), None) or (None, why not)."""
    lines = serial.replace("\r", "").rstrip("\n").split("\n")
    end = END.fullmatch(lines[-1])
    if end is None:
        return None, "the run never wrote its last record (PETREL-END)"
    count, failed = int(end[2]), int(end[3])
    block = lines[-1 - count:-1] if count else []
    matches = [PROGRAM.fullmatch(line) for line in block]
    # A panic counts programs in its last line and lists none of them.
    if end[1] == "panic" and not all(matches):
        matches = []
    elif len(matches) != count or not all(matches):
        return None, f"the last record counts {count} programs and lists fewer"
    entries = [Program(match[1], int(match[2], 16), int(match[3], 16),
                       *(int(match[field] or 0) for field in range(4, 8))) for match in matches]
    return (end[1], count, failed, end[4], entries), None


def without_record(serial, exit_status, timeout_s):
    """Why a run has no last record, where the exit status tells."""
    if exit_status is None:
        return f"no end within {timeout_s} s: a hang, or timeout= is too short"
    if exit_status == PANICKED or "\nPANIC: " in "\n" + serial:
        return "the kernel panicked and did not finish its report"
    if exit_status == 0:
        return "the machine reset or was switched off without a last record (triple fault?)"
    if exit_status < 0:
        return f"QEMU was ended by signal {-exit_status}"
    if exit_status != ENDED_IN_ORDER:
        return f"QEMU ended with status {exit_status} and no last record"
    return None
