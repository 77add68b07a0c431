"""`petrel test` as the runner of cargo nextest, which has a process for each test.

nextest takes longer to install than all cases do, so its calls are made here, as its page
on custom test harnesses has them.
"""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

from ..testing import case
from .cargo import LIMIT_S, cargo_in, sample_crate
from .petrel import command_of

AT_ONCE = 3
RUN_ID = "5d0c1a6e-8a1f-4a53-9d0f-1f3b6c1c7f35"


class Nextest:
    """What nextest does with the test programs of a crate."""

    def __init__(self, run, folder):
        self.command = command_of(run)
        self.folder = folder
        code, text = cargo_in(folder, "test", "--no-run", "--message-format=json")
        assert code == 0, text
        lines = (json.loads(line) for line in text.splitlines() if line.startswith("{"))
        built = [line for line in lines if line.get("executable")]
        self.programs = {line["target"]["name"]: line["executable"]
                         for line in built if line["profile"]["test"]}
        self.greet = next(line["executable"] for line in built if not line["profile"]["test"])

    def said(self, program, *words, **variables):
        """(exit code, standard output, standard error) of a program's run."""
        # Where nextest itself looks for DLLs on this system it has rustc's and cargo's too.
        folders = os.path.dirname(self.programs[program])
        environment = {
            **os.environ, "LD_LIBRARY_PATH": folders, "NEXTEST_LD_LIBRARY_PATH": folders,
            "CARGO_MANIFEST_DIR": str(self.folder), "CARGO_PKG_NAME": "sample",
            "NEXTEST": "1", "NEXTEST_RUN_ID": RUN_ID, "NEXTEST_PROFILE": "default",
            "NEXTEST_BIN_EXE_greet": self.greet, **variables}
        done = subprocess.run([self.command, "test", self.programs[program], *words],
                              cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT_S)
        return done.returncode, done.stdout.replace("\r", ""), done.stderr.replace("\r", "")

    def listed(self, program, *more):
        """The names of a program's tests."""
        code, output, errors = self.said(program, "--list", "--format", "terse", *more)
        assert (code, errors) == (0, ""), (code, output, errors)
        names = [line.removesuffix(": test") for line in output.splitlines()]
        assert output == "".join(f"{name}: test\n" for name in names), output
        return names

    def tested(self, program, name, *more):
        """What a test says."""
        return self.said(program, "--exact", name, "--nocapture", *more,
                         NEXTEST_EXECUTION_MODE="process-per-test", NEXTEST_TEST_NAME=name)


@case("petrel.nextest")
def nextest(run):
    """Lists are libtest's; each test, some at once, has its own output and exit code."""
    made = Nextest(run, sample_crate(run))
    assert made.programs.keys() == {"sample", "system", "greet"}, made.programs
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [(program, more) for program in made.programs for more in ((), ("--ignored",))]
        lists = dict(zip(asked, pool.map(lambda it: made.listed(it[0], *it[1]), asked)))
        ignored = ["tests::variables"]
        own, system = ["tests::halves", "tests::variables", "tests::wrong"], \
            ["files", "processes", "threads"]
        assert lists == {("sample", ()): own, ("sample", ("--ignored",)): ignored,
                         ("system", ()): system, ("system", ("--ignored",)): [],
                         ("greet", ()): [], ("greet", ("--ignored",)): []}, lists
        tests = [(program, name, *(["--ignored"] if name in ignored else []))
                 for (program, more), names in lists.items() if not more for name in names]
        answers = dict(zip(tests, pool.map(lambda it: made.tested(*it), tests)))
    for test, (code, output, errors) in answers.items():
        program, name = test[:2]
        fails = name == "tests::wrong"
        assert code == (101 if fails else 0), (test, code, output, errors)
        assert "running 1 test\n" in output, (test, output)
        others = [other for _, other, *_ in tests if other != name]
        assert not [other for other in others if f"test {other} " in output], (test, output)
        assert (f"test {name} ... " in output) and ("half of 5" in errors) == fails, \
            (test, output, errors)
        assert fails or errors == "", (test, errors)
        assert "petrel: " not in errors, (test, errors)
    output = answers["sample", "tests::variables", "--ignored"][1]
    for name, value in (("NEXTEST", "1"), ("NEXTEST_EXECUTION_MODE", "process-per-test"),
                        ("NEXTEST_RUN_ID", RUN_ID), ("NEXTEST_TEST_NAME", "tests::variables"),
                        ("NEXTEST_BIN_EXE_greet", on_z(made.greet)),
                        ("CARGO_MANIFEST_DIR", on_z(made.folder))):
        assert f"{name} is {value}\n" in output, (name, value, output)


def on_z(path):
    """A path of this system as the program has it."""
    return "Z:" + str(path).replace("/", "\\")
