"""The build's own logic: command lines, options, verdicts."""

from .. import cmdline, run as run_verb, verdict
from ..errors import BuildError
from ..options import Options
from ..testing import case

RECORD = "PETREL-PROGRAM name=a.exe status=0x{:08X} expected=0x{:08X}\n"


def refused(function, text):
    """The call is refused with a sentence that contains the text."""
    try:
        function()
    except BuildError as why:
        assert text in str(why), f"another sentence: {why}"
    else:
        raise AssertionError(f"not refused: {text}")


@case("logic.cmdline.round-trip")
def round_trip(_run):
    for tokens in (["a"], ["start=a.exe b; c.exe"], ["env=A=\"x\\y\" 'z'"], ["", "b"], []):
        line = cmdline.join(tokens)
        assert cmdline.split(line) == tokens, f"{tokens} became {line}"


@case("logic.cmdline.quotes")
def quotes(_run):
    assert cmdline.split('start="a; b" x') == ["start=a; b", "x"]
    assert cmdline.split('"start=a \\"b\\""') == ['start=a "b"']
    assert cmdline.for_grub(['a=$b "c"']) == '"a=\\$b \\"c\\""'
    refused(lambda: cmdline.split('start="a'), "open double quote")


@case("logic.cmdline.given-wins")
def given_wins(_run):
    assert cmdline.compose(["start=x"], ["log=info", "start=y"]) == ["log=info", "start=x"]


@case("logic.options.refused")
def options_refused(_run):
    refused(lambda: Options({"headles": "1"}), "no option headles=")
    refused(lambda: Options({"boot": "floppy"}), "none of grub")
    refused(lambda: Options({"mem": "0"}), "above 0")
    refused(lambda: Options({"mem": "16M"}), "whole number")
    refused(lambda: Options({"timeout": "-1"}), "whole number")
    refused(lambda: Options({"release": "2"}), "neither 0 nor 1")
    refused(lambda: Options({"program": "/no/such/file"}), "not a file")
    refused(lambda: Options({"args": "x"}), "program=")
    refused(lambda: Options({"qemu": "'"}), "open quote")
    refused(lambda: Options({"gdb": "1", "boot": "bochs"}), "needs QEMU")


@case("logic.options.defaults")
def options_defaults(_run):
    options = Options({})
    assert (options.boot, options.memory_mib, options.timeout_s) == ("grub", 512, None)
    assert Options({"headless": "1"}).timeout_s == 60
    assert Options({"headless": "1", "gdb": "1"}).timeout_s is None
    assert Options({"timeout": "5"}).timeout_s == 5


@case("logic.options.program")
def options_program(run):
    file = run.file("THIS.EXE")
    file.write_bytes(b"MZ")
    options = Options({"program": str(file), "args": "1 2 => 3", "headless": "1"})
    options.has_colours = False  # whatever the tests run on
    assert run_verb.tokens(options) == ["log=info", f"start={file.name} 1 2 => 3"]
    options.has_colours = True
    assert run_verb.tokens(options)[-1] == "colour=on"
    options = Options({"program": str(file), "cmdline": "log=debug"})
    assert run_verb.tokens(options) == [f"start={file.name}", "end=halt", "log=debug"]


def judged(serial, status=verdict.ENDED_IN_ORDER):
    """The reason of a failure, or the word success."""
    found = verdict.read(serial, status, 60)
    return "success" if found.is_success else found.reason


def end(kind="success", programs=0, failed=0, reason="-"):
    """A last line."""
    return f"PETREL-END verdict={kind} programs={programs} failed={failed} reason={reason}\n"


@case("logic.verdict.success")
def verdict_success(_run):
    assert judged(end()) == "success"
    assert judged("log\r\n" + RECORD.format(5, 5) + end(programs=1)) == "success"


@case("logic.verdict.failure")
def verdict_failure(_run):
    good = RECORD.format(0, 0)
    assert "expected 0x00000000" in judged(RECORD.format(1, 0) + end("failure", 1, 1))
    assert "bad-start" in judged(end("failure", reason="bad-start"))
    assert "panicked" in judged(end("panic", 2, 0, "panic"), verdict.PANICKED)
    assert "panicked" in judged("PANIC: x\n", verdict.PANICKED)
    assert "never wrote" in judged(good)
    assert "never wrote" in judged(good + end(programs=1) + "forged\n")
    assert "status 35" in judged(good + end(programs=1), verdict.PANICKED)
    assert "counts 2" in judged(good + end(programs=2))
    assert "signal 9" in judged("", -9)
    assert "triple fault" in judged("", 0)
    assert "within 60 s" in judged("", None)
    assert "lists a failed program" in judged(RECORD.format(1, 0) + end(programs=1))
    assert "lists a failed program" in judged(good + end(programs=1, failed=1))
