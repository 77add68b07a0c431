"""For gdb: from one frame to its caller, where gdb for Linux does not know the way.

From the kernel it leads to the program, past the kernel's own frames: a page fault in the
middle of a line would end `next` in the kernel otherwise; with this gdb sees that it is in
something called, and goes on behind it. In a program it goes by `gdb_unwind`.
"""

import os
import sys

import gdb
from gdb.unwinder import Unwinder, register_unwinder

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import gdb_unwind

KERNEL = 0xFFFF_8000_0000_0000
STACK_TOP = 8  # of the per-processor block, as kernel/hal/src/cpu/local.rs has it
# Words of a TrapFrame, as kernel/hal/src/trap/entry.s pushes them.
SAVED = ("r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rdi", "rsi",
         "rdx", "rcx", "rax", "vector", "error", "rip", "cs", "eflags", "rsp")
STUB_BYTES = 16
WITH_ERROR_CODE = (8, 10, 11, 12, 13, 14, 17, 21, 29, 30)


class Identity:
    """What gdb tells frames apart by."""

    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


class KernelUnwinder(Unwinder):
    """Whatever the kernel does: its caller is the program, where the kernel was entered."""

    def __init__(self):
        super().__init__("petrel-kernel")
        self.stubs = number("petrel_trap_stubs")
        self.system_call = number("petrel_system_call_entry")

    def __call__(self, pending):
        here = registers(pending)
        if here["rip"] < KERNEL:
            return None
        try:
            found = self.program(pending, here)
        except gdb.MemoryError:
            return None
        if found is None or found.pop("cs") & 3 != 3:
            return None
        return told(pending, here["rsp"], here["rip"], found)

    def program(self, pending, here):
        """The program's registers."""
        vector, offset = divmod(here["rip"] - self.stubs, STUB_BYTES)
        if 0 <= vector < 256 and offset == 0:
            # Only the processor has pushed anything yet.
            place = here["rsp"] + 8 * (vector in WITH_ERROR_CODE)
            rip, cs, _, rsp = words(place, 4)
            return {**here, "rip": rip, "cs": cs, "rsp": rsp}
        if here["rip"] == self.system_call:
            return {**here, "rip": here["rcx"], "cs": 3}
        block = max(integer(pending.read_register(name)) for name in ("gs_base", "k_gs_base"))
        if block < KERNEL:
            return None
        top, = words(block + STACK_TOP, 1)
        if top == 0:
            return None
        saved = dict(zip(SAVED, words(top - 8 * len(SAVED) - 8, len(SAVED))))
        return {name: saved[name] for name in (*here, "cs")}


class ProgramUnwinder(Unwinder):
    """In the program, by what its file has for Windows."""

    def __init__(self, path):
        super().__init__("petrel-program")
        with open(path, "rb") as file:
            self.program = gdb_unwind.Program(file.read())
        self.base = number("petrel_base")
        self.size = max(rva + size for rva, size, _, _ in self.program.sections)

    def __call__(self, pending):
        here = registers(pending)
        rva = here["rip"] - self.base
        if not 0 <= rva < self.size or self.program.is_described(rva):
            return None
        try:
            begin = self.program.caller(rva, here, lambda address: words(address, 1)[0])
        except gdb.MemoryError:
            return None
        return told(pending, here["rsp"], self.base + begin, here)


def registers(pending):
    """A frame's registers."""
    return {name: integer(pending.read_register(name)) for name in (*gdb_unwind.REGISTERS, "rip")}


def told(pending, sp, pc, caller):
    """What gdb wants to have: who the frame is, and its caller's registers."""
    def value(name, number):
        kind = pending.read_register(name).type
        return gdb.Value((number & (1 << 64) - 1).to_bytes(8, "little"), kind)
    info = pending.create_unwind_info(Identity(value("rsp", sp), value("rip", pc)))
    for name, number in caller.items():
        info.add_saved_register(name, value(name, number))
    return info


def integer(value):
    """A register's value without its sign."""
    return int(value) & (1 << 64) - 1


def number(name):
    """A number that the script has left."""
    return integer(gdb.convenience_variable(name))


def words(address, count):
    """Words of memory."""
    memory = gdb.selected_inferior().read_memory(address, 8 * count).tobytes()
    return [int.from_bytes(memory[at:at + 8], "little") for at in range(0, len(memory), 8)]


register_unwinder(None, KernelUnwinder(), replace=True)
register_unwinder(None, ProgramUnwinder(gdb.current_progspace().filename), replace=True)
