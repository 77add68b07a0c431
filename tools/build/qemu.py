"""QEMU: all machine options, and a process that never outlives its run."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path

from . import cmdline
from .errors import BuildError

PROGRAM = "qemu-system-x86_64"
BOOTS = ("grub", "direct", "microvm", "uefi")
OVMF = Path("/usr/share/ovmf/OVMF.fd")
GDB_PORT = 1234
DETERMINISTIC = ["-icount", "shift=0,sleep=off", "-seed", "1",
                 "-rtc", "base=2026-01-01,clock=vm"]
BENCH_CPU = "max,-erms,-fsrm,-rdrand,-rdseed"
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)


@dataclass
class Machine:
    """A machine to boot, in the words of `scons -h`."""
    boot: str = "direct"
    memory_mib: int = 512
    cpu: str = "max"
    is_deterministic: bool = False
    has_window: bool = False
    has_exit_device: bool = True  # without it the machine stays after its end
    waits_for_gdb: bool = False
    has_network_card: bool = False  # only where a figure is compared with others
    debug_port: Path = None  # a file for what the kernel sends to QEMU's debug console
    more: tuple = ()


def arguments(machine, elf, archive, iso, tokens, serial):
    """The whole command; `serial` is QEMU's name for the serial device."""
    words = [PROGRAM, "-no-user-config", "-no-reboot", "-accel", "tcg",
             "-cpu", machine.cpu, "-m", str(machine.memory_mib),
             "-monitor", "none", *serial]
    if machine.debug_port is not None:
        words += ["-chardev", f"file,id=debug,path={machine.debug_port}",
                  "-device", "isa-debugcon,iobase=0xe9,chardev=debug"]
    if machine.has_exit_device:
        words += ["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"]
    if machine.boot == "microvm":
        words += ["-M", "microvm,isa-serial=on,pit=on,pic=on,rtc=on"]
    else:
        words += ["-M", "q35"]
    if machine.boot in ("direct", "microvm"):
        words += ["-kernel", str(elf), "-append", cmdline.join(tokens)]
        words += ["-initrd", str(archive)] if archive else []
    else:
        words += ["-cdrom", str(iso), "-boot", "d"]
    if machine.boot == "uefi":
        words += ["-bios", str(OVMF)]
    words += ["-display", "gtk" if machine.has_window else "none"]
    if not machine.has_network_card:
        words += ["-nic", "none"]
    if machine.is_deterministic:
        words += DETERMINISTIC
    if machine.waits_for_gdb:
        words += ["-S", "-gdb", f"tcp:localhost:{GDB_PORT}"]
    return words + list(machine.more)


def serial_to_file(path):
    """Serial output into a file, no input."""
    return ["-serial", f"file:{path}"]


def serial_from_input(path):
    """Serial output into a file, input from standard input."""
    return ["-chardev", f"stdio,id=input,signal=off,logfile={path}", "-serial", "chardev:input"]


def serial_to_terminal(path):
    """Serial on the terminal, both ways, with a copy in a file."""
    return ["-chardev", f"stdio,id=terminal,signal=on,logfile={path}",
            "-serial", "chardev:terminal"]


def run(words, timeout_s, is_interactive=False, errors=None, is_over=None, env=None,
        stdin=subprocess.DEVNULL):
    """Runs an emulator; returns its exit status, None when it was ended.

    `is_over` is asked now and then whether the run has told all it will tell.
    """
    if shutil.which(words[0]) is None:
        raise BuildError(f"{words[0]} is not installed: run `tools/setup scons run`")
    sys.stdout.flush()
    with Terminal() if is_interactive else Nothing():
        process = subprocess.Popen(
            words, start_new_session=True, preexec_fn=die_with_parent, env=env,
            stdin=None if is_interactive else stdin,
            stdout=None if is_interactive else subprocess.DEVNULL, stderr=errors)
        try:
            return wait(process, timeout_s, is_over)
        finally:
            end(process)


def wait(process, timeout_s, is_over):
    """Waits for the end, the time limit or `is_over`."""
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    while True:
        try:
            return process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            if is_over is not None and is_over():
                return None
            if deadline is not None and time.monotonic() > deadline:
                return None


def end(process):
    """Ends the process and all it started."""
    for which, patience_s in ((signal.SIGTERM, 2), (signal.SIGKILL, None)):
        if process.poll() is not None and which == signal.SIGTERM:
            continue
        try:
            os.killpg(process.pid, which)
        except ProcessLookupError:
            pass
        try:
            process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            continue


def die_with_parent():
    """In the child: killed by the system when the build dies first."""
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


class Nothing:
    """A context that does nothing."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


class Terminal(Nothing):
    """Gives the terminal back as it was, and turns signals into an end."""

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __enter__(self):
        self.state = termios.tcgetattr(0) if os.isatty(0) else None
        self.handlers = [(which, signal.signal(which, self.interrupt)) for which in self.SIGNALS]
        return self

    def __exit__(self, *_):
        for which, handler in self.handlers:
            signal.signal(which, handler)
        if self.state is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, self.state)
        for descriptor in (0, 1):
            try:
                os.set_blocking(descriptor, True)
            except OSError:
                pass
        return False

    @staticmethod
    def interrupt(_signal, _frame):
        raise BuildError("interrupted")
