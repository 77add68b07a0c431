"""Where things are in the checkout and in its build folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
SETUP = BUILD / "setup"  # what tools/setup keeps here; `scons -c` leaves it
KERNEL = ROOT / "kernel"
TOOLS = ROOT / "tools"
USERSPACE = ROOT / "userspace"
LINKER_SCRIPT = ROOT / "linker" / "kernel.ld"


class Profile:
    """The files of a debug or a release build."""

    def __init__(self, is_release):
        self.name = "release" if is_release else "debug"
        self.is_release = bool(is_release)
        self.folder = BUILD / self.name
        self.kernel_target = self.folder / "kernel"
        self.map = self.kernel_target / "petrel.map"
        self.elf = self.folder / "petrel.elf"
        self.debug_elf = self.folder / "petrel.debug.elf"
        self.program_target = self.folder / "userspace"
        self.programs = self.folder / "programs"
        self.tables = self.folder / "symbols"  # of the programs, by their names
        self.program_list = self.folder / "programs.list"
        self.archive = self.folder / "archive.erofs"
        self.iso = self.folder / "petrel.iso"
        self.debug_port = self.folder / "debug.port"
        self.minidumps = self.folder / "minidumps"
        self.serial_log = self.folder / "serial.log"


def write_if_changed(path, data):
    """Writes a file; an equal one keeps its time stamp."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)
