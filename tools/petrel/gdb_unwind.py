"""For gdb: the frames of a program whose compiler leaves their description to Windows.

Rust does. gdb for Linux knows nothing of the function table of such a file (`.pdata`) and of
its unwind information (`.xdata`): what is done with them here follows Microsoft's "x64
exception handling".
"""

import bisect
import struct

REGISTERS = ("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11",
             "r12", "r13", "r14", "r15")
CHAINED = 4  # a flag of unwind information
PUSH, ALLOCATE_LARGE, ALLOCATE, SET_FRAME, SAVE, SAVE_FAR = range(6)
MACHINE_FRAME = 10
SLOTS = {1: 1, 4: 1, 5: 2, 6: 1, 7: 2, 8: 1, 9: 2}  # besides the first, by operation
MOST_CHAINED = 32
IS_CIE = 0xFFFF_FFFF


class Program:
    """What its file says of its functions."""

    def __init__(self, data):
        self.data = data
        header, = struct.unpack_from("<I", data, 0x3C)
        count, = struct.unpack_from("<H", data, header + 6)
        strings, symbols = struct.unpack_from("<II", data, header + 12)
        optional, = struct.unpack_from("<H", data, header + 20)
        self.base, = struct.unpack_from("<Q", data, header + 24 + 24)
        names = strings + 18 * symbols
        self.sections = []
        described = b""
        for number in range(count):
            at = header + 24 + optional + 40 * number
            name, size, rva, file_size, offset = struct.unpack_from("<8sIIII", data, at)
            self.sections.append((rva, max(size, file_size), offset, file_size))
            if name[:1] == b"/":
                start = names + int(name[1:].rstrip(b"\0"))
                name = data[start:data.index(b"\0", start)]
            if name == b".debug_frame":
                described = data[offset:offset + min(size, file_size)]
        directory, size = struct.unpack_from("<II", data, header + 24 + 112 + 3 * 8)
        self.functions = sorted(struct.iter_unpack("<III", self.read(directory, size // 12 * 12)))
        self.begins = [function[0] for function in self.functions]
        self.others = sorted(self.described(described))

    def read(self, rva, count):
        """Bytes of the image as the file has them."""
        for start, _, offset, size in self.sections:
            if start <= rva and rva + count <= start + size:
                return self.data[offset + rva - start:offset + rva - start + count]
        return b""

    def described(self, data):
        """Where functions begin and end that gdb knows of by itself."""
        at = 0
        while at + 24 <= len(data):
            length, kind = struct.unpack_from("<II", data, at)
            if kind != IS_CIE and length >= 20:
                begin, size = struct.unpack_from("<QQ", data, at + 8)
                yield begin - self.base, begin - self.base + size
            at += 4 + length

    def function(self, rva):
        """(begin, end, unwind information) of the function there."""
        index = bisect.bisect_right(self.begins, rva) - 1
        if index >= 0 and rva < self.functions[index][1]:
            return self.functions[index]
        return None

    def is_described(self, rva):
        """Whether gdb needs no help there."""
        index = bisect.bisect_right(self.others, (rva, 1 << 64)) - 1
        return index >= 0 and rva < self.others[index][1]

    def caller(self, rva, registers, word):
        """Takes a function's frame off; where it begins, or None. `word` reads the stack."""
        # A call that never returns is the end of its function.
        function = self.function(rva) or self.function(rva - 1)
        if function is None:
            leave(registers, word)
            return rva
        begin, end, info = function
        if not self.finish(rva, begin, end, registers, word):
            begin = self.undo(rva - begin, begin, info, registers, word)
        return begin

    def undo(self, offset, begin, info, registers, word):
        """Takes back what the prologue did up to an offset."""
        for _ in range(MOST_CHAINED):
            first, _, count, frame = self.read(info, 4)
            codes = self.read(info + 4, 2 * count)
            start = registers["rsp"]
            slots = struct.unpack(f"<{count}H", codes)
            is_set = any(slot >> 8 & 15 == SET_FRAME and slot & 255 <= offset
                         for slot in operations(slots))
            if frame & 15 and is_set:
                start = registers[REGISTERS[frame & 15]] - (frame >> 4) * 16
            if take_back(slots, offset, start, registers, word):
                return begin
            if first >> 3 & CHAINED == 0:
                break
            begin, _, info = struct.unpack("<III", self.read(info + 4 + 2 * (count + count % 2), 12))
            offset = 1 << 32
        leave(registers, word)
        return begin

    def finish(self, rva, begin, end, registers, word):
        """Carries out what is left of an epilogue; whether it is one."""
        code, at, moved = self.read(rva, min(end - rva, 64)), 0, dict(registers)
        if code[:3] == b"\x48\x83\xc4":
            moved["rsp"] += struct.unpack_from("<b", code, 3)[0]
            at = 4
        elif code[:3] == b"\x48\x81\xc4":
            moved["rsp"] += struct.unpack_from("<i", code, 3)[0]
            at = 7
        elif code[:3] == b"\x48\x8d\x65":
            moved["rsp"] = moved["rbp"] + struct.unpack_from("<b", code, 3)[0]
            at = 4
        elif code[:3] == b"\x48\x8d\xa5":
            moved["rsp"] = moved["rbp"] + struct.unpack_from("<i", code, 3)[0]
            at = 7
        while at < len(code):
            extended = 8 if code[at:at + 1] == b"\x41" else 0
            opcode = code[at + extended // 8:][:1]
            if not b"\x58" <= opcode <= b"\x5f":
                break
            moved[REGISTERS[opcode[0] - 0x58 + extended]] = word(moved["rsp"])
            moved["rsp"] += 8
            at += 1 + extended // 8
        rest = code[at:]
        if rest[:1] == b"\xe9" and len(rest) >= 5:
            target = rva + at + 5 + struct.unpack_from("<i", rest, 1)[0]
            is_end = not begin <= target < end
        else:
            is_end = rest[:1] == b"\xc3" or rest[:2] in (b"\xf3\xc3", b"\xff\x25") \
                or rest[:3] == b"\x48\xff\x25"
        if is_end:
            registers.update(moved)
            leave(registers, word)
        return is_end


def operations(slots):
    """The first slot of each operation."""
    index = 0
    while index < len(slots):
        yield slots[index]
        operation, more = slots[index] >> 8 & 15, slots[index] >> 12
        index += 1 + SLOTS.get(operation, 0) + (operation == ALLOCATE_LARGE and more == 1)


def take_back(slots, offset, start, registers, word):
    """Takes operations back; whether a machine frame was the last."""
    index = 0
    while index < len(slots):
        at, operation, more = slots[index] & 255, slots[index] >> 8 & 15, slots[index] >> 12
        behind = slots[index + 1:]
        index += 1 + SLOTS.get(operation, 0) + (operation == ALLOCATE_LARGE and more == 1)
        if at > offset:
            continue
        if operation == PUSH:
            registers[REGISTERS[more]] = word(registers["rsp"])
            registers["rsp"] += 8
        elif operation == ALLOCATE:
            registers["rsp"] += 8 * more + 8
        elif operation == ALLOCATE_LARGE:
            registers["rsp"] += 8 * behind[0] if more == 0 else behind[0] | behind[1] << 16
        elif operation == SET_FRAME:
            registers["rsp"] = start
        elif operation == SAVE:
            registers[REGISTERS[more]] = word(start + 8 * behind[0])
        elif operation == SAVE_FAR:
            registers[REGISTERS[more]] = word(start + (behind[0] | behind[1] << 16))
        elif operation == MACHINE_FRAME:
            frame = registers["rsp"] + 8 * (more == 1)
            registers["rip"], registers["rsp"] = word(frame), word(frame + 24)
            return True
    return False


def leave(registers, word):
    """Returns to the caller."""
    registers["rip"] = word(registers["rsp"])
    registers["rsp"] += 8
