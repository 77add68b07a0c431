"""`petrel run` as a user types it: streams, exit codes, options, bad programs."""

import functools
import hashlib
import json
import os
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .. import command as build, petrel, windows
from ..errors import BuildError
from ..testing import FOLDER, Skip, case

LIMIT_S = 90
LOCK = threading.Lock()
EVERY_BYTE = bytes(range(256))
# The codes of tools/petrel/src/exit.rs.
LARGER, CRASHED, TIME_LIMIT, FAILED, NO_DLL, NO_FUNCTION, NOT_STARTED, NO_SERVICE = \
    range(100, 108)
NO_FILE, NOT_PE, DAMAGED, OTHER_PROCESSOR, DLL, WINDOWS, DRIVER = range(110, 117)
USAGE, NOT_INSTALLED = 120, 121


@functools.lru_cache(maxsize=None)
def command(elf):
    """The command with a kernel, made once."""
    from userland import prepare
    try:
        userland = prepare.prepare(lambda _text: None)
    except BuildError as why:
        raise Skip(f"without the Win32 DLLs: {why}") from None
    path = FOLDER / "command" / "petrel"
    petrel.assemble(path, elf, userland)
    return path


def command_of(run):
    """The command with the kernel under test."""
    if not windows.has_compiler():
        raise Skip("mingw is not installed")
    with LOCK:
        return command(run.profile.elf)


def petrel_run(run, *words, program=None, input=b"", stdin=None):
    """(exit code, standard output, standard error) of `petrel run`; words with = come first."""
    options = [word for word in words if str(word).startswith("--")]
    rest = [word for word in words if not str(word).startswith("--")]
    program = program or windows.program("probe")
    done = subprocess.run(
        [command_of(run), "run", *options, program, *rest], capture_output=True, timeout=LIMIT_S,
        **({"stdin": stdin} if stdin is not None else {"input": input}))
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def expect(got, code, output=None, errors=""):
    """What a run must come to."""
    assert got[0] == code, f"exit code {got[0]}, not {code}: {got}"
    if output is not None:
        assert got[1] == output, f"printed {got[1][:500]}, not {output[:500]}"
    assert errors in got[2] and (errors or not got[2]), f"said {got[2]!r}, not {errors!r}"


@case("petrel.codes")
def codes(run):
    """Small codes pass, large ones are said, an exception is a crash."""
    expect(petrel_run(run), 0, b"hello, world\r\n")
    for code in (1, 42, 99):
        expect(petrel_run(run, "exit", str(code)), code, b"")
    expect(petrel_run(run, "exit", "100"), LARGER, b"", "ended with exit code 100 (0x64)")
    expect(petrel_run(run, "exit", "-1"), LARGER, b"", "ended with exit code 4294967295")
    expect(petrel_run(run, "crash"), CRASHED, None, "crashed with 0xC0000005 STATUS_ACCESS_VIOL")


@case("petrel.crash")
def crash(run):
    """A crash is reported with the program's own frames, across the DLLs between them."""
    code, output, report = petrel_run(run, "crash")
    assert (code, output) == (CRASHED, b""), (code, output, report)
    place = 0
    for text in ("CRASH: probe.exe: write to 0x8 (null + 0x8)", "probe.exe!compare+", "probe.c:",
                 "msvcrt.dll!", "probe.exe!crash+", "probe.exe!main+", "probe.c:",
                 "kernel32.dll!BaseThreadInitThunk", "ntdll.dll!RtlUserThreadStart",
                 "--- end of the stack"):
        found = report.find(text, place)
        assert found >= 0, f"{text!r} is not there, or not in this order:\n{report}"
        place = found


