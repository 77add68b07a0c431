"""`scons screenshots`: pictures of QEMU's screen, into .progress/."""

import json
import socket
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

from . import image, programs, qemu, trace
from .errors import BuildError
from .paths import ROOT

FOLDER = ROOT / ".progress"
TIMEOUT_S = 60
DRAWING_S = 0.5  # the screen is drawn behind the serial line's last bytes

# name -> (how to boot, kernel options); each ends with a record and stays on the
# screen. GRUB gives the kernel a framebuffer, QEMU's own loader VGA's text mode.
PICTURES = {
    "boot": ("grub", programs.demonstration),
    "user-fault": ("grub", lambda: [
        "start=hello.exe; fault-null.exe => 0xC0000005; hello.exe"]),
    "kernel-panic": ("grub", lambda: ["start=deep.exe", "panic=syscall"]),
    "kernel-panic-vga": ("direct", lambda: ["start=deep.exe", "panic=syscall"]),
}


# What the picture of a trace shows: calls, waits and page faults of many kinds.
TRACED = ["start=processes.exe & sections.exe & twin.exe 1 & twin.exe 2", "trace=json"]
TRACED_US = 4000


def run(profile):
    """Takes all pictures."""
    FOLDER.mkdir(exist_ok=True)
    draw_trace(profile, FOLDER / f"{date.today().isoformat()}-trace.png")
    for name, (boot, options) in PICTURES.items():
        path = FOLDER / f"{date.today().isoformat()}-{name}.png"
        take(path, profile, boot, ["end=halt", *options()])
        print(f"{path.relative_to(ROOT)}")


def draw_trace(profile, path):
    """Runs programs with a trace, the same every time, and has it drawn."""
    log = profile.folder / "trace.log"
    machine = qemu.Machine(is_deterministic=True)
    words = qemu.arguments(machine, profile.elf, profile.archive, None, TRACED,
                           qemu.serial_to_file(log))
    qemu.run(words, TIMEOUT_S, errors=subprocess.DEVNULL)
    trace.write(log, path, "--to", TRACED_US)


def take(path, profile, boot, tokens):
    """Boots and saves the screen once the run has ended."""
    part = path.with_suffix(".part")
    at_end(profile, boot, tokens, {"execute": "screendump", "arguments": {
        "filename": str(part), "format": "png"}})
    part.replace(path)


def at_end(profile, boot, tokens, request):
    """Boots, and makes a request of QEMU's when the run has ended and the screen stands."""
    with tempfile.TemporaryDirectory(dir=profile.folder) as name:
        folder = Path(name)
        iso, log, control = folder / "iso", folder / "serial", folder / "control"
        image.make_iso(iso, profile.elf, profile.archive, tokens)
        machine = qemu.Machine(boot=boot, has_exit_device=False,
                               more=("-qmp", f"unix:{control},server=on,wait=off"))
        words = qemu.arguments(machine, profile.elf, profile.archive, iso, tokens,
                               qemu.serial_to_file(log))
        is_asked = False

        def is_over():
            nonlocal is_asked
            text = log.read_text(errors="replace") if log.exists() else ""
            if "\nPETREL-END " not in text:
                return False
            time.sleep(DRAWING_S)
            ask(control, request)
            is_asked = True
            return True

        qemu.run(words, TIMEOUT_S, errors=subprocess.DEVNULL, is_over=is_over)
        if not is_asked:
            raise BuildError(f"{' '.join(tokens)}: the run did not end within {TIMEOUT_S} s")


def ask(control, request):
    """Makes a request over QEMU's control socket."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(control))
        file = line.makefile("rw")
        file.readline()
        for each in ({"execute": "qmp_capabilities"}, request):
            file.write(json.dumps(each) + "\n")
            file.flush()
            answer = {}
            while not answer.keys() & {"return", "error"}:
                answer = json.loads(file.readline())
            if "error" in answer:
                raise BuildError(f"QEMU refused {each['execute']}: {answer['error']['desc']}")
