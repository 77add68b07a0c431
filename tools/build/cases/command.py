"""The verb `scons run` as a user types it: exit status, sentences, no leftovers."""

import os
import signal
import subprocess
import time
from pathlib import Path

from ..paths import ROOT
from ..testing import case

LIMIT_S = 90


def scons(run, *words, env=None):
    """(exit status, output) of an scons call of this profile."""
    done = subprocess.run(
        ["scons", "-Q", "run", f"release={int(run.profile.is_release)}", *words], cwd=ROOT,
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", timeout=LIMIT_S)
    return done.returncode, done.stdout


def emulators(mark):
    """Process numbers of emulators with the text in their command."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"qemu-system" in words.split(b"\0")[0] and mark.encode() in words:
            found.append(int(folder.name))
    return found


# One case, because all of it shares build/PROFILE/serial.log.
@case("command.run")
def run_verb(run):
    direct = ("headless=1", "boot=direct")
    status, text = scons(run, *direct, "cmdline=start=hello.exe")
    assert status == 0 and "1 program ended as expected" in text, text
    status, text = scons(run, *direct, "cmdline=start=\"exit.exe 7\"")
    assert status != 0 and "exit.exe ended with 0x00000007" in text, text
    status, text = scons(run, *direct, "cmdline=panic=nested")
    assert status != 0 and "the kernel panicked" in text, text
    status, text = scons(run, *direct, "cmdline=start=spin.exe", "timeout=3")
    assert status != 0 and "no end within 3 s" in text, text
    bare = {name: value for name, value in os.environ.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    status, text = scons(run, env=bare)
    assert status != 0 and "no display" in text and "headless=1" in text, text
    status, text = scons(run, "colour=red")
    assert status != 0 and "no option colour=" in text, text
    ended_from_outside(run)


def ended_from_outside(run):
    """A killed scons takes its machine along."""
    for which in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        mark = "end-by-" + which.name
        process = subprocess.Popen(
            ["scons", "-Q", "run", "headless=1", "boot=direct", "timeout=60",
             f"release={int(run.profile.is_release)}", f"cmdline=start=spin.exe {mark}"],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        assert eventually(lambda: emulators(mark)), "QEMU did not start"
        process.send_signal(which)
        assert process.wait(LIMIT_S) != 0, f"status 0 after {which.name}"
        assert eventually(lambda: not emulators(mark)), f"QEMU outlives scons after {which.name}"


def eventually(condition, limit_s=20):
    """Whether the condition becomes true in time."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False
