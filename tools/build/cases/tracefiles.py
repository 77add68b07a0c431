"""`trace=json`, and what tools/tracefile makes of it."""

import json
import re
import struct
from collections import Counter, defaultdict

from .. import command, kernel
from ..testing import case
from .traces import calls

PROCESSOR = 1
# Of times in microseconds with three digits.
ROUNDING_US = 0.002
LOOK_US = 10


def tool(*arguments):
    """(status, output) of the tool."""
    return command.output([kernel.tool("tracefile"), *arguments], may_fail=True)


def viewed(run, log=None):
    """The events of the file that the tool makes of a log, the last one without another."""
    file = run.file("json")
    status, text = tool("--out", file, log or run.logs[-1])
    assert status == 0, text
    return json.loads(file.read_text())["traceEvents"], text


def slices(events, processor=False):
    """The slices of each thread, in order; or those of the processor."""
    found = defaultdict(list)
    for event in events:
        if event["ph"] == "X" and (event["pid"] == PROCESSOR) == processor:
            found[event["tid"]].append(event)
    return {tid: sorted(own, key=lambda one: (one["ts"], -one["dur"])) for tid, own in found.items()}


def ends(event):
    """When a slice ends."""
    return event["ts"] + event["dur"]


def check_nesting(own):
    """Slices of a thread lie in one another or apart."""
    around = []
    for one in own:
        while around and ends(around[-1]) <= one["ts"] + ROUNDING_US:
            around.pop()
        assert not around or ends(one) <= ends(around[-1]) + ROUNDING_US, (around[-1], one)
        around.append(one)


def names(events):
    """How often each program made each call, by the names in the file."""
    programs = {event["pid"]: event["args"]["name"] for event in events
                if event["ph"] == "M" and event["name"] == "process_name"}
    return Counter((programs[one["pid"]], one["name"])
                   for own in slices(events).values() for one in own if one["cat"] != "fault")


@case("tracefile.twin")
def twin(run):
    """Two programs that take turns: every call, and whose turn it was at any time."""
    start = "twin.exe 1 & twin.exe 2"
    run(start, "trace=json", is_deterministic=True).succeeds()
    events, notes = viewed(run)
    assert not notes, notes
    threads = slices(events)
    assert len(threads) == 2, threads.keys()
    for own in threads.values():
        check_nesting(own)
        kinds = {one["name"] for one in own if one["cat"] == "fault"}
        assert {"page fault: copy on write", "page fault: image"} <= kinds, kinds
    turns = slices(events, processor=True)[PROCESSOR]
    looks = 0
    for before, after in zip(turns, turns[1:]):
        gap = after["ts"] - ends(before)
        # The kernel itself looks whether that was the last one.
        is_last = before["args"]["ends because"] == "ended"
        looks += gap if is_last else 0
        longest = LOOK_US if is_last else ROUNDING_US
        assert -ROUNDING_US < gap < longest, f"nobody runs, or two, for {gap} us: {before}, {after}"
        assert before["args"]["thread"] != after["args"]["thread"], (before, after)
    used = sum(turn["dur"] for turn in turns)
    whole = ends(turns[-1]) - turns[0]["ts"]
    assert abs(used + looks - whole) < ROUNDING_US * len(turns), (used, looks, whole)
    for tid, own in threads.items():
        yields = [one for one in own if one["name"] == "NtYieldExecution"]
        assert len(yields) >= 50, len(yields)
        # Whoever has given way is back only after the other has had a turn.
        mine = [turn for turn in turns if turn["args"]["thread"] == tid]
        given = [turn for turn in mine if turn["args"]["ends because"] == "yields"]
        assert given and len(given) <= len(yields), (len(given), len(yields))
    compare_with_lines(run, start, events)


def compare_with_lines(run, start, events):
    """The calls are those that `trace=nt` has, as often."""
    outcome = run(start, "trace=nt", is_deterministic=True).succeeds()
    lines = Counter((program, text.split("(")[0]) for program, text in calls(outcome)
                    if not text.endswith(") waits"))
    assert names(events) == lines, (names(events) - lines, lines - names(events))


