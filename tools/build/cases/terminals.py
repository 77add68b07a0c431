"""Programs on a terminal: its modes, keys, lines, screens, Ctrl-C, and mixed streams.

Nothing here waits for time: each key is typed when the program has said that it waits.
"""

import os
import signal
import tempfile

from .. import windows
from ..pseudo import Session
from ..testing import case
from .petrel import CRASHED, command_of, expect, petrel_run

INTERRUPTED = 123  # as tools/petrel/src/exit.rs has it
CTRL_C = b"\x03"


def session(run, *words, program="console", options=(), **more):
    """A session with `petrel run` of a test program."""
    return Session([command_of(run), "run", *options, windows.program(program), *words], **more)


@case("terminal.modes")
def modes(run):
    """What programs find at first, on a terminal of some size."""
    with session(run, "modes", size=(33, 101)) as live:
        live.expect(b"tty 1 1 1\r\n", b"types 2 2 2\r\n", b"input 1f7\r\n", b"output 3\r\n",
                    b"size 101x33 at 0 window 0,0-100,32 colours 7\r\n", b"pages 437 437\r\n",
                    b"events 1 window 0\r\n")
        assert live.finish() == 0


@case("terminal.refusals")
def refusals(run):
    """Sizes and parts that are wrong have their statuses."""
    with session(run, "refusals") as live:
        live.expect(b"output 7 input 81\r\n", b"mode 0 87\r\n", b"c000000d c000000d c000000d\r\n",
                    b"c0000008 c0000008 c0000008\r\n", b"c000000d c000000d\r\n", b"server 0\r\n",
                    b"read 0 6\r\n")
        assert live.finish() == 0


@case("terminal.lines")
def lines(run):
    """Lines are edited, shown and remembered."""
    with session(run, "lines") as live:
        live.expect(b"line? ").type(b"abcd\x1b[D\x7fX\r").expect(b"[abXd<d><a>]")
        live.expect(b"line? ").type(b"\x1b[A!\r").expect(b"[abXd!<d><a>]")
        live.expect(b"line? ").type("é😀\r".encode()).expect(b"[<e9><d83d><de00><d><a>]")
        live.expect(b"line? ").type(b"\x1a\x04\r").expect(b"[<1a><4><d><a>]")
        live.expect(b"line? ").type(b"x" * 63 + b"yz\r")
        live.expect(b"[" + b"x" * 63 + b"y]", b"line? ", b"[z<d><a>]", b"line? ")
        live.type(b"end\r")
        assert live.finish() == 0


@case("terminal.text")
def text(run):
    """The C library reads lines, and its end is Ctrl-Z."""
    with session(run, "text") as live:
        live.expect(b"text? ").type(b"one\r").expect(b"[one]", b"text? ")
        live.type(b"two\n").expect(b"[two]", b"text? ").type(b"\x1a\r").expect(b"end\r\n")
        assert live.finish() == 0


@case("terminal.keys")
def keys(run):
    """Keys and sizes are records; waits for them end with the first."""
    with session(run, "keys") as live:
        live.expect(b"nothing 258\r\n", b"keys?\r\n").type(b"a")
        live.expect(b"there 0\r\n", b"peeked 1\r\n", b"key 41 1e 61 0\r\n")
        for typed, seen in ((b"\x1b[A", b"key 26 48 0 100"), (b"\x03", b"key 43 2e 3 8"),
                            (b"\x1b[15~", b"key 74 3f 0 0"), (b"\x1bx", b"key 58 2d 78 2"),
                            (b"\x1b", b"key 1b 1 1b 0"), (b"\x00", b"key 32 3 0 18")):
            live.type(typed).expect(seen + b"\r\n")
        live.resize(12, 34)
        live.expect(b"size 34x12\r\n").type(b"q")
        assert live.finish() == 0


@case("terminal.pages")
def pages(run):
    """Bytes are characters of the code page, both ways."""
    with session(run, "pages") as live:
        live.expect("437: é¢Θ├⌐\r\n".encode(), "850: éøÚ├®\r\n".encode(),
                    "1252: ‚›éÃ©\r\n".encode(), b"65001: ", "é\r\n".encode(),
                    "日😀\r\n".encode(), b"page? ").type("é€\r".encode())
        live.expect(b"e9 80 0d 0a \r\n")
        assert live.finish() == 0


@case("terminal.screens")
def screens(run):
    """Colours, places and other screens are commands to the terminal."""
    with session(run, "screens") as live:
        live.expect(b"\x1b[0;91mred\x1b[0m", b"\x1b[?1049h", b"other", b"\x1b[?1049l",
                    b"\x1b]0;a title\x07", b"cells rexx activated 1 title a title\r\n")
        assert live.finish() == 0
        assert live.seen.endswith(b"\x1b[0m\x1b[?25h"), live.seen


@case("terminal.smallest")
def smallest(run):
    """A terminal of one cell, and one that does not say its size."""
    with session(run, "lines", size=(1, 1)) as live:
        live.expect(b"line? ".replace(b" ", b"")[:1]).type(b"end\r")
        assert live.finish() == 0
    with session(run, "modes", size=(0, 0)) as live:
        live.expect(b"size 80x25")
        assert live.finish() == 0


