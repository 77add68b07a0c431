"""What lies between the Win32 DLLs and the kernel: services by name, messages."""

import re
import shutil
import tempfile
from pathlib import Path

from userland import part, pe, prepare

from .. import job, windows
from ..errors import BuildError
from ..paths import KERNEL
from ..testing import Skip, case

ROW = re.compile(r"^\| \d+ \| `(Nt\w+)` \| [^|]* \| (full|partial|none) \|", re.M)
# What a hello world of C calls, and what programs of Rust's standard library do.
OF_C = """
    AllocateVirtualMemory FreeVirtualMemory ProtectVirtualMemory QueryVirtualMemory OpenFile
    CreateFile Close WriteFile FsControlFile QueryVolumeInformationFile QueryAttributesFile
    CreateSection QuerySection MapViewOfSection UnmapViewOfSection OpenKey OpenKeyEx CreateKey
    QueryValueKey SetValueKey QuerySystemInformation QueryInformationProcess
    QueryInformationThread GetNextThread QueryInformationToken QuerySystemTime
    InitializeNlsFiles GetNlsSectionPtr QueryDefaultLocale Continue TerminateProcess""".split()
OF_RUST = """
    CreateThreadEx ResumeThread TerminateThread SetInformationThread WaitForMultipleObjects
    WaitForAlertByThreadId YieldExecution QueryPerformanceCounter CreateTimer SetTimer ReadFile
    QueryDirectoryFile QueryInformationFile QueryObject DeviceIoControlFile AlertThreadByThreadId
    WaitForSingleObject DelayExecution SetInformationFile QueryFullAttributesFile DuplicateObject
    FlushBuffersFile CancelIoFile CancelIoFileEx RaiseException CreateEvent SetEvent
    ResetEvent""".split()


def userland():
    """The DLLs, or why there are none."""
    try:
        return prepare.prepare(lambda _text: None)
    except BuildError as why:
        raise Skip(f"without the Win32 DLLs: {why}") from None


@case("dlls.services")
def services(_run):
    """Every service that ordinary programs need is in ntdll, and served by the kernel."""
    served = dict(ROW.findall((KERNEL / "SYSCALLS.md").read_text()))
    assert len(served) > 200, len(served)
    file = userland().tree / "windows" / "system32" / "ntdll.dll"
    exported = pe.Image(file.read_bytes(), file).exports
    for name in (f"Nt{word}" for word in OF_C + OF_RUST):
        assert name in exported, f"ntdll has no {name}"
        assert served.get(name) != "none" and name in served, f"{name} is not served"


@case("dlls.messages")
def messages(run):
    """The DLLs say what their channels are asked for, and nothing else."""
    if not windows.has_compiler():
        raise Skip("mingw is not installed")
    dlls, hello = userland(), windows.program("hello")
    with tempfile.TemporaryDirectory(dir=run.folder) as folder:
        folder = Path(folder)
        job.write(folder / "tree", [job.Step("hello.exe", "hello.exe")])
        shutil.copyfile(hello, folder / "tree" / "programs" / "hello.exe")
        job.make_image(folder / "image", folder / "tree", part.image_for(dlls, hello))

        def log(*words):
            return job.run(run.profile.elf, folder / "image", run.file("job"), 60, kernel=words)

        quiet, told = log(), log("wine=+loaddll")
    for outcome in (quiet, told):
        assert [one.output for one in outcome.ended] == [b"Hello from C.\r\n"], outcome.reason
    assert "loaddll" not in quiet.serial
    assert re.search(r"trace:loaddll:.*msvcrt\.dll", told.serial), told.serial[-3000:]
    run(kernel="wine=loaddll").fails("bad-option")
