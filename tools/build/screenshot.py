"""`scons screenshots`: pictures of QEMU's screen, into .progress/."""

import json
import socket
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

from . import image, programs, qemu
from .errors import BuildError
from .paths import ROOT

FOLDER = ROOT / ".progress"
TIMEOUT_S = 60
DRAWING_S = 0.5  # the screen is drawn behind the serial line's last bytes

# name -> kernel options; each ends with a record and stays on the screen.
PICTURES = {
    "boot": programs.demonstration,
    "user-fault": lambda: ["start=hello.exe; fault-null.exe => 0xC0000005; hello.exe"],
    "kernel-panic": lambda: ["start=hello.exe", "panic=nested"],
}


def run(profile):
    """Takes all pictures."""
    FOLDER.mkdir(exist_ok=True)
    for name, options in PICTURES.items():
        path = FOLDER / f"{date.today().isoformat()}-{name}.png"
        take(path, profile, ["end=halt", *options()])
        print(f"{path.relative_to(ROOT)}")


def take(path, profile, tokens):
    """Boots from GRUB and saves the screen once the run has ended."""
    with tempfile.TemporaryDirectory(dir=profile.folder) as name:
        folder = Path(name)
        iso, log, control = folder / "iso", folder / "serial", folder / "control"
        image.make_iso(iso, profile.elf, profile.archive, tokens)
        machine = qemu.Machine(boot="grub", has_exit_device=False,
                               more=("-qmp", f"unix:{control},server=on,wait=off"))
        words = qemu.arguments(machine, profile.elf, profile.archive, iso, tokens,
                               qemu.serial_to_file(log))
        part = folder / "picture"

        def is_over():
            text = log.read_text(errors="replace") if log.exists() else ""
            if "\nPETREL-END " not in text:
                return False
            time.sleep(DRAWING_S)
            dump_screen(control, part)
            return True

        qemu.run(words, TIMEOUT_S, errors=subprocess.DEVNULL, is_over=is_over)
        if not part.exists():
            raise BuildError(f"{path.name}: the run did not end within {TIMEOUT_S} s")
        part.replace(path)


def dump_screen(control, path):
    """Asks QEMU over its control socket for a picture."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(control))
        file = line.makefile("rw")
        file.readline()
        for request in ({"execute": "qmp_capabilities"},
                        {"execute": "screendump",
                         "arguments": {"filename": str(path), "format": "png"}}):
            file.write(json.dumps(request) + "\n")
            file.flush()
            answer = {}
            while not answer.keys() & {"return", "error"}:
                answer = json.loads(file.readline())
            if "error" in answer:
                raise BuildError(f"QEMU took no picture: {answer['error']['desc']}")
