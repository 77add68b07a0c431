"""`petrel run --gdb`: breakpoints, frames and variables in the words of a program's source."""

import os
import shutil
import signal
import subprocess
import time

from .. import command, programs, windows
from ..testing import Skip, case
from .command import emulators, eventually
from .petrel import LIMIT_S, USAGE, command_of

GDB_LEFT = 108
IN_C = r"""
#include <stdio.h>
#include <stdlib.h>

static int total(const char *pages, int count)
{
    int sum = 0;
    for (int page = 0; page < count; page++)
        sum += pages[page * 4096] + page;
    return sum;
}

int main(int argc, char **argv)
{
    char *pages = malloc(100 * 4096);
    pages[0] = 1;
    pages[50 * 4096] = 2;
    int sum = total(pages, argc + 3);
    printf("%s: %d\n", argv[1], sum);
    return sum;
}
"""
IN_RUST = r"""
fn longest<'a>(words: &[&'a str]) -> &'a str {
    let mut found = "";
    for word in words {
        if word.len() > found.len() {
            found = word;
        }
    }
    found
}

fn main() {
    let words = ["a", "word", "of"];
    println!("{}", longest(&words));
}
"""


def built(run, suffix, source, *words):
    """A program that was compiled from its source."""
    if shutil.which("gdb") is None:
        raise Skip("gdb is not installed")
    text = run.file(suffix)
    text.write_text(source)
    file = run.file("exe")
    command.output([*words, text, "-o", file])
    return file


class Waiting:
    """A run that waits for gdb."""

    def __init__(self, run, *words):
        self.process = subprocess.Popen(
            [command_of(run), "run", *words], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = self.process.stderr.readline()
        assert "waiting for gdb" in self.said, self.said + self.process.stderr.read()
        self.script = self.said.strip().rsplit(" ", 1)[-1]

    def debug(self, *orders):
        """What gdb says to orders, in batch."""
        words = [word for order in orders for word in ("-ex", order)]
        done = subprocess.run(
            ["gdb", "-nx", "-q", "-batch", "-x", self.script, *words], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT_S)
        return done.stdout

    def end(self):
        """(exit code, standard output, standard error)."""
        output, errors = self.process.communicate(timeout=LIMIT_S)
        assert eventually(lambda: not emulators(self.script.rsplit("/", 1)[0])), "QEMU is left"
        assert eventually(lambda: not os.path.exists(self.script)), "its folder is left"
        return self.process.returncode, output, errors


def in_order(text, *parts):
    """Fails unless all parts are in a text, one behind the other."""
    place = 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"{part!r} is not there, or not in this order:\n{text}"
        place = found + len(part)


@case("petrel.gdb")
def in_c(run):
    """A C program, from its entry to its end: `next` passes over page faults."""
    file = built(run, "c", IN_C, programs.MINGW, "-g", "-O0")
    source = run.file("c").name
    for options in ((), ("--deterministic",)):
        waiting = Waiting(run, "--gdb", "--timeout=0.1", *options, file, "sum")
        text = waiting.debug("break main", "continue", *["next"] * 3, "break total", "continue",
                             "backtrace", "next", "info locals", "delete", "finish", "next",
                             "continue")
        in_order(text, "mainCRTStartup ()", "Breakpoint 3, main (argc=2", "pages[0] = 1;",
                 "pages[50 * 4096] = 2;", "total (pages=0x", "count=5)",
                 "#0  total", f"{source}:7", "#1 ", "in main (argc=2", f"{source}:18", "sum = 0",
                 "Value returned is $1 = 11", "exited with code 013")
        code, output, errors = waiting.end()
        assert (code, output, errors) == (11, "sum: 11\n", ""), (code, output, errors)


@case("petrel.gdb.rust")
def in_rust(run):
    """Frames of a Rust program, which only `.pdata` tells of."""
    file = built(run, "rs", IN_RUST, *windows.compiler(".rs"), "-Copt-level=0", "--crate-name=words")
    waiting = Waiting(run, "--gdb", file)
    text = waiting.debug("break words::longest", "continue", "backtrace", "next", "next",
                         "info locals", "delete", "up", "info locals", "continue")
    in_order(text, "words::longest (words=", "#0  words::longest", "#1 ", "words::main ()",
             "found = \"\"", "words = [\"a\", \"word\", \"of\"]", "exited normally")
    assert waiting.end() == (0, "word\n", "")


@case("petrel.gdb.ends")
def ends(run):
    """Whatever ends gdb or petrel ends the machine, too; a detached program goes on."""
    file = built(run, "c", IN_C, programs.MINGW, "-g", "-O0")
    waiting = Waiting(run, "--gdb", file, "sum")
    waiting.debug("detach")
    code, output, _ = waiting.end()
    assert (code, output) == (11, "sum: 11\n"), (code, output)
    for ending in ("quit", "kill"):
        waiting = Waiting(run, "--gdb", file)
        waiting.debug(ending)
        code, output, errors = waiting.end()
        assert (code, output) == (GDB_LEFT, "") and "gdb has ended the run" in errors, (code, errors)
    waiting = Waiting(run, "--gdb", file)
    with subprocess.Popen(["gdb", "-nx", "-q", "-x", waiting.script], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as gdb:
        while "mainCRTStartup" not in gdb.stdout.readline():
            pass
        gdb.kill()
    assert waiting.end()[0] == GDB_LEFT
    waiting = Waiting(run, "--gdb", file)
    waiting.process.send_signal(signal.SIGINT)
    assert waiting.end()[0] == -signal.SIGINT
    waiting = Waiting(run, "--gdb", file)
    port = next(line.rsplit(":", 1)[1].strip() for line in open(waiting.script)
                if line.startswith("target remote"))
    done = subprocess.run([command_of(run), "run", f"--gdb={port}", file], capture_output=True)
    assert done.returncode == USAGE and port.encode() in done.stderr, done
    time.sleep(0.1)
    waiting.process.terminate()
    assert waiting.end()[0] == -signal.SIGTERM
