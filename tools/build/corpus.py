"""`scons corpus`: real programs of others, fetched, run, and compared with what they must print."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from userland import main, prepare

from . import corpus_table, job, windows
from .errors import BuildError
from .paths import BUILD

FOLDER = BUILD / "corpus"
AT_ONCE = 2
MEMORY_MIB = 2048
LIMIT_S = 240
TIME_OF_FILES = 1577836800  # 2020-01-01
SHOWN = 200  # characters of what differs
PACKAGE = re.compile(r"C:[\\/]b[\\/]([^\\/\s\"]+)")
STARTING = "] info  petrel::start_list: starting "  # for each step
COMPLAINT = re.compile(r"\] (?:warn|error) +(.*)")


class Corpus:
    """The folder with `corpus.json` and `fetch.py`."""

    def __init__(self, path):
        self.path = path
        try:
            content = json.loads((path / "corpus.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BuildError(f"corpus={path} has no corpus.json that can be read: {error}") from None
        self.cases = {case["id"]: case for case in content["cases"]}
        self.programs = content["programs"]
        self.ranks = {id: program["rank"] for program in content["programs"]
                      for id in program["cases"]}
        self.packages = [list(package["files"]) for package in content["packages"]]

    def chosen(self, only):
        """The cases whose name contains one of some words, by rank."""
        words = only.split(",")
        found = [case for case in self.cases.values() if any(word in case["id"] for word in words)]
        if not found:
            raise BuildError(f"no case has {only} in its name; these exist: {' '.join(self.cases)}")
        return sorted(found, key=lambda case: (self.ranks[case["id"]], case["id"]))

    def fetch(self, cases):
        """Gets the files of the packages that cases name; what is there and right stays."""
        folders = set().union(*map(packages_of, cases))
        # One file stands for its package: some have so many that no command line has room.
        wanted = [file for files in self.packages
                  for file in files[:1] if folders & {one.split("/")[0] for one in files}]
        done = subprocess.run(
            [sys.executable, self.path / "fetch.py", "--cache", FOLDER / "cache",
             "--only", ",".join(wanted), FOLDER], stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise BuildError("not all programs of the corpus are there: see above")


def packages_of(case):
    """The folders of C:\\b that a case names."""
    words = [word for step in case["steps"] for word in (step["exe"], step["cmdline"])]
    words += [content for content in case["files"].values() if isinstance(content, str)]
    copied = [content["copy_of"].split("/")[0] for content in case["files"].values()
              if isinstance(content, dict) and "copy_of" in content]
    return {*PACKAGE.findall(" ".join(words)), *copied}


def run(corpus_path, only, profile):
    """Runs the chosen cases; a BuildError when one is not right."""
    if not corpus_path:
        raise BuildError("which corpus? Name its folder with corpus=DIR")
    if not windows.has_compiler():
        raise BuildError("this machine lacks mingw; `tools/setup scons corpus` installs it")
    corpus = Corpus(Path(corpus_path).expanduser().absolute())
    cases = corpus.chosen(only)
    FOLDER.mkdir(parents=True, exist_ok=True)
    corpus.fetch(cases)
    userland = prepare.prepare(main.note)
    failed = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = {pool.submit(judged, case, profile.elf, userland.image): case for case in cases}
        for done in as_completed(waiting):
            (why, seconds), name = done.result(), waiting[done]["id"]
            print(f"{'FAIL' if why else 'ok':<5}{name:<20}{seconds:6.1f} s  {why}", flush=True)
            failed += [name] if why else []
    if len(cases) == len(corpus.cases):
        corpus_table.write(corpus.programs, failed)
    print(f"{len(cases) - len(failed)} passed, {len(failed)} failed", flush=True)
    if failed:
        raise BuildError(f"not right: {', '.join(failed)}")


def judged(case, elf, userland):
    """(what is wrong or nothing, seconds)."""
    start = time.monotonic()
    try:
        why = wrong(case, played(case, elf, userland))
    except BuildError as error:
        why = str(error)
    return why, time.monotonic() - start


def played(case, elf, userland):
    """Runs a case in a machine."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        folder = Path(folder)
        lay_out(case, folder / "tree")
        job.make_image(folder / "image", folder / "tree", userland, TIME_OF_FILES)
        shutil.rmtree(folder / "tree")
        return job.run(elf, folder / "image", FOLDER / case["id"], LIMIT_S,
                       memory_mib=MEMORY_MIB)


