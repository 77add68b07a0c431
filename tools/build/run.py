"""`scons run`: the machine in a window or on the terminal, and the verdict."""

import os

from . import bochs, cmdline, image, minidumps, programs, qemu, trace, verdict
from .errors import BuildError


def tokens(options):
    """The kernel's command line for a run."""
    if options.program is None:
        chosen = programs.demonstration()
    else:
        name = options.program_name
        name = f'"{name}"' if " " in name else name
        chosen = [f"start={name} {options.args}".strip()]
    defaults = ["log=info"] + chosen
    if options.has_colours:
        defaults.append("colour=on")
    if not options.is_headless:
        defaults.append("end=halt")
    if options.trace is not None:
        defaults.append("trace=json")
    return cmdline.compose(cmdline.split(options.command_line), defaults)


def run(options, profile):
    """Boots what was built; a BuildError is a run that did not succeed."""
    log = profile.serial_log
    log.unlink(missing_ok=True)
    profile.debug_port.unlink(missing_ok=True)
    if options.boot == "bochs":
        status = bochs.run(profile.iso, options.memory_mib, log, options.timeout_s,
                           is_shown=True)
    else:
        status = run_qemu(options, profile, log)
    serial = log.read_text(errors="replace") if log.exists() else ""
    dumps = minidumps.write(profile.debug_port, profile.minidumps)
    if dumps:
        where = os.path.relpath(dumps[0] if len(dumps) == 1 else profile.minidumps)
        print(f"Crashed programs left {len(dumps)} minidump{'s' * (len(dumps) > 1)}: {where}")
    if options.trace is not None:
        trace.write(log, options.trace)
    ends_by_exit = options.is_headless and options.boot != "bochs"
    result = verdict.read(serial, status, options.timeout_s, ends_by_exit)
    if not result.is_success:
        raise BuildError(f"the run failed: {result.reason}")
    print(f"The run succeeded: {result.reason}.")


def run_qemu(options, profile, log):
    """Starts QEMU; returns its exit status or None."""
    if not options.is_headless and not has_display():
        raise BuildError("there is no display for a window: add headless=1")
    machine = qemu.Machine(
        boot=options.boot, memory_mib=options.memory_mib, more=options.qemu,
        has_window=not options.is_headless, has_exit_device=options.is_headless,
        waits_for_gdb=options.waits_for_gdb, debug_port=profile.debug_port)
    if options.waits_for_gdb:
        print(f"Waiting for gdb: gdb -x {gdb_script(profile)}")
    words = qemu.arguments(machine, profile.elf, profile.archive, profile.iso,
                           tokens(options), qemu.serial_to_terminal(log))
    return qemu.run(words, options.timeout_s, is_interactive=True)


def gdb_script(profile):
    """Writes the script that loads the symbols and connects."""
    path = profile.folder / "petrel.gdb"
    path.write_text(f"symbol-file {profile.debug_elf}\n"
                    f"target remote localhost:{qemu.GDB_PORT}\n")
    return os.path.relpath(path)


def has_display():
    """Whether a window can be opened."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def build_iso(options, profile):
    """The ISO for this run's command line."""
    image.make_iso(profile.iso, profile.elf, profile.archive, tokens(options))
