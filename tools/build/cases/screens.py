"""What stands on the screen after a crash: VGA's text mode, cell by cell."""

from .. import screenshot
from ..testing import case

ADDRESS, COLUMNS, ROWS = 0xB8000, 80, 25
WHITE_ON_RED, YELLOW, BRIGHT_CYAN = 0x4F, 0x0E, 0x0B


def screen(run, tokens):
    """The rows of the screen, as (text, attributes of its cells)."""
    file = run.file("cells")
    screenshot.at_end(run.profile, "direct", ["end=halt", *tokens], {
        "execute": "pmemsave", "arguments": {
            "val": ADDRESS, "size": COLUMNS * ROWS * 2, "filename": str(file)}})
    cells = file.read_bytes()
    rows = [cells[start:start + COLUMNS * 2] for start in range(0, len(cells), COLUMNS * 2)]
    return [(row[::2].decode("ascii").rstrip(), row[1::2]) for row in rows]


def row_with(rows, text):
    """The first row with a text, and the look of the text in it."""
    for shown, attributes in rows:
        if text in shown:
            return shown, attributes[shown.index(text)]
    raise AssertionError(f"{text!r} is not on the screen:\n" + "\n".join(row[0] for row in rows))


@case("screen.panic")
def panic(run):
    """The sentence, the top frames and the way to the rest, and nothing scrolled away."""
    rows = screen(run, ["start=deep.exe", "panic=syscall"])
    assert rows[0][0] == "Petrel stopped: the kernel panicked.", rows[0]
    assert rows[0][1][0] == WHITE_ON_RED, rows[0]
    row_with(rows, "page fault in the kernel: read of 0x18 (null + 0x18)")
    assert row_with(rows, "hal::panic::provoke::page_fault")[1] == YELLOW
    shown, look = row_with(rows, "deep.exe!deep::inner")
    assert look == BRIGHT_CYAN and "at userspace/programs/src/bin/deep.rs:" in shown, (shown, look)
    row_with(rows, "Current thread: 8 of process 4 (deep.exe), in system call NtYieldExecution")
    row_with(rows, "serial.log")
    assert not rows[-1][0], rows[-1]


@case("screen.crash")
def crash(run):
    """A program's crash takes a few rows, and the console goes on below."""
    rows = screen(run, ["log=error", "start=fault-null.exe => 0xC0000005; hello.exe"])
    texts = [text for text, _ in rows]
    (start,) = (place for place, text in enumerate(texts) if text.startswith("fault-null.exe crashed"))
    end = texts.index("Hello from a PE program in user mode.")
    assert start < end <= start + 12, texts
    assert row_with(rows, "fault-null.exe!fault_null::read_null")[1] == BRIGHT_CYAN
    assert not any("PETREL-REPORT" in text or "registers:" in text for text in texts), texts
