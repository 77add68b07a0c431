"""Cargo calls: locked, offline, with the pinned toolchain."""

import functools
import os
import shutil
from pathlib import Path

from . import command
from .errors import BuildError
from .paths import ROOT, SETUP

BARE = "x86_64-unknown-none"
SYSROOT = SETUP / "sysroot"  # a toolchain of set-up's own, where rustup's has no targets


@functools.lru_cache(maxsize=None)
def environment():
    """The environment of every cargo call."""
    env = dict(os.environ, RUSTUP_AUTO_INSTALL="0", CARGO_NET_OFFLINE="true")
    for name in ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_TARGET_DIR",
                 "CARGO_BUILD_TARGET", "CARGO_BUILD_RUSTFLAGS"):
        env.pop(name, None)
    home = Path(env.get("CARGO_HOME", Path.home() / ".cargo")) / "bin"
    if shutil.which("cargo") is None and (home / "cargo").exists():
        env["PATH"] = f"{home}:{env['PATH']}"
    if SYSROOT.exists():
        env["PATH"] = f"{SYSROOT / 'bin'}:{env['PATH']}"
    return env


@functools.lru_cache(maxsize=None)
def program(name):
    """Full path of cargo or rustc."""
    path = shutil.which(name, path=environment()["PATH"])
    if path is None:
        raise BuildError(f"{name} is not installed: run `tools/setup scons`")
    return path


def has_target(target):
    """Whether the toolchain has a core library for the target."""
    return any(ask_compiler("target-libdir", "--target", target).glob("libcore-*.rlib"))


def ask_compiler(what, *more):
    """A folder that rustc knows."""
    status, text = command.output(
        [program("rustc"), "--print", what, *more], cwd=ROOT, env=environment(), may_fail=True)
    if status != 0:
        raise BuildError("this machine lacks the pinned Rust toolchain; "
                         "`tools/setup scons` installs what is missing")
    return Path(text.strip())


def call(verb, target_dir, arguments=(), target=None, compiler_arguments=()):
    """(argument list, environment) of a cargo call."""
    words = [program("cargo"), verb, "--locked", "--target-dir", str(target_dir)]
    if target is not None:
        words += ["--target", target]
    words += [str(word) for word in arguments]
    if compiler_arguments:
        words += ["--"] + [str(word) for word in compiler_arguments]
    return words, environment()


def run(verb, folder, target_dir, arguments=(), target=None, compiler_arguments=()):
    """Runs cargo; its messages go to the terminal."""
    words, env = call(verb, target_dir, arguments, target, compiler_arguments)
    command.run(words, cwd=folder, env=env)


def output(verb, folder, target_dir, arguments=(), target=None, compiler_arguments=()):
    """Runs cargo; returns (status, output)."""
    words, env = call(verb, target_dir, arguments, target, compiler_arguments)
    return command.output(words, cwd=folder, env=env, may_fail=True)
