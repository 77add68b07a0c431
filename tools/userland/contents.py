"""What the image holds, where from, and the pinned packages it is made of."""

from dataclasses import dataclass

LIBRARIES = """
    ntdll kernelbase kernel32 msvcrt ucrtbase vcruntime140 vcruntime140_1
    msvcp140 msvcp140_1 msvcp140_2 concrt140 advapi32 sechost bcryptprimitives
    bcrypt userenv version psapi ws2_32 rpcrt4 combase coml2 ole32 oleaut32
    shell32 shlwapi shcore user32 gdi32 win32u imm32 crypt32 dnsapi iphlpapi nsi
    secur32 powrprof dbghelp winmm msacm32 setupapi cfgmgr32 apisetschema tzres
    ncrypt rsaenh wsock32 mswsock netapi32 netutils wtsapi32 pdh mpr sspicli
    wintrust imagehlp cabinet propsys winhttp jsproxy normaliz
""".split()
# The shell, and what batch files rely on.
PROGRAMS = ("cmd.exe", "chcp.com") + tuple(f"{name}.exe" for name in (
    "attrib", "expand", "fc", "find", "findstr", "hostname", "reg", "sort", "tasklist",
    "taskkill", "where", "whoami", "xcopy"))
# Taken when one of the others imports it: Debian's Wine does, others have it
# inside.
IMPORTED = ("zlib1.dll",)
MODULES = tuple(f"{name}.dll" for name in LIBRARIES) + PROGRAMS

# Tables of languages that programs cannot start without, or NT always has.
TABLES = tuple(f"{name}.nls" for name in (
    "locale", "sortdefault", "l_intl", "normnfc", "normnfd", "normnfkc", "normnfkd",
    "normidna", "c_437", "c_850", "c_1252", "c_20127"))
MORE_TABLES = "c_*.nls"  # all code pages there are

SYSTEM = "windows/system32"
SORTING = "windows/globalization/sorting"
LICENCES = "licenses"

# Folders that programs expect; the variables of their environment name most.
EMPTY_FOLDERS = (
    "Program Files/Common Files", "ProgramData", "users/Public", "users/petrel/AppData/Local/Temp",
    "users/petrel/AppData/LocalLow", "users/petrel/AppData/Roaming", "windows/temp")

# What manifests of programs ask for beside their DLLs: without an answer such a program
# has no activation context at all, and is told that this is Windows 8.
ASSEMBLIES = "manifests"
CONTROLS = "microsoft.windows.common-controls"
MANIFESTS = {
    f"windows/winsxs/{ASSEMBLIES}/amd64_{CONTROLS}_6595b64144ccf1df_6.0.2600.2982_none_petrel"
    ".manifest": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <assemblyIdentity type="win32" name="Microsoft.Windows.Common-Controls" version="6.0.2600.2982"
                    processorArchitecture="amd64" publicKeyToken="6595b64144ccf1df"/>
</assembly>
""",
}


def folder_of(name):
    """Where the image has a file, which is where the kernel looks for it."""
    return SORTING if name == "sortdefault.nls" else SYSTEM


@dataclass(frozen=True)
class Package:
    """A Debian package: its hash is that of the .deb file."""
    name: str
    version: str
    architecture: str
    size_bytes: int
    sha256: str

    @property
    def file(self):
        """What the file is called; apt writes a colon as %3a."""
        version = self.version.replace(":", "%3a")
        return f"{self.name}_{version}_{self.architecture}.deb"


SUITE = "trixie"
PACKAGES = (
    Package("libwine", "10.0~repack-6", "amd64", 111365028,
            "702c99d2fbaef2a4966667e0cdabd477ed1754c1b3b5d4476606eaf5fd6e1444"),
    Package("libz-mingw-w64", "1.3.1+dfsg-2", "all", 158548,
            "c4e6d6bfabe8b6d12c797736a3d762d83513b49f488d1aaf61d4526387a2dd3e"),
)
