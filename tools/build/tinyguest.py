"""Tiny guests in machine code, to test the verdict against misbehaviour."""

import struct

LOAD_ADDRESS = 0x100000
HEADERS_BYTES = 52 + 2 * 32
ELF32, EM_386, PT_LOAD, PT_NOTE = 1, 3, 1, 4
PVH_ENTRY = 18

HANG = b"\xfa\xf4\xeb\xfc"                 # cli; hlt; jmp back
RESET = b"\x0f\x01\x1d\0\0\0\0\x0f\x0b"    # lidt [0], where zeros are; ud2


def leave(value):
    """Writes to isa-debug-exit, then hangs."""
    return bytes([0xB0, value]) + b"\x66\xba\xf4\x00\xee" + HANG


def say(text):
    """Prints over COM1 without asking whether it is ready (QEMU always is)."""
    data = text.encode()
    # call over the text; pop esi; mov ecx, length; mov dx, 3f8h; rep outsb
    return (b"\xe8" + struct.pack("<I", len(data)) + data + b"\x5e\xb9"
            + struct.pack("<I", len(data)) + b"\x66\xba\xf8\x03\xfc\xf3\x6e")


def elf(code):
    """An ELF file with a PVH note that enters `code` in protected mode."""
    entry = LOAD_ADDRESS + HEADERS_BYTES + 20
    note = struct.pack("<III4sI", 4, 4, PVH_ENTRY, b"Xen", entry)
    # PVH leaves esp open, and `say` calls.
    body = note + b"\xbc" + struct.pack("<I", LOAD_ADDRESS + 0x10000) + code
    size = HEADERS_BYTES + len(body)
    header = struct.pack("<4sBBB9xHHIIIIIHHHHHH", b"\x7fELF", ELF32, 1, 1, 2, EM_386, 1,
                         entry, 52, 0, 0, 52, 32, 2, 0, 0, 0)
    load = struct.pack("<8I", PT_LOAD, 0, LOAD_ADDRESS, LOAD_ADDRESS, size, 0x20000, 7, 0x1000)
    notes = struct.pack("<8I", PT_NOTE, HEADERS_BYTES, LOAD_ADDRESS + HEADERS_BYTES,
                        LOAD_ADDRESS + HEADERS_BYTES, len(note), len(note), 4, 4)
    return header + load + notes + body
