"""The shape a program's file must have, and files damaged on purpose."""

import struct

IMPORTS, RELOCATIONS = 1, 5
RELOCATIONS_STRIPPED = 0x0001
MACHINE_I386 = 0x014C


def _header(data):
    """Offset of the file header behind the PE signature."""
    (offset,) = struct.unpack_from("<I", data, 0x3C)
    if data[:2] != b"MZ" or data[offset : offset + 4] != b"PE\0\0":
        raise ValueError("no PE file")
    return offset + 4


def _directory(data, index):
    """Address and size of a data directory."""
    return struct.unpack_from("<II", data, _header(data) + 20 + 112 + 8 * index)


def _imports(data):
    """Whether a DLL is imported; mingw writes an empty table where none is."""
    address, size = _directory(data, IMPORTS)
    header = _header(data)
    sections, optional_size = struct.unpack_from("<2xH12xH", data, header)
    for index in range(sections if size else 0):
        place = header + 20 + optional_size + 40 * index
        bytes_, start, _, raw = struct.unpack_from("<IIII", data, place + 8)
        if start <= address < start + bytes_:
            return any(data[raw + address - start :][:20])
    return False


def faults(out, entry):
    """What is wrong with the file of a manifest's entry, as sentences."""
    path = out / entry["file"]
    if entry["built"] == "damaged" or (entry["built"] == "c" and not path.exists()):
        return
    data = path.read_bytes()
    if _imports(data) != entry.get("imports", False):
        yield f"{path}: imports {'a' if _imports(data) else 'no'} DLL"
    (characteristics,) = struct.unpack_from("<H", data, _header(data) + 18)
    movable = _directory(data, RELOCATIONS)[1] != 0 and not characteristics & RELOCATIONS_STRIPPED
    if movable != entry.get("movable", True):
        yield f"{path}: {'can' if movable else 'cannot'} be relocated"


def damage(good, name):
    """A changed copy of a good program, by the name of the change."""
    data = bytearray(good)
    header = _header(data)
    optional = header + 20
    section = optional + struct.unpack_from("<H", data, header + 16)[0]
    if name == "bad-magic":
        data[0:2] = b"ZM"
    elif name == "bad-machine":
        struct.pack_into("<H", data, header, MACHINE_I386)
    elif name == "bad-short":
        del data[0x200:]
    elif name == "bad-entry":
        struct.pack_into("<I", data, optional + 16, 0x7FFFFFFF)
    elif name == "writable-code":
        (flags,) = struct.unpack_from("<I", data, section + 36)
        struct.pack_into("<I", data, section + 36, flags | 0x80000000)
    else:
        raise ValueError(f"no damage is called {name}")
    return bytes(data)
