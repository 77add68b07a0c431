"""`scons check`: formatting, lints as errors, layers."""

import sys

from . import cargo, programs
from .errors import BuildError
from .hosttests import host_crates
from .paths import BUILD, KERNEL, TOOLS, USERSPACE

DENY = ["-D", "warnings"]


def run():
    """Runs all checks, so that one call shows all that is wrong."""
    failed = []
    for name, step in CHECKS.items():
        print(f"check {name}", flush=True)
        try:
            step()
        except BuildError as why:
            sys.stdout.flush()
            print(f"scons: {why}", file=sys.stderr)
            failed.append(name)
    if failed:
        raise BuildError(f"checks failed: {', '.join(failed)}")


def formatting(folder):
    """rustfmt, in a workspace."""
    cargo.command.run([cargo.program("cargo"), "fmt", "--check", "--", "-l"],
                      cwd=folder, env=cargo.environment())


def clippy(folder, arguments, target=None):
    """clippy, with warnings as errors."""
    cargo.run("clippy", folder, BUILD / "check" / folder.name, ["--quiet", *arguments],
              target=target, compiler_arguments=DENY)


def layers():
    """Imports go down only; `unsafe` only where it may be; first lines."""
    cargo.run("run", TOOLS, BUILD / "tools", ["--quiet", "--release", "--bin", "layers"],
              compiler_arguments=[KERNEL.parent])


CHECKS = {
    "formatting of the kernel": lambda: formatting(KERNEL),
    "formatting of the tools": lambda: formatting(TOOLS),
    "formatting of the programs": lambda: formatting(USERSPACE),
    "kernel": lambda: clippy(KERNEL, ["--workspace"], cargo.BARE),
    "kernel logic and its tests": lambda: clippy(KERNEL, [*host_crates(), "--all-targets"]),
    "tools": lambda: clippy(TOOLS, ["--workspace", "--all-targets"]),
    "programs": lambda: clippy(USERSPACE, ["--workspace"], programs.TARGET),
    "layers": layers,
}
