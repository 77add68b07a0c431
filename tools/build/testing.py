"""`scons test`: host tests, then cases on emulated machines, two at a time."""

import atexit
import importlib
import os
import pkgutil
import shutil
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from . import hosttests, qemu
from .errors import BuildError
from .guestrun import Runner
from .paths import BUILD

AT_ONCE = 2
SHOWN_LINES = 25
CASES = {}
FOLDER = BUILD / "test"


class Skip(Exception):
    """Why a case cannot run on this machine."""


@dataclass
class Result:
    """What became of a test, or of a group of tests."""
    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    message: str = ""


def case(name):
    """Registers a function as the case of that name; it gets a Runner."""
    def register(function):
        if name in CASES:
            raise BuildError(f"two test cases are called {name}")
        CASES[name] = function
        return function
    return register


def run(profile, only):
    """Runs all tests whose name contains `only`."""
    for which in qemu.Terminal.SIGNALS:
        # At once; the system ends the machines with us (qemu.die_with_parent).
        signal.signal(which, lambda *_: os._exit(2))
    groups = {name: step for name, step in hosttests.GROUPS.items() if only in name}
    chosen = {name: step for name, step in CASES.items() if only in name}
    if not groups and not chosen:
        names = "\n  ".join(sorted([*hosttests.GROUPS, *CASES]))
        raise BuildError(f"no test has {only!r} in its name; these exist:\n  {names}")
    if not only:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    results = []
    for name, step in groups.items():
        results.append(shown(host_group(name, step)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(one, name, step, profile) for name, step in chosen.items()]
        results += [shown(done.result()) for done in as_completed(waiting)]
    finish(results)


def load_cases():
    """Imports every module of cases/."""
    from . import cases
    for module in sorted(pkgutil.iter_modules(cases.__path__), key=lambda found: found.name):
        importlib.import_module(f"{cases.__name__}.{module.name}")


def one(name, step, profile):
    """Runs a case; never raises."""
    result = Result(name)
    runner = Runner(name, profile, FOLDER)
    start = time.monotonic()
    try:
        step(runner)
        result.passed = 1
    except Skip as why:
        result.skipped, result.message = 1, str(why)
    except (AssertionError, BuildError) as why:
        result.failed, result.message = 1, f"{why}\n{runner.last_lines(SHOWN_LINES)}"
    except Exception as why:  # a fault in the case itself
        result.failed, result.message = 1, f"{type(why).__name__}: {why}"
    result.seconds = time.monotonic() - start
    return result


def host_group(name, step):
    """Runs a workspace's own tests."""
    start = time.monotonic()
    passed, failed, skipped, message = step()
    return Result(name, passed, failed, skipped, time.monotonic() - start, message)


def shown(result):
    """Prints a result as soon as it is there."""
    word = "FAIL" if result.failed else "skip" if result.skipped and not result.passed else "ok"
    count = result.passed + result.failed + result.skipped
    many = f" ({count} tests)" if count > 1 else ""
    print(f"{word:<5}{result.name + many:<44}{result.seconds:6.1f} s", flush=True)
    if result.message:
        print("     " + result.message.strip().replace("\n", "\n     "), flush=True)
    return result


def finish(results):
    """Prints the count as the very last line, and fails when it must."""
    passed, failed, skipped = (sum(getattr(result, name) for result in results)
                               for name in ("passed", "failed", "skipped"))
    count = f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")

    def last_line():
        sys.stderr.flush()
        print(count, flush=True)

    atexit.register(last_line)  # behind scons's own last words
    if failed:
        names = ", ".join(result.name for result in results if result.failed)
        raise BuildError(f"failed: {names}")
    if not passed:
        raise BuildError("no test passed")
