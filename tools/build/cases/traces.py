"""`trace=`: the lines that system calls leave on serial."""

import re

from ..testing import case

LINE = re.compile(r"^\[ *\d+\.\d+\] (nt (\d+)\.(\d+) (\S+) (.*))$", re.M)
# What differs from build to build.
ADDRESS = re.compile(r"0x[0-9a-f]{5,}")
WRITE = ("NtWriteFile(FileHandle=ConsoleOutput, EventHandle=NULL, ApcRoutine=0, ApcContext=0, "
         "IoStatusBlock=@, Buffer=&{text}, Length={length}, ByteOffset=NULL, Key=NULL) "
         "-> STATUS_SUCCESS IoStatusBlock=&{{Status=STATUS_SUCCESS, Information={length}}}")


def calls(outcome):
    """Program, and call with its result, of each line; addresses are @."""
    return [(found[4], ADDRESS.sub("@", found[5])) for found in LINE.finditer(outcome.serial)]


@case("trace.hello")
def hello(run):
    """Each call of a program, and nothing else, has its line; the output stays whole."""
    outcome = run("hello.exe", "trace=nt").succeeds()
    text = '"Hello from a PE program in user mode.\\n"'
    assert calls(outcome) == [
        ("hello.exe", WRITE.format(text=text, length=38)),
        ("hello.exe", WRITE.format(text='"hello: ok\\n"', length=10)),
        ("hello.exe", "NtTerminateProcess(ProcessHandle=NtCurrentProcess, "
                      "Status=STATUS_SUCCESS) -> does not return"),
    ], calls(outcome)
    outcome.prints("Hello from a PE program in user mode.\n[", "hello: ok\n[")


@case("trace.off")
def off(run):
    assert not calls(run("hello.exe").succeeds())


@case("trace.by-process")
def by_process(run):
    outcome = run("hello.exe & deep.exe & waits.exe", "trace=nt,process=deep.exe|hello.exe")
    programs = {program for program, _ in calls(outcome.succeeds())}
    assert programs == {"hello.exe", "deep.exe"}, programs


@case("trace.by-family")
def by_family(run):
    """Two conditions: of that program, calls of that family."""
    outcome = run("objects.exe & waits.exe", "trace=nt,process=objects.exe,family=object")
    found = calls(outcome.succeeds())
    names = {call.split("(")[0] for _, call in found}
    assert {program for program, _ in found} == {"objects.exe"}
    assert {"NtClose", "NtCreateDirectoryObject", "NtQueryObject"} <= names, names
    assert not [name for name in names if "Event" in name or "File" in name], names


@case("trace.names")
def names(run):
    """Objects have type and name, masks and flags their names."""
    outcome = run("objects.exe", "trace=nt,name=NtOpen*|NtCreateDir*|NtMake*|NtDuplicateObject")
    texts = [call for _, call in calls(outcome.succeeds())]
    for wanted in [
        r'NtCreateDirectoryObject\(DirectoryHandle=@, DesiredAccess=MAXIMUM_ALLOWED, '
        r'ObjectAttributes=&\{ObjectName="\\BaseNamedObjects\\House"\}\) -> STATUS_SUCCESS '
        r'DirectoryHandle=&\S+ \(Directory "\\BaseNamedObjects\\House"\)',
        r'NtMakeTemporaryObject\(Handle=\S+ \(Event "\\BaseNamedObjects\\\w+"\)\) -> STATUS_SUCCESS',
        r'NtDuplicateObject\(.*Options=DUPLICATE_SAME_ACCESS\) -> STATUS_SUCCESS Target=&\S+ \(.*',
        r'NtOpenEvent\(.*\) -> STATUS_OBJECT_NAME_NOT_FOUND',
    ]:
        assert any(re.fullmatch(wanted, text) for text in texts), f"no line is {wanted}"


@case("trace.waits")
def waits(run):
    """A call that waits is printed when it begins to, and as a whole when it is over."""
    outcome = run("waits.exe", "trace=nt,family=wait|thread").succeeds()
    pending, ended = {}, 0
    for found in LINE.finditer(outcome.serial):
        thread, text = found[3], found[1]
        if text.endswith(") waits"):
            assert thread not in pending, f"two calls at once: {text}"
            pending[thread] = text.removesuffix(" waits")
        elif thread in pending:
            assert text.startswith(pending.pop(thread) + " -> "), text
            ended += 1
    assert ended > 20 and not pending, (ended, pending)
    outcome.prints("Timeout=&in ", ") -> STATUS_TIMEOUT\n")


@case("trace.ended-while-waiting")
def ended_while_waiting(run):
    """The wait of a thread that another one ends."""
    outcome = run("threads.exe", "trace=nt,name=NtWait*|NtDelay*|NtTerminate*",
                  is_deterministic=True).succeeds()
    ends = [call for _, call in calls(outcome) if call.endswith(" -> does not return")]
    assert any(call.startswith("NtTerminateThread(") for call in ends), ends
    assert any(not call.startswith("NtTerminate") for call in ends), ends


@case("trace.goes-on")
def goes_on(run):
    """Calls that return elsewhere say where."""
    outcome = run("exceptions.exe", "trace=nt,name=NtContinue|NtRaiseException").succeeds()
    outcome.prints("NtContinue(Context=&{ContextFlags=0x10", ", Alertable=FALSE) -> goes on at 0x")


@case("trace.bad-pointers")
def bad_pointers(run):
    """Addresses that cannot be read are marked, and every result is as without a trace."""
    outcome = run("hostile.exe", "trace=nt", timeout_s=180).succeeds()
    texts = [call for _, call in calls(outcome)]
    bad = [text for text in texts if "(unreadable)" in text]
    assert len(bad) > 100, len(bad)
    assert any("ObjectAttributes=@ (unreadable)" in text for text in bad)
    assert any("-> STATUS_ACCESS_VIOLATION" in text for text in bad)
    numbers = run("syscall-range.exe", "trace=nt").succeeds()
    numbers.prints("system call 0x", ") -> STATUS_INVALID_SYSTEM_SERVICE\n")


@case("trace.panic")
def panic(run):
    """In a panic, the call that was being served is among the last events."""
    outcome = run("hostile.exe", "panic=copyfault trace=nt").fails("the kernel panicked")
    events = outcome.serial.split("last events:")[1].split("PETREL")[0].rstrip().splitlines()
    assert re.search(r"\] nt \d+\.\d+ hostile\.exe Nt\w+\(", events[-1]), events[-1]
    assert " -> " not in events[-1], events[-1]


@case("trace.bad-option")
def bad_option(run):
    for option, hint in [
        ("trace=win32", "trace=nt"),
        ("trace=nt,family=waits", "object wait thread process memory file registry token message system"),
        ("trace=nt,thread=4", "process=NAME.exe"),
    ]:
        run("hello.exe", [option]).fails("bad-option").prints(option, hint).is_silent_about("hello")
