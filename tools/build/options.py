"""The options of `scons`: names, meaning, checks."""

import os
import shlex
import sys
from pathlib import Path

from . import qemu
from .errors import BuildError

HELP = """\
Verbs (several may be given, `scons` alone builds):
  scons            build kernel, programs, archive and boot image
  scons run        boot it in a QEMU window
  scons check      formatting, clippy, layers
  scons test       all tests; the last line counts them
  scons bench      measure every row, append to .progress/bench.csv
  scons screenshots  pictures of QEMU's screen for .progress/
  scons userland   the Win32 DLLs as one image (tools/userland/userland --help)
  scons petrel     the command build/petrel, which runs Windows programs
  scons corpus     fetch real programs and check what they print
  scons -c         remove what was built

Options:
"""

BOOTS = qemu.BOOTS + ("bochs",)
YES = ("1", "yes", "true", "on")
NO = ("0", "no", "false", "off")

# name -> (default, meaning)
OPTIONS = {
    "program": ("", "PE file to add to the archive and run; its PDB is taken along"),
    "args": ("", "arguments for program=; `=> STATUS` behind them is the expected status"),
    "cmdline": ("", 'more for the kernel: log=debug start="a.exe; b.exe" panic=nested ...'),
    "trace": ("", "run: a file for what happened: .json for trace viewers, .png a picture"),
    "boot": ("grub", "|".join(BOOTS)),
    "mem": ("512", "memory of the machine in MiB"),
    "timeout": ("", "seconds before the run is ended (60 without a window, none with)"),
    "headless": ("0", "1: no window, serial on the terminal, exit status by the verdict"),
    "release": ("0", "1: build with optimisation"),
    "gdb": ("0", "1: wait for gdb before the first instruction"),
    "qemu": ("", "more arguments for QEMU"),
    "only": ("", "test, corpus: only cases whose name contains this"),
    "corpus": ("", "corpus: the folder with its corpus.json and fetch.py"),
}
HEADLESS_TIMEOUT_S = 60
TRACES = (".json", ".png")


class Options:
    """Checked options."""

    def __init__(self, given):
        unknown = sorted(set(given) - set(OPTIONS))
        if unknown:
            raise BuildError(f"there is no option {unknown[0]}=: `scons -h` lists them")
        value = {name: given.get(name, default) for name, (default, _) in OPTIONS.items()}
        self.boot = value["boot"]
        if self.boot not in BOOTS:
            raise BuildError(f"boot={self.boot} is none of {', '.join(BOOTS)}")
        self.memory_mib = whole_number("mem", value["mem"])
        self.is_headless = switch("headless", value["headless"]) or self.boot == "bochs"
        self.has_colours = self.is_headless and shows_colours(sys.stdout)
        self.is_release = switch("release", value["release"])
        self.waits_for_gdb = switch("gdb", value["gdb"])
        if self.waits_for_gdb and self.boot == "bochs":
            raise BuildError("gdb=1 needs QEMU: choose another boot=")
        if value["timeout"]:
            self.timeout_s = whole_number("timeout", value["timeout"])
        else:
            is_open_end = not self.is_headless or self.waits_for_gdb
            self.timeout_s = None if is_open_end else HEADLESS_TIMEOUT_S
        self.program = Path(value["program"]).expanduser() if value["program"] else None
        if self.program is not None and not self.program.is_file():
            raise BuildError(f"program={value['program']} is not a file")
        if value["args"] and self.program is None:
            raise BuildError("args= is for program=, which is not given")
        self.args = value["args"]
        self.command_line = value["cmdline"]
        self.trace = Path(value["trace"]).expanduser() if value["trace"] else None
        if self.trace is not None and self.trace.suffix not in TRACES:
            raise BuildError(f"trace={value['trace']} ends in none of {' '.join(TRACES)}")
        try:
            self.qemu = tuple(shlex.split(value["qemu"]))
        except ValueError:
            raise BuildError(f"qemu={value['qemu']} has an open quote") from None
        self.only = value["only"]
        self.corpus = value["corpus"]

    @property
    def program_name(self):
        """The name of program= inside the archive."""
        name = self.program.name
        return name if name.lower().endswith(".exe") else name + ".exe"


def shows_colours(stream):
    """Whether a stream is a terminal whose user wants colours (no-color.org)."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")


def switch(name, text):
    """A yes or no."""
    if text.lower() not in YES + NO:
        raise BuildError(f"{name}={text} is neither 0 nor 1")
    return text.lower() in YES


def whole_number(name, text):
    """A number above zero."""
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise BuildError(f"{name}={text} is not a whole number above 0")
    return int(text)


def help_text():
    """What `scons -h` prints."""
    rows = [f"  {name + '=':<10} {meaning}" + (f" [{default}]" if default else "")
            for name, (default, meaning) in OPTIONS.items()]
    return HELP + "\n".join(rows) + "\n"