@case("tracefile.arguments")
def arguments(run):
    """Arguments, results and what calls left, as `trace=nt` has them."""
    run("duplicates.exe", "trace=json,events=calls", is_deterministic=True).succeeds()
    events, _ = viewed(run)
    own = [one for each in slices(events).values() for one in each]
    assert not slices(events, processor=True) and all(one["cat"] != "fault" for one in own)
    made = [one["args"] for one in own if one["name"] == "NtDuplicateObject"]
    assert any(one["Options"] == "DUPLICATE_CLOSE_SOURCE|DUPLICATE_SAME_ACCESS"
               and one["SourceProcessHandle"] == "NtCurrentProcess"
               and re.fullmatch(r"&0x\w+ \(Event\)", one.get("-> Target", ""))
               and one["result"] == "STATUS_SUCCESS" for one in made), made
    results = {one["args"].get("result") for one in own}
    wanted = {"STATUS_SUCCESS", "STATUS_HANDLE_NOT_CLOSABLE", "does not return"}
    assert wanted <= results, results
    compare_with_lines(run, "duplicates.exe", events)


@case("tracefile.filters")
def filters(run):
    """Conditions choose calls, and `events` what else there is."""
    run("waits.exe & deep.exe", "trace=json,process=waits.exe,family=wait,events=calls|switches")
    events, _ = viewed(run)
    kinds = {one["cat"] for own in slices(events).values() for one in own}
    assert kinds == {"wait"}, kinds
    assert {program for program, _ in names(events)} == {"waits.exe"}
    turns = slices(events, processor=True)[PROCESSOR]
    reasons = {turn["args"]["ends because"] for turn in turns}
    assert {"waits", "ended"} <= reasons, reasons
    # Wherever it waits, its thread does not have the processor for all of the time.
    waits = [one for own in slices(events).values() for one in own]
    assert max(one["dur"] for one in waits) > 1000, "no wait takes a millisecond"


@case("tracefile.faults")
def faults(run):
    """What page faults are resolved by, and those that are not."""
    run("stack.exe & sections.exe; fault-null.exe => 0xC0000005; "
        "fault-memory.exe guard => 0x80000001", "trace=json,events=faults").succeeds()
    events, _ = viewed(run)
    kinds = {event["name"] for event in events if event.get("cat") == "fault"}
    wanted = ("demand zero", "image", "copy on write", "section", "stack growth", "guard page",
              "refused: nothing there")
    missing = [kind for kind in wanted if f"page fault: {kind}" not in kinds]
    assert not missing, (missing, kinds)


@case("tracefile.damaged")
def damaged(run):
    """Logs that were cut off are shown, damaged ones are refused with the line."""
    run("twin.exe 1 & twin.exe 2", "trace=json")
    text = run.logs[-1].read_bytes()
    cut = run.file("cut")
    cut.write_bytes(text[:len(text) * 2 // 3])
    events, notes = viewed(run, cut)
    assert "the log ends before 2 processes, 2 threads" in notes, notes
    assert any("cut" in event["args"] for event in events), "no call is marked"
    lines = text.split(b"\n")
    number = max(place for place, line in enumerate(lines) if b'"event":"call"' in line)
    lines[number] = lines[number].replace(b'"event":"call"', b'"event":call')
    cut.write_bytes(b"\n".join(lines))
    status, said = tool("--out", run.file("none"), cut)
    assert status == 1 and re.search(rf"record in line {number + 1} of the log is damaged", said), said


@case("tracefile.picture")
def picture(run):
    """The tool draws; the picture is whole and of the width it should be."""
    run("waits.exe", "trace=json")
    file = run.file("png")
    status, said = tool("--picture", file, run.logs[-1])
    assert status == 0, said
    data = file.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and data[-8:-4] == b"IEND"
    assert width == 1600 and height > 400, (width, height)


@case("tracefile.hostile")
def hostile(run):
    """Whatever calls are made with, each record can be read, and results are the same."""
    run("hostile.exe & fault-named.exe => 0xC0000005", "trace=json", timeout_s=180).succeeds()
    events, notes = viewed(run)
    assert not notes, notes
    bad = [one for own in slices(events).values() for one in own
           if any("(unreadable)" in str(text) for text in one["args"].values())]
    assert len(bad) > 100, len(bad)
    threads = {event["args"]["name"] for event in events if event["name"] == "thread_name"}
    assert any(name.startswith("the reader (") for name in threads), threads


@case("tracefile.panic")
def panic(run):
    """The trace of a run that ends in a panic, within a call."""
    run("hostile.exe", "panic=copyfault trace=json").fails("the kernel panicked")
    events, notes = viewed(run)
    assert "the log ends before 1 processes, " in notes, notes
    last = max((one for own in slices(events).values() for one in own), key=ends)
    assert "cut" in last["args"], last