@case("terminal.binary")
def binary(run):
    """Whatever bytes are typed, the program gets keys and goes on."""
    with session(run, "lines") as live:
        live.expect(b"line? ")
        live.type(bytes(byte for byte in range(256) if byte not in (3, 10, 13)) + b"\x1b[\xff\r")
        live.expect(b"]\r\n", b"line? ").type(b"\x1b\x7f\rend\r")
        live.expect(b"line? ")
        assert live.finish() == 0


@case("terminal.ctrl_c")
def ctrl_c(run):
    """Ctrl-C reaches a handler while the program computes, ends reads, or ends the program."""
    with session(run, "compute", "2") as live:
        live.expect(b"computes\r\n").type(CTRL_C).expect(b"event 0\r\n").type(CTRL_C)
        live.expect(b"event 0\r\n")
        assert live.finish() == 2
    with session(run, "aborted") as live:
        live.expect(b"read? ").type(b"abc").expect(b"abc").type(CTRL_C)
        live.expect(b"event 0\r\n", b"done 1 length 0 error 995\r\n")
        assert live.finish() == 0
    with session(run, "forever") as live:
        live.expect(b"forever\r\n").type(CTRL_C)
        live.expect(b"crashed with 0xC000013A STATUS_CONTROL_C_EXIT")
        assert live.finish() == CRASHED


@case("terminal.ignoring")
def ignoring(run):
    """Who ignores Ctrl-C is told of Ctrl-Break, and goes on ignoring Ctrl-C; so do children."""
    with session(run, "ignoring") as live:
        live.expect(b"event 1\r\nevent 1\r\nevent 1\r\nignored 0\r\nevent 0\r\n")
        assert live.finish() == 0


@case("terminal.insisting")
def insisting(run):
    """The third Ctrl-C in a row ends what does not end; ten of them do no harm."""
    for count in (3, 10):
        with session(run, "forever", "deaf") as live:
            live.expect(b"forever\r\n").type(CTRL_C * count)
            live.expect(b"ended at the third within a second")
            assert live.finish() == INTERRUPTED


@case("terminal.children")
def children(run):
    """Children have the console as they are made; groups are told of Ctrl-Break apart."""
    with session(run, "children") as live:
        live.expect(b"own 7\r\n", b"inherited 7\r\n", b"detached 0\r\n", b"new 7\r\n",
                    b"broken c000013a\r\n", b"alone 1\r\n", b"attach 0 5\r\n")
        live.finish()


@case("terminal.none")
def none(run):
    """Without a terminal there is a console that nobody sees: it opens, nothing is typed, and
    Ctrl-C and Ctrl-Break reach who they are meant for."""
    for words, seen in ((["children"], b"own 5\r\ninherited 5\r\ndetached 0\r\nnew 7\r\nforever\r\n"
                                       b"broken c000013a\r\nalone 1\r\nattach 0 5\r\n"),
                        (["ignoring"], b"event 1\r\n" * 3 + b"ignored 0\r\nevent 0\r\n"),
                        (["named"], b"got 0\r\n")):
        ran = petrel_run(run, *words, program=windows.program("console"), input=b"not typed\n")
        expect(ran, 0, output=seen)


@case("terminal.mixed")
def mixed(run):
    """Only what is a terminal is the console; the rest are pipes, byte for byte."""
    with tempfile.TemporaryFile() as out:
        with session(run, "modes", stdout=out.fileno()) as live:
            assert live.finish() == 0
        out.seek(0)
        assert out.read().startswith(b"tty 1 0 1\r\ntypes 2 3 2\r\ninput 1f7\r\npages"), out
    with tempfile.TemporaryFile() as out:
        with session(run, "lines", stdout=out.fileno()) as live:
            live.type(b"one\nend\n")
            assert live.finish() == 0
        out.seek(0)
        assert out.read() == b"line? [one<d><a>]\r\nline? [end<d><a>]\r\n", out
    reading, writing = os.pipe()
    with session(run, "text", stdin=reading) as live:
        live.expect(b"text? ")
        os.write(writing, b"piped\n")
        live.expect(b"[piped]", b"text? ")
        os.close(writing)
        live.expect(b"end")
        assert live.finish() == 0
    os.close(reading)
    data = bytes(range(256)) * 40
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out:
        given.write(data)
        given.seek(0)
        with session(run, "echo", program="probe", stdin=given.fileno(),
                     stdout=out.fileno()) as live:
            live.expect(b"end ")
            assert live.finish() == 0
        out.seek(0)
        assert out.read() == data


@case("terminal.named")
def named(run):
    """CONIN$ and CONOUT$ are the terminal where standard streams are not."""
    with tempfile.TemporaryFile() as out:
        with session(run, "named", stdout=out.fileno()) as live:
            live.expect(b"name? ").type(b"x\n")
            assert live.finish() == 0
        out.seek(0)
        assert out.read() == b"got 3\r\n"


@case("terminal.signals")
def signals(run):
    """However petrel ends, the terminal is as it was."""
    for which in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        with session(run, "lines") as live:
            live.expect(b"line? ").signal(which)
            assert live.finish() == -which
    with session(run, "compute", "1") as live:
        live.expect(b"computes\r\n").signal(signal.SIGINT).expect(b"event 0\r\n")
        assert live.finish() == 1


@case("terminal.closed")
def closed(run):
    """A program that never reads ends; so does one whose input has no more."""
    with session(run, "modes") as live:
        live.type(b"never read")
        assert live.finish() == 0
    with open("/dev/null", "rb") as null, session(run, "text", stdin=null.fileno()) as live:
        live.expect(b"end")
        assert live.finish() == 0
