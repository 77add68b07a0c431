"""The tests that cargo runs on this machine, counted from its output."""

import re
import tomllib

from . import cargo
from .paths import BUILD, KERNEL, TOOLS

SUMMARY = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", re.M)
DULL = re.compile(r"running \d+ test|test result: ok|[.i]+( \d+/\d+)?$|all doctests ran")


def kernel():
    """abi and the crates of lib/: logic that needs no machine."""
    return counted(KERNEL, host_crates(), BUILD / "host" / "kernel")


def host_crates():
    """Cargo's words for those crates."""
    manifests = [KERNEL / "abi" / "Cargo.toml", *sorted(KERNEL.glob("lib/*/Cargo.toml"))]
    names = [tomllib.loads(file.read_text())["package"]["name"] for file in manifests]
    return [word for name in names for word in ("-p", name)]


def tools():
    """The host programs."""
    # As the build of the kernel has built them, so little is compiled again.
    return counted(TOOLS, ["--workspace", "--release"], BUILD / "tools")


def counted(folder, arguments, target_dir):
    """(passed, failed, skipped, message) of a `cargo test`."""
    status, text = cargo.output(
        "test", folder, target_dir, ["--quiet", "--no-fail-fast", *arguments])
    sums = [sum(column) for column in
            zip(*(map(int, found) for found in SUMMARY.findall(text)))] or [0, 0, 0]
    passed, failed, skipped = sums
    if status != 0 and failed == 0:
        failed = 1  # it did not even build, or died
    return passed, failed, skipped, without_successes(text) if failed else ""


def without_successes(text):
    """What cargo says about failures."""
    return "\n".join(line for line in text.splitlines()
                     if line and not DULL.match(line))


GROUPS = {"host.kernel": kernel, "host.tools": tools}
