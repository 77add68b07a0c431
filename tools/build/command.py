"""Running a host program to its end."""

import shlex
import subprocess
import sys

from .errors import BuildError


def run(arguments, cwd=None, env=None):
    """Runs a program; its output goes to the terminal."""
    sys.stdout.flush()
    try:
        done = subprocess.run([str(word) for word in arguments], cwd=cwd, env=env)
    except FileNotFoundError:
        raise BuildError(f"{arguments[0]} is not installed: run `tools/setup scons`") from None
    if done.returncode != 0:
        raise BuildError(f"`{shown(arguments)}` failed with status {done.returncode}")


def output(arguments, cwd=None, env=None, may_fail=False):
    """Runs a program; returns (status, stdout and stderr as text)."""
    try:
        done = subprocess.run(
            [str(word) for word in arguments], cwd=cwd, env=env, text=True,
            errors="replace", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except FileNotFoundError:
        raise BuildError(f"{arguments[0]} is not installed: run `tools/setup scons`") from None
    if done.returncode != 0 and not may_fail:
        raise BuildError(f"`{shown(arguments)}` failed with status {done.returncode}:\n{done.stdout}")
    return done.returncode, done.stdout


def shown(arguments):
    """The command as the user could type it, cut when long."""
    line = shlex.join(str(word) for word in arguments)
    return line if len(line) < 200 else line[:200] + " ..."