def lay_out(case, tree):
    """The files of a case's machine, and its job."""
    for path in (tree / "b", tree / "t" / case["id"]):
        path.mkdir(parents=True)
    for name in packages_of(case):
        shutil.copytree(FOLDER / "b" / name, tree / "b" / name, copy_function=os.link)
    for name, content in case["files"].items():
        path = tree / "t" / case["id"] / name.replace("\\", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content_of(content))
    job.write(tree, [step_of(case, step) for step in case["steps"]] + last_step(case))
    shutil.copyfile(windows.program("show"), tree / "programs" / "show.exe")


def step_of(case, step):
    """A step as the machine is told it."""
    given = None if step["stdin"] is None else content_of(step["stdin"])
    return job.Step(step["exe"], step["cmdline"], case["cwd"] + "\\", given)


def last_step(case):
    """One that shows the files that the case must leave."""
    shown = " ".join(f'"{name}"' for name in case["outputs_sha256"])
    return [job.Step("show.exe", f"show.exe {shown}", case["cwd"] + "\\")] if shown else []


def content_of(value):
    """The bytes of a file or of input."""
    if value is None:
        return b""
    if isinstance(value, str):
        return value.encode()
    if "base64" in value:
        return base64.b64decode(value["base64"])
    return (FOLDER / "b" / value["copy_of"]).read_bytes()


def wrong(case, outcome):
    """What is not as it must be, or nothing."""
    complaint = hint(outcome.serial)
    for number, (want, got) in enumerate(zip(case["steps"], outcome.ended), 1):
        where = f"step {number}: "
        # They were recorded where a process' exit code has eight bits.
        if got.status & 0xFF != want["exit"]:
            return f"{where}exit code {got.status:#x}, not {want['exit']:#x}{complaint}"
        for name, text in (("stdout", got.output), ("stderr", got.errors)):
            if want[f"compare_{name}"]:
                why = difference(case, content_of(want[name]), text, want["os_error_text"])
                if why:
                    return f"{where}{name} {why}{complaint}"
    if len(outcome.ended) != len(case["steps"]) + len(last_step(case)):
        return f"step {outcome.serial.count(STARTING)} did not end: {outcome.reason}{complaint}"
    if case["outputs_sha256"]:
        return wrong_files(case["outputs_sha256"], outcome.ended[-1].output)
    return ""


def difference(case, want, got, may_be_worded_otherwise):
    """Where two texts differ, once both are normalised."""
    want, got = (normalised(case, text) for text in (want, got))
    if want == got or may_be_worded_otherwise and want.count("\n") == got.count("\n"):
        return ""
    place = next((place for place, pair in enumerate(zip(want, got)) if pair[0] != pair[1]),
                 min(len(want), len(got)))
    start = max(place - 20, 0)
    return (f"is {got[start:start + SHOWN]!r} from character {start} on, "
            f"not {want[start:start + SHOWN]!r}")


def normalised(case, text):
    """Text as it is compared."""
    text = text.decode(errors="surrogateescape")
    for pattern, replacement in case["normalise"]:
        text = re.sub(pattern, replacement, text)
    if case["sort_lines"]:
        text = "".join(sorted(text.splitlines(keepends=True)))
    return text


def wrong_files(wanted, shown):
    """What is wrong with the files that a case leaves, as show.exe wrote them."""
    for name, digest in wanted.items():
        length, _, shown = shown.partition(b"\n")
        if not length.isdigit():
            return f"{name} is missing"
        content, shown = shown[:int(length)], shown[int(length):]
        if digest is not None and hashlib.sha256(content).hexdigest() != digest:
            return f"{name} has other content: {content[:SHOWN]!r}"
    return ""


def hint(serial):
    """What the kernel complained about last."""
    found = COMPLAINT.findall(serial.replace("\r", ""))
    return f"; the kernel says: {found[-1]}" if found else ""
