"""Bochs: the strict second machine; it has no exit device."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import qemu, verdict
from .errors import BuildError

# Without sound: Debian's driver for it dies where there is no sound card.
# The display is VNC's without a viewer: the one for terminals writes to a
# terminal that nobody reads, and stops Bochs when that is full.
CONFIGURATION = """\
config_interface: textconfig
display_library: rfb, options="timeout=0"
megs: {memory_mib}
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
vga: extension=none
cpu: model=corei7_skylake_x, count=1, ips=100000000, reset_on_triple_fault=0
clock: sync=none
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path={iso}, status=inserted
boot: cdrom
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
com1: enabled=1, mode=file, dev={serial}
log: {log}
panic: action=fatal
error: action=report
info: action=ignore
"""
PLUGINS = Path("/usr/lib/x86_64-linux-gnu/bochs/plugins")


def missing():
    """What Bochs needs and this machine lacks, or None."""
    if shutil.which("bochs") is None:
        return "bochs is not installed"
    if not (PLUGINS / "libbx_rfb_gui.so").exists():
        return "bochs has no remote display (part of its package)"
    return None


def run(iso, memory_mib, serial, timeout_s, is_shown=False):
    """Boots the ISO; the run is over when its last record is written.

    Returns None always: Bochs has no exit status of the guest's.
    """
    if missing():
        raise BuildError(f"{missing()}: run `tools/setup scons run boot=bochs`")
    serial.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=serial.parent) as folder:
        configuration = Path(folder) / "bochsrc"
        configuration.write_text(CONFIGURATION.format(
            memory_mib=memory_mib, iso=iso, serial=serial,
            log=serial.with_suffix(".bochs")))
        # Debian's Bochs starts in its debugger: tell it to go on.
        commands = Path(folder) / "commands"
        commands.write_text("continue\n")
        shown = Shown(serial) if is_shown else None

        def is_over():
            if shown:
                shown.more()
            text = serial.read_text(errors="replace") if serial.exists() else ""
            return text.endswith("\n") and verdict.last_record(text)[0] is not None

        qemu.run(["bochs", "-q", "-f", str(configuration), "-rc", str(commands)],
                 timeout_s, errors=subprocess.DEVNULL, is_over=is_over,
                 env=dict(os.environ, TERM="xterm"))
        if shown:
            shown.more()


class Shown:
    """Copies the serial file to the terminal as it grows."""

    def __init__(self, path):
        self.path, self.length = path, 0

    def more(self):
        """Prints what is new."""
        data = self.path.read_bytes() if self.path.exists() else b""
        print(data[self.length:].decode(errors="replace"), end="", flush=True)
        self.length = len(data)
