"""The reports in a serial log: as text and as JSON, which must say the same."""

import json
import re
from dataclasses import dataclass

PREFIX = "PETREL-REPORT "
TITLE = re.compile(r"^(?:PANIC|CRASH): ", re.M)
FRAME = re.compile(
    r"^  #(\d+) +(0x[0-9a-f]+|\(inlined\)) +(.*?)(\+0x[0-9a-f]+)?"
    r"(?: (at|near) ([^ ]+?)(?::(\d+))?)?(?:  \[(.*)\])?$")
MARK = re.compile(r"^  (?:---|\.\.\.) (.*)$")
SIGNS = {"repeated": "...", "skipped": "..."}  # of all others: ---


@dataclass
class Report:
    """One report: its lines of text, and its JSON as Python reads it."""
    text: list
    json: dict

    def names(self):
        """Names of the frames from the innermost on, marks between them as in text."""
        return [shown(entry) for entry in self.json["frames"]]


def of(serial):
    """All reports of a log, the first one first; each compared with itself."""
    found = []
    lines = []
    for line in serial.splitlines():
        if TITLE.match(line):
            lines = []
        if not line.startswith(PREFIX):
            lines.append(line)
            continue
        report = Report(lines, json.loads(line[len(PREFIX):]))
        compare(report)
        found.append(report)
    assert found, "there is no report in the log"
    return found


def names(text):
    """Names of the frames in the text of the first report, marks between them."""
    _, _, rest = text.partition("\nbacktrace:\n")
    found = []
    for line in rest.splitlines():
        frame, mark = FRAME.match(line), MARK.match(line)
        if frame:
            found.append(frame[3])
        elif mark:
            found.append(line.strip())
        elif not line.startswith("      "):  # a line of source below a frame
            break
    return found


def shown(entry):
    """A frame or mark of the JSON as the text has it, without offset and place."""
    if "mark" in entry:
        return f"{SIGNS.get(entry['mark'], '---')} {entry['text']}"
    module = f"{entry['module']}!" if "module" in entry else ""
    return module + entry["function"] if "function" in entry else entry.get("module", "?")


def compare(report):
    """Raises AssertionError unless text and JSON say the same."""
    fields, text = report.json, report.text
    assert fields["petrel_report"] == 1, fields
    title = {"panic": "PANIC: ", "crash": "CRASH: "}[fields["kind"]]
    if "ending" in fields:
        title += fields["ending"]["program"] + ": "
        assert any(f"{fields['ending']['status']:#010x}" in line for line in text), fields["ending"]
    assert text[0] == title + fields["cause"].split("\n")[0], text[0]
    assert f"  kernel {fields['version']}, build {fields['build_id']}" in text, text
    compare_frames(fields["frames"], section(text, "backtrace:"))
    registers = " ".join(section(text, "registers:")).split()
    assert dict(zip(registers[::2], (int(value, 16) for value in registers[1::2]))) == {
        name: int(value, 16) for name, value in fields.get("registers", {}).items()}, registers
    assert section(text, "last events:") == fields.get("events", []), "other events"
    code = [line for line in text if line.startswith("code from ")]
    assert code == ([code_line(fields["code"])] if "code" in fields else []), code
    modules = [f"  {int(module['base'], 16):#018x} to "
               f"{int(module['base'], 16) + module['size']:#x}  {module['name']}"
               for module in fields.get("modules", [])]
    assert section(text, "modules:") == modules, modules


def compare_frames(entries, lines):
    """The list of frames, entry by entry."""
    assert len(entries) == len(lines), f"{len(entries)} frames in JSON, {len(lines)} in text"
    for entry, line in zip(entries, lines):
        frame, mark = FRAME.match(line), MARK.match(line)
        if "mark" in entry:
            assert mark and mark[1] == entry["text"], (entry, line)
            continue
        assert frame, f"no frame: {line}"
        assert int(frame[1]) == entry["number"], (entry, line)
        is_inlined = entry.get("inlined", False)
        assert is_inlined or int(frame[2], 16) == int(entry["address"], 16), (entry, line)
        assert frame[3] == shown(entry), (entry, line)
        assert (frame[6], int(frame[7] or 0)) == (entry.get("file"), entry.get("line", 0)), \
            (entry, line)
        assert frame[5] == {True: "at", False: "near", None: None}[entry.get("exact")], (entry, line)
        assert frame[8] == entry.get("note"), (entry, line)


def code_line(code):
    """The machine code as the text has it."""
    shown_bytes = [f"<{byte:02x}>" if place == code["at"] else f"{byte:02x}"
                   for place, byte in enumerate(bytes.fromhex(code["bytes"]))]
    return f"code from {code['start']}: {' '.join(shown_bytes)}"


def section(text, title):
    """The lines below a title, up to the next one; none if there is no such title."""
    if title not in text:
        return []
    rest = text[text.index(title) + 1:]
    is_events = title == "last events:"
    ends = [place for place, line in enumerate(rest) if not line.startswith("  ") and not is_events]
    return rest[:ends[0]] if ends else rest