@case("petrel.input")
def input_bytes(run):
    """Every byte comes through, from a file, a pipe, and one that goes on; then the end."""
    data = EVERY_BYTE * 100
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        expect(petrel_run(run, "echo", stdin=file), 0, data, "end ")
    expect(petrel_run(run, "echo", input=data), 0, data, "end ")
    expect(petrel_run(run, "echo", stdin=subprocess.DEVNULL), 0, b"", "end ")
    words = [command_of(run), "run", windows.program("probe"), "echo"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as live:
        said = b""
        for piece in (EVERY_BYTE, b"\x1a\0\r\n", b"x"):
            live.stdin.write(piece)
            live.stdin.flush()
            while len(said) < len(piece):
                said += live.stdout.read(len(piece) - len(said))
            assert said == piece, (said, piece)
            said = b""
            time.sleep(0.1)
        live.stdin.close()
        assert live.stdout.read() == b"" and live.wait(LIMIT_S) == 0


@case("petrel.streams")
def streams(run):
    """Streams are ends of pipes to the program, and the null device is none."""
    said = b"seen abc of 5\r\nread ab, 3 left\r\nstate 1, end 0\r\nerror 109 and 109\r\n"
    expect(petrel_run(run, "pipes", input=b"abcde"), 0, said)
    words = [command_of(run), "run", windows.program("probe"), "pipes"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as live:
        time.sleep(0.3)
        output, _ = live.communicate(b"abcde", LIMIT_S)
        assert (output, live.returncode) == (said, 0), (output, live.returncode)
    expect(petrel_run(run, "handles", stdin=subprocess.DEVNULL), 0, b"2\r\n3\r\n3\r\n")


@case("petrel.output")
def output_bytes(run):
    """A lot of output, each byte as it was; the two streams apart."""
    count, state, wanted = 1_000_000, 1, bytearray()
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        wanted.append(state >> 24)
    code, output, errors = petrel_run(run, "flood", str(count))
    assert (code, errors) == (0, ""), (code, errors)
    assert hashlib.sha256(output).digest() == hashlib.sha256(wanted).digest(), len(output)
    expect(petrel_run(run, "both"), 0, b"to out\r\n", "to err\r\n")
    expect(petrel_run(run, "handles"), 0, b"3\r\n" * 3)


@case("petrel.arguments")
def arguments(run):
    """What the program finds: arguments, environment, directory."""
    given = ["", "a b", 'x"y', "C:\\d\\", "C:\\p q\\", "\\\\\"", "a\tb", "%PATH%"]
    code, output, errors = petrel_run(run, "arguments", *given)
    found = output.decode().replace("\r\n", "\n").split("\n")
    assert (code, errors) == (0, "") and found[:len(given)] == [f"[{one}]" for one in given], output
    expect(petrel_run(run, "--env=PROBE=a=b c", "variable", "PROBE"), 0, b"a=b c\r\n")
    expect(petrel_run(run, "--env=windir=X", "variable", "WINDIR"), 0, b"X\r\n")
    expect(petrel_run(run, "variable", "OS"), 0, b"Windows_NT\r\n")
    expect(petrel_run(run, "directory"), 0, b"Z:\\\r\n")
    expect(petrel_run(run, "--no-dir", "directory"), 0, b"C:\\\r\n")
    expect(petrel_run(run, "--cwd=C:\\new\\sub", "directory"), 0, b"C:\\new\\sub\r\n")


@case("petrel.folders")
def folders(run):
    """A folder is copied in, and never written to; no path of one is longer than programs
    have room for."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        file = Path(folder) / "data" / "sub" / "a file.txt"
        file.parent.mkdir(parents=True)
        file.write_text("first line\n")
        data = Path(folder) / "data"
        expect(petrel_run(run, f"--copy={data}", "file", "C:\\data\\sub\\a file.txt"), 0,
               b"first line\r\n")
        expect(petrel_run(run, f"--copy={data}:C:\\x\\y", "--cwd=C:\\x\\y\\sub", "file",
                          "a file.txt"), 0, b"first line\r\n")
        assert file.read_text() == "first line\n"
        expect(petrel_run(run, f"--copy={folder}/none"), USAGE, b"", "there is no such folder")
    expect(petrel_run(run, "copy"), 0, b"20\r\n1 21\r\n")
    expect(petrel_run(run, "deep"), 0, b"1 0 259\r\n" + b"0 206 259\r\n" * 2)


@case("petrel.options")
def options(run):
    """The time limit, time by instructions, the trace, what is kept."""
    start = time.monotonic()
    expect(petrel_run(run, "--timeout=2", "forever"), TIME_LIMIT, b"begun\r\n", "within 2 s")
    assert time.monotonic() - start < 10
    first, second = (petrel_run(run, "--deterministic", "times") for _ in range(2))
    assert first == second and first[0] == 0, (first, second)
    trace = run.file("json")
    expect(petrel_run(run, f"--trace={trace}"), 0, b"hello, world\r\n")
    names = {event["name"] for event in json.loads(trace.read_text())["traceEvents"]}
    assert {"NtWriteFile", "NtTerminateProcess"} <= names, names
    code, _, errors = petrel_run(run, "--keep")
    folder = Path(errors.strip().rsplit(" ", 1)[-1])
    kept = {file.name for file in folder.iterdir()}
    assert code == 0 and {"log", "image", "tree"} <= kept, (errors, kept)
    assert "PETREL-END" in (folder / "log").read_text()
    subprocess.run(["rm", "-r", folder], check=True)


@case("petrel.leaving")
def leaving(run):
    """Children that go on do not outlive the first program, nor does the machine."""
    words = [command_of(run), "run", windows.program("leaving")]
    start = time.monotonic()
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, start_new_session=True) as done:
        said = done.communicate(timeout=LIMIT_S)
    assert (done.returncode, said) == (23, (b"", b"")), (done.returncode, said)
    assert time.monotonic() - start < 10
    try:
        os.killpg(done.pid, 0)
    except ProcessLookupError:
        return
    raise AssertionError("a process of the run is left")


@case("petrel.failures")
def failures(run):
    """Bad usage, and a machine that cannot start, are never a success."""
    binary = command_of(run)
    for words in ([], ["walk"], ["run"], ["run", "--mem", "x", "a.exe"], ["run", "--what", "a.exe"]):
        done = subprocess.run([binary, *words], capture_output=True, text=True)
        assert done.returncode == USAGE and done.stderr.startswith("petrel: "), (words, done)
    done = subprocess.run([binary, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "exit codes:" in done.stdout
    expect(petrel_run(run, "--mem=16"), FAILED, b"", "a fault of Petrel's or of the machine")
    # The least memory with which the kernel starts: it depends on how large it is.
    tried = (petrel_run(run, f"--mem={mib}") for mib in range(40, 48))
    expect(next(one for one in tried if one[0] != FAILED), NOT_STARTED, b"", "was not started: ")
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        alone = Path(folder) / "petrel"
        petrel.place(binary, alone)
        done = subprocess.run([alone, "run", windows.program("probe")], capture_output=True, text=True)
        assert done.returncode == NOT_INSTALLED and "petrel.elf is missing" in done.stderr, done


def with_bytes(data, place, value):
    """Other bytes at a place."""
    return data[:place] + value + data[place + len(value):]


@case("petrel.refused")
def refused(run):
    """What is no program for this machine is named, before anything is started."""
    good = windows.program("probe").read_bytes()
    header = int.from_bytes(good[0x3C:0x40], "little")
    optional = header + 24
    flags = int.from_bytes(good[header + 22:header + 24], "little")
    file = run.file("exe")

    def check(data, code, said):
        file.write_bytes(data)
        expect(petrel_run(run, program=file), code, b"", said)

    expect(petrel_run(run, program=run.file("none")), NO_FILE, b"", "cannot be read")
    check(b"", NOT_PE, "is no Windows program")
    check(b"#!/bin/sh\nexit 0\n" * 100, NOT_PE, "is no Windows program")
    check(with_bytes(good, header, b"NE"), NOT_PE, "16-bit")
    check(good[:100], DAMAGED, "cut off")
    check(good[:2000], DAMAGED, "cut off or damaged")
    check(with_bytes(good, header + 4, b"\x4c\x01"), OTHER_PROCESSOR, "32-bit")
    check(with_bytes(good, header + 4, b"\x64\xaa"), OTHER_PROCESSOR, "ARM64")
    check(with_bytes(good, header + 22, (flags | 0x2000).to_bytes(2, "little")), DLL, "is a DLL")
    check(with_bytes(good, optional + 68, b"\2\0"), WINDOWS, "subsystem is GUI")
    check(with_bytes(good, optional + 68, b"\1\0"), DRIVER, "subsystem is native")
    assert good.count(b"msvcrt.dll\0") == 1
    check(good.replace(b"msvcrt.dll\0", b"nothere.d\0\0"), NO_DLL, "nothere.d, which")
    # Found in no DLL when it is called; the loader has something in its place.
    assert good.count(b"GetCommandLineW\0") >= 1
    changed = good.replace(b"GetCommandLineW\0", b"GetCommandLineX\0")
    file.write_bytes(changed)
    expect(petrel_run(run, "arguments", program=file), NO_FUNCTION, None,
           "KERNEL32.dll.GetCommandLineX is in none of its DLLs")
    expect(petrel_run(run, "service", "NtCreateTransaction"), NO_SERVICE, None,
           "after it needed NtCreateTransaction, which Petrel has not")


@case("petrel.dlls")
def dlls(run):
    """DLLs come from beside the program and from the compiler; what is nowhere is named."""
    command_of(run)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        folder = Path(folder)
        sources = {"most.cpp": "int more(); __declspec(dllexport) int most() { return more() + 1; }",
                   "more.cpp": "__declspec(dllexport) int more() { return 41; }",
                   "ask.cpp": "#include <iostream>\n#include <vector>\nint most();\n"
                              "int main() { try { std::vector<int>().at(most()); }"
                              " catch (const std::exception &e) { std::cout << e.what(); } }"}
        for name, text in sources.items():
            (folder / name).write_text(text)
        for words in (["-shared", "more.cpp", "-o", "more.dll"],
                      ["-shared", "most.cpp", "-o", "most.dll", "more.dll"],
                      ["ask.cpp", "-o", "ask.exe", "most.dll"]):
            build.output([windows.CPP, *words], cwd=folder)
        (folder / "most.dll").rename(folder / "Most.DLL")
        program = folder / "ask.exe"
        got = petrel_run(run, program=program)
        expect(got, 0)
        assert b"__n (which is 42)" in got[1], got
        (folder / "more.dll").rename(folder / "more.dl")
        expect(petrel_run(run, program=program), NO_DLL, b"", "needs more.dll (for most.dll), which")


@case("petrel.freestanding")
def freestanding(run):
    """Programs without DLLs have the same streams; reports come whole."""
    program = run.profile.programs / "hello.exe"
    expect(petrel_run(run, program=program), 0, None)
    code, output, errors = petrel_run(run, program=run.profile.programs / "fault-null.exe")
    assert code == CRASHED and "CRASH: fault-null.exe: read of 0x8" in errors, (code, errors)
    assert "fault_null::read_null" in errors and "PETREL-" not in errors, errors
