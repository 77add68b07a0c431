"""Guards: a kernel built without one must fail the test of that guard.

Each guard is a cargo feature of hal (kernel/hal/src/guards.rs). Two kernels lack
three each: no two whose tests are parts of one, so that each test fails for what
it tests. That they pass on the kernel as it is, the other cases show.
"""

import shutil
import threading

from .. import bochs, cargo, command
from ..paths import BUILD, KERNEL, LINKER_SCRIPT
from ..testing import Skip, case

TARGET = BUILD / "guards"  # one for all, so that only hal and above are built again
RESERVE_BYTES = 4096  # a symbol table is not needed
BUILDING = threading.Lock()

# The guards that one kernel lacks.
KERNELS = [("smap", "range-check", "stack-guard"), ("flag-mask", "zeroing", "read-only-alias")]
# Guard -> (what is run without it, what the run says then).
GUARDS = {
    "smap": ("selftest=processor", "selftest processor: SMAP is on: false"),
    "range-check": ("selftest=user-copy", "selftest user-copy: copy from 0xffffffff8"),
    "zeroing": ("selftest=frames", "comes zeroed"),
    "flag-mask": ("selftest=processor", "selftest processor: flags that SYSCALL clears: 200"),
    "read-only-alias": ("selftest=pages", "selftest pages: write to 0xffff8000"),
    "stack-guard": ("selftest=pages", "selftest pages: read of 0xffffffff8"),
}


def kernel_without(run, guard):
    """The ELF of a kernel that lacks a guard, which is built at first need."""
    lacking = next(guards for guards in KERNELS if guard in guards)
    elf = run.file("elf")
    features = ",".join(f"hal/without-{each}" for each in lacking)
    words = [f"-T{LINKER_SCRIPT}", "--build-id=sha1", f"--defsym=SYMBOLS_RESERVE={RESERVE_BYTES}"]
    with BUILDING:
        cargo.run(
            "rustc", KERNEL, TARGET,
            ["--quiet", "-p", "petrel", "--features", features]
            + (["--release"] if run.profile.is_release else []),
            target=cargo.BARE,
            compiler_arguments=[word for link in words for word in ("-C", f"link-arg={link}")])
        shutil.copyfile(TARGET / cargo.BARE / run.profile.name / "petrel", elf)
    command.run(["objcopy", "--strip-all", elf])
    return elf


@case("security.without-flag-mask.bochs")
def strict_flags(run):
    """QEMU clears DF at SYSCALL whatever the mask says; Bochs does not."""
    if bochs.missing():
        raise Skip(bochs.missing())
    run("flags.exe", elf=kernel_without(run, "flag-mask"), boot="bochs", timeout_s=120) \
        .fails("panicked")


def declare(guard, options, text):
    """The case of a guard."""
    @case(f"security.without-{guard}")
    def without(run):
        run(kernel=[options], elf=kernel_without(run, guard), memory_mib=64).fails() \
            .prints(f"built without its guard {guard}", text)


for each, (options, text) in GUARDS.items():
    declare(each, options, text)
