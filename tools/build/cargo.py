"""Cargo calls: locked, offline, the pinned toolchain, build-std as a fallback."""

import functools
import os
import shutil
from pathlib import Path

from . import command
from .errors import BuildError
from .paths import ROOT, SETUP

BARE = "x86_64-unknown-none"
SYSROOT = SETUP / "sysroot"  # only there when a target could not be installed
BUILD_STD = {
    "RUSTC_BOOTSTRAP": "1",
    "CARGO_UNSTABLE_BUILD_STD": "core,alloc",
    "CARGO_UNSTABLE_BUILD_STD_FEATURES": "compiler-builtins-mem",
}


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


def environment_for(target):
    """The environment of a cargo call for a machine other than this one."""
    return {**environment(), **(BUILD_STD if needs_build_std(target) else {})}


@functools.lru_cache(maxsize=None)
def program(name):
    """Full path of cargo or rustc."""
    path = shutil.which(name, path=environment()["PATH"])
    if path is None:
        raise BuildError(f"{name} is not installed: run `tools/setup scons`")
    return path


@functools.lru_cache(maxsize=None)
def needs_build_std(target):
    """Whether the toolchain has no core library for the target."""
    folder = ask_compiler("target-libdir", "--target", target)
    return not any(folder.glob("libcore-*.rlib"))


def has_library_source():
    """Whether the toolchain's library can be built here."""
    return (ask_compiler("sysroot") / "lib/rustlib/src/rust/library/Cargo.lock").exists()


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
    env = environment() if target is None else environment_for(target)
    if target is not None:
        words += ["--target", target]
    words += [str(word) for word in arguments]
    if compiler_arguments:
        words += ["--"] + [str(word) for word in compiler_arguments]
    return words, env


def run(verb, folder, target_dir, arguments=(), target=None, compiler_arguments=()):
    """Runs cargo; its messages go to the terminal."""
    words, env = call(verb, target_dir, arguments, target, compiler_arguments)
    command.run(words, cwd=folder, env=env)


def output(verb, folder, target_dir, arguments=(), target=None, compiler_arguments=()):
    """Runs cargo; returns (status, output)."""
    words, env = call(verb, target_dir, arguments, target, compiler_arguments)
    return command.output(words, cwd=folder, env=env, may_fail=True)
