"""A made-up Wine for tests: PE files, a folder of them, a Debian package."""

import io
import shutil
import struct
import tarfile

from userland import contents, pe
from userland.folder import NEEDED_EXPORTS

HEADERS, UNIT = 0x400, 0x1000


def dll(imports=(), exports=(), debug=True, machine=pe.MACHINE_X64, tail=b""):
    """A PE file made by hand; the names of some of its sections are long ones."""
    parts = [(".text", b"\xc3" * 0x210), (".rdata", tables(2 * UNIT, imports, exports)),
             (".eh_frame", b"frame" * 9)]
    if debug:
        parts += [(".debug_info", b"i" * 0x300), (".debug_line", b"l" * 0x180)]
    names, headers, data = b"", b"", bytearray(HEADERS)
    for index, (name, content) in enumerate(parts):
        short = name.encode()
        if len(short) > 8:
            short, names = f"/{4 + len(names)}".encode(), names + short + b"\0"
        raw_size = (len(content) + 511) // 512 * 512
        headers += struct.pack("<8sIIIIIIHHI", short, len(content), (index + 1) * UNIT, raw_size,
                               len(data), 0, 0, 0, 0, 0x40000040)
        data += content.ljust(raw_size, b"\0")
    symbols = len(data)
    data += bytes(pe.SYMBOL_BYTES) + struct.pack("<I", 4 + len(names)) + names + tail
    struct.pack_into("<2s58xI", data, 0, b"MZ", 0x80)
    struct.pack_into("<4sHHIIIHH", data, 0x80, b"PE\0\0", machine, len(parts), 0x12345678,
                     symbols, 1, 240, 0x2022)
    optional = 0x98
    struct.pack_into("<H", data, optional, pe.PE32_PLUS)
    struct.pack_into("<II", data, optional + 32, UNIT, 512)
    struct.pack_into("<III", data, optional + 56, (len(parts) + 1) * UNIT, HEADERS, 1)
    struct.pack_into("<I", data, optional + 108, 16)
    struct.pack_into("<II", data, optional + pe.DIRECTORIES, 2 * UNIT, 40)
    if imports:
        struct.pack_into("<II", data, optional + pe.DIRECTORIES + 8, 2 * UNIT + 40, 20)
    data[optional + 240:optional + 240 + len(headers)] = headers
    return bytes(data)


def tables(address, imports, exports):
    """A section with an export table and, behind it, an import table."""
    names = 40 + 20 * (len(imports) + 1)
    texts = names + 4 * len(exports)
    content, pointers, places = b"", [], []
    for text in (*exports, *imports):
        places.append(address + texts + len(content))
        content += text.encode() + b"\0"
    pointers = struct.pack(f"<{len(exports)}I", *places[:len(exports)])
    found = b"".join(struct.pack("<12xI4x", place) for place in places[len(exports):])
    exported = struct.pack("<24xIII4x", len(exports), 0, address + names)
    return exported + found + bytes(20) + pointers + content


def wine(folder, leave_out=(), **changed):
    """A folder that has what the image needs, all of it made up."""
    shutil.rmtree(folder, ignore_errors=True)
    modules, nls = folder / "x86_64-windows", folder / "share" / "wine" / "nls"
    for place in (modules, nls):
        place.mkdir(parents=True)
    for name in contents.MODULES:
        exports = NEEDED_EXPORTS if name == "ntdll.dll" else [name]
        (modules / name).write_bytes(changed.get(name[:-4], dll(exports=exports)))
    for name in contents.TABLES:
        (nls / name).write_bytes(name.encode())
    (nls / "c_932.nls").write_bytes(b"kanji")
    (folder / "share" / "doc" / "wine").mkdir(parents=True)
    (folder / "share" / "doc" / "wine" / "copyright").write_text("LGPL\n")
    for name in leave_out:
        for file in folder.rglob(name):
            file.unlink()
    return folder


def deb(files):
    """A Debian package with some files (path -> bytes)."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as archive:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    out = b"!<arch>\n"
    for name, content in (("debian-binary", b"2.0\n"), ("control.tar.xz", b"odd"),
                          ("data.tar.xz", data.getvalue())):
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode()
        out += content + b"\n" * (len(content) % 2)
    return out
