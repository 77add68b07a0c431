"""How the corpus is read and judged; nothing is fetched or run."""

import hashlib
import json

from .. import corpus, job, verdict
from ..testing import case
from .logic import refused

CASE = {
    "id": "a-1", "cwd": "C:\\t\\a-1", "normalise": [["in \\d+ s", "in N s"]], "sort_lines": False,
    "files": {"x.txt": "C:/b/third/y", "z": {"copy_of": "fourth/z"}}, "outputs_sha256": {},
    "steps": [{"exe": "C:\\b\\one\\a.exe", "cmdline": "a \"C:\\b\\two\\b.txt\"", "stdin": None,
               "exit": 3, "stdout": "done in 1 s\r\n", "stderr": "", "compare_stdout": True,
               "compare_stderr": True, "os_error_text": False}]}


def outcome(*ended, reason="it ended"):
    """A run whose programs ended with (status, output, errors), and one more began."""
    started = "[ 0.1] info  petrel::start_list: starting a.exe\n" * (len(ended) + 1)
    return job.Outcome([job.Ended(verdict.Program("a.exe", status, 0), output, errors)
                        for status, output, errors in ended], started + "[ 1.0] warn  a: b\n", reason)


@case("corpus.read")
def read(run):
    folder = run.file("corpus")
    folder.mkdir(exist_ok=True)
    refused(lambda: corpus.Corpus(folder / "none"), "no corpus.json")
    (folder / "corpus.json").write_text("{")
    refused(lambda: corpus.Corpus(folder), "no corpus.json that can be read")
    (folder / "corpus.json").write_text(json.dumps({
        "cases": [{**CASE, "id": name} for name in ("b-1", "a-1", "a-2")],
        "programs": [{"rank": 2, "cases": ["a-1", "a-2"]}, {"rank": 1, "cases": ["b-1"]}],
        "packages": [{"files": {"one/a.exe": "", "two/b.txt": ""}}]}))
    read_corpus = corpus.Corpus(folder)
    chosen = lambda only: [found["id"] for found in read_corpus.chosen(only)]
    assert chosen("") == ["b-1", "a-1", "a-2"] and chosen("a-2,b") == ["b-1", "a-2"]
    refused(lambda: chosen("c"), "no case has c in its name")
    refused(lambda: corpus.run("", "", None), "corpus=DIR")
    assert corpus.packages_of(CASE) == {"one", "two", "third", "fourth"}


@case("corpus.judged")
def judged(_run):
    right = (3, b"done in 25 s\r\n", b"")
    assert corpus.wrong(CASE, outcome(right)) == ""
    # As the eight bits that were recorded.
    assert corpus.wrong(CASE, outcome((0xC0000003, *right[1:]))) == ""
    for ended, text in (
            ((4, *right[1:]), "exit code 0x4, not 0x3; the kernel says: a: b"),
            ((3, b"done in 25 s\n", b""), "stdout is"), ((3, right[1], b"x"), "stderr is 'x'")):
        assert text in corpus.wrong(CASE, outcome(ended)), corpus.wrong(CASE, outcome(ended))
    assert "step 1 did not end: a hang" in corpus.wrong(CASE, outcome(reason="a hang"))
    step = {**CASE["steps"][0], "os_error_text": True}
    worded = {**CASE, "steps": [step]}
    assert corpus.wrong(worded, outcome((3, b"other words\r\n", b""))) == ""
    assert "stdout" in corpus.wrong(worded, outcome((3, b"one\r\ntwo\r\n", b"")))
    digest = hashlib.sha256(b"ab").hexdigest()
    left = {**CASE, "outputs_sha256": {"x": digest, "y": None}}
    assert [one.line for one in corpus.last_step(left)] == ['show.exe "x" "y"']
    for shown, text in ((b"2\nab1\nc", ""), (b"2\nac1\nc", "x has other content"),
                        (b"2\nabnone\n", "y is missing"), (b"none\n1\nc", "x is missing")):
        why = corpus.wrong(left, outcome(right, (0, shown, b"")))
        assert why.startswith(text) and bool(why) == bool(text), why
    unsorted = {**CASE, "sort_lines": True}
    assert corpus.difference(unsorted, b"b\na\n", b"a\nb\n", False) == ""


@case("corpus.streams")
def streams(run):
    """A job's file, and what each of its programs wrote."""
    tree = run.file("tree")
    job.write(tree, [job.Step("a.exe", "a.exe 1", input=b"in"), job.Step("b.exe", "b")])
    text = (tree / "petrel" / "job").read_bytes().decode()
    assert text.split("\0") == [
        "petrel job 1", "program=a.exe", "line=a.exe 1", "directory=C:\\", "input=input-0",
        "program=b.exe", "line=b", "directory=C:\\", "input=", ""], text
    assert (tree / "petrel" / "input-0").read_bytes() == b"in"
    line = "PETREL-PROGRAM name={} status=0x00000000 expected=0x00000000{}\n"
    counts = " output={} errors={} first_at=7 cycles=9"
    serial = (line.format("a", counts.format(2, 1)) + line.format("b", counts.format(3, 0))
              + "PETREL-END verdict=success programs=2 failed=0 reason=-\n")
    ended = job.split(verdict.read(serial, verdict.ENDED_IN_ORDER).programs, [b"AAbbb", b"e"])
    assert [(one.output, one.errors) for one in ended] == [(b"AA", b"e"), (b"bbb", b"")]
    assert (ended[1].record.first_at, ended[1].record.cycles) == (7, 9)
