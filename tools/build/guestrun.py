"""What a test case works with: run a machine, then say what must hold."""

import os
import subprocess
import tempfile
from pathlib import Path

from . import bochs, image, qemu, verdict

TIMEOUT_S = 60
QUIET_POLLS = 8  # input is typed when the guest has been silent for so long


class Runner:
    """Starts machines for one case."""

    def __init__(self, name, profile, folder):
        self.profile = profile
        self.name = name
        self.folder = folder
        self.logs = []

    def __call__(self, start="", kernel=(), boot="direct", timeout_s=TIMEOUT_S, input=None,
                 elf=None, files=None, tables=None, **machine):
        """Boots; `start` and `kernel` make the command line.

        `files` (name -> file) replace the programs of the archive and `tables`
        their symbol tables, `elf` the kernel; other names are those of
        qemu.Machine.
        """
        log = self.file(f"{len(self.logs)}.log")
        self.logs.append(log)
        tokens = [f"start={start}"] if start else []
        tokens += kernel.split() if isinstance(kernel, str) else kernel
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            archive = self.profile.archive
            if files is not None:
                archive = Path(folder) / "archive.erofs"
                image.make_archive(archive, files, tables)
            elf, iso = elf or self.profile.elf, Path(folder) / "petrel.iso"
            if boot in ("grub", "uefi", "bochs"):
                image.make_iso(iso, elf, archive, tokens)
            if boot == "bochs":
                bochs.run(iso, machine.get("memory_mib", 64), log, timeout_s)
                status = None
            else:
                status = self.start_qemu(
                    qemu.Machine(boot=boot, **machine), (elf, archive, iso), tokens, log,
                    timeout_s, input)
        serial = log.read_text(errors="replace") if log.exists() else ""
        return Outcome(serial, status, verdict.read(serial, status, timeout_s, boot != "bochs"))

    def file(self, name):
        """A file of this case's own."""
        return self.folder / f"{self.name}.{name}"

    def start_qemu(self, machine, files, tokens, log, timeout_s, input):
        """Runs QEMU; returns its exit status or None."""
        keyboard = Keyboard(input, log) if input is not None else None
        serial = qemu.serial_from_input(log) if keyboard else qemu.serial_to_file(log)
        words = qemu.arguments(machine, *files, tokens, serial)
        messages = log.with_suffix(".qemu")
        with open(messages, "wb") as errors:
            status = qemu.run(
                words, timeout_s, errors=errors,
                stdin=keyboard.pipe if keyboard else subprocess.DEVNULL,
                is_over=keyboard.type_more if keyboard else None)
        if keyboard:
            keyboard.close()
        if not messages.read_bytes():
            messages.unlink()
        return status

    def last_lines(self, count):
        """The end of the last serial log and QEMU's complaints, for a failure."""
        if not self.logs:
            return ""
        log = self.logs[-1]
        parts = [file.read_text(errors="replace") for file in (log, log.with_suffix(".qemu"))
                 if file.exists()]
        lines = "\n".join(parts).replace("\r", "").splitlines()
        return "\n".join([f"--- {log}", *lines[-count:]])


class Outcome:
    """How a run ended; every method returns it or raises AssertionError."""

    def __init__(self, serial, status, found):
        self.serial = serial.replace("\r", "")
        self.status, self.verdict = status, found

    def succeeds(self):
        """Every program ended as expected and the machine in order."""
        assert self.verdict.is_success, f"the run failed: {self.verdict.reason}"
        return self

    def fails(self, reason=""):
        """The verdict is failure, for a reason that contains the text."""
        assert not self.verdict.is_success, "the run succeeded, which is wrong here"
        assert reason in self.verdict.reason, \
            f"failed for another reason: {self.verdict.reason}, not {reason!r}"
        return self

    def prints(self, *texts):
        """The texts appear in this order, each behind the one before."""
        place = 0
        for text in texts:
            found = self.serial.find(text, place)
            assert found >= 0, f"not printed, or not in this order: {text!r}"
            place = found + len(text)
        return self

    def is_silent_about(self, *texts):
        """None of the texts appears."""
        for text in texts:
            assert text not in self.serial, f"printed, and must not be: {text!r}"
        return self


class Keyboard:
    """Types lines into the guest's serial line when it has fallen silent."""

    def __init__(self, text, log):
        self.lines = text.splitlines(keepends=True)
        self.log = log
        self.length, self.quiet = 0, 0
        self.pipe, self.keys = os.pipe()

    def type_more(self):
        """Asked now and then; never ends the run."""
        length = self.log.stat().st_size if self.log.exists() else 0
        self.quiet = self.quiet + 1 if length == self.length and length else 0
        self.length = length
        if self.quiet >= QUIET_POLLS and self.lines:
            os.write(self.keys, self.lines.pop(0).encode())
            self.quiet = 0
        return False

    def close(self):
        """Closes both ends."""
        os.close(self.pipe)
        os.close(self.keys)
