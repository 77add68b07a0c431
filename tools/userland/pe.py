"""PE files: what is imported and exported, and a copy without debug sections.

The copy keeps every byte of every other section where it was, so that what is
mapped stays the same. binutils would write the time of day, its own flags and
another order of resources.
"""

import array
import struct
import sys

from build.errors import BuildError

MACHINE_X64 = 0x8664
PE32_PLUS = 0x20B
STRIPPED = 0x0008 | 0x0200  # IMAGE_FILE_LOCAL_SYMS_STRIPPED, _DEBUG_STRIPPED
EXPORTS, IMPORTS = 0, 1
DIRECTORIES = 112  # their offset in the optional header
SIZE_OF_IMAGE, SIZE_OF_HEADERS, CHECKSUM = 56, 60, 64
SECTION_BYTES, SYMBOL_BYTES = 40, 18
PLACEHOLDER = b"Wine placeholder DLL"  # at MARK, in the folders of a Wine prefix
MARK = 0x40


class Section:
    """A section's header, and its name in full."""

    def __init__(self, file, place):
        short, self.size, self.address, self.raw_size, self.raw = struct.unpack_from(
            "<8sIIII", file.data, place)
        self.place = place
        self.name = short.rstrip(b"\0").decode("ascii")
        self.is_long = self.name.startswith("/")
        if self.is_long:
            self.name = file.text(file.strings + int(self.name[1:]))

    @property
    def end(self):
        """The address behind it."""
        return self.address + max(self.size, self.raw_size)

    @property
    def raw_end(self):
        """The file offset behind its bytes."""
        return self.raw + self.raw_size if self.raw_size else 0


class Image:
    """A PE file for x86_64."""

    def __init__(self, data, shown):
        self.data = data
        self.shown = shown
        if data[MARK:].startswith(PLACEHOLDER):
            raise BuildError(f"{shown} is only a placeholder of a Wine prefix: name the folder "
                             "where Wine itself is installed, with x86_64-windows in it")
        try:
            self.read()
        except (struct.error, ValueError, IndexError):  # also bytes that are no text
            raise BuildError(f"{shown} is not a PE file for x86_64, or it is damaged: take it "
                             "from a complete Wine for x86_64") from None

    def read(self):
        """Reads the headers; an exception when there is no sense in them."""
        (offset,) = struct.unpack_from("<I", self.data, 0x3C)
        self.header = offset + 4
        machine, count, _, self.symbols, symbols, optional_bytes, _ = struct.unpack_from(
            "<HHIIIHH", self.data, self.header)
        self.optional = self.header + 20
        (magic,) = struct.unpack_from("<H", self.data, self.optional)
        if (self.data[:2] != b"MZ" or self.data[offset:self.header] != b"PE\0\0"
                or machine != MACHINE_X64 or magic != PE32_PLUS):
            raise ValueError
        self.strings = self.symbols + SYMBOL_BYTES * symbols
        self.table = self.optional + optional_bytes
        self.sections = [Section(self, self.table + SECTION_BYTES * index)
                         for index in range(count)]
        if not self.sections or any(s.raw_end > len(self.data) for s in self.sections):
            raise ValueError
        self.imports = list(self.read_imports())
        self.exports = frozenset(self.read_exports())

    def text(self, offset):
        """A text that ends with a zero."""
        return self.data[offset:self.data.index(b"\0", offset)].decode("ascii")

    def optional_u32(self, field):
        """A field of the optional header."""
        return struct.unpack_from("<I", self.data, self.optional + field)[0]

    def directory(self, index):
        """The file offset of a data directory, or None."""
        address = self.optional_u32(DIRECTORIES + 8 * index)
        return self.offset(address) if address else None

    def offset(self, address):
        """The file offset of an address."""
        for section in self.sections:
            if section.address <= address < section.address + section.raw_size:
                return section.raw + address - section.address
        raise ValueError

    def read_imports(self):
        """The DLLs it needs, in lower case."""
        place = self.directory(IMPORTS)
        while place is not None:
            (name,) = struct.unpack_from("<I", self.data, place + 12)
            if name == 0:
                return
            yield self.text(self.offset(name)).lower()
            place += 20

    def read_exports(self):
        """The names it exports."""
        place = self.directory(EXPORTS)
        if place is None:
            return
        count, _, names = struct.unpack_from("<III", self.data, place + 24)
        first = self.offset(names) if count else 0
        for (name,) in struct.iter_unpack("<I", self.data[first:first + 4 * count]):
            yield self.text(self.offset(name))

    def stripped(self):
        """Its bytes without debug sections and symbols; checked."""
        kept = list(self.sections)
        while len(kept) > 1 and kept[-1].name.startswith(".debug"):
            kept.pop()
        if len(kept) == len(self.sections):
            return self.data  # what is behind its sections may be a signature
        end = max(self.optional_u32(SIZE_OF_HEADERS), *(s.raw_end for s in kept))
        data = bytearray(self.data[:end])
        self.write_header(data, kept, self.write_names(data, kept))
        if self.optional_u32(CHECKSUM):
            struct.pack_into("<I", data, self.optional + CHECKSUM, checksum(
                data, self.optional + CHECKSUM))
        difference = differs(self, Image(bytes(data), self.shown), len(kept))
        if difference:
            raise BuildError(f"{self.shown} cannot be stripped, its {difference} would change: "
                             "it is no DLL of a Wine that this tool knows")
        return bytes(data)

    def write_names(self, data, kept):
        """Appends the table of long names, if any; returns its offset or 0."""
        names = bytearray()
        place = len(data)
        for section in kept:
            if section.is_long:
                struct.pack_into("8s", data, section.place, f"/{4 + len(names)}".encode())
                names += section.name.encode() + b"\0"
        if not names:
            return 0
        data += struct.pack("<I", 4 + len(names)) + names
        return place

    def write_header(self, data, kept, names):
        """Counts, sizes and flags; the headers of dropped sections become zero."""
        (flags,) = struct.unpack_from("<H", data, self.header + 18)
        struct.pack_into("<H", data, self.header + 2, len(kept))
        struct.pack_into("<II", data, self.header + 8, names, 0)
        struct.pack_into("<H", data, self.header + 18, flags | STRIPPED)
        unit = self.optional_u32(32)  # SectionAlignment
        size = (max(s.end for s in kept) + unit - 1) // unit * unit
        struct.pack_into("<I", data, self.optional + SIZE_OF_IMAGE, size)
        first = self.table + SECTION_BYTES * len(kept)
        last = self.table + SECTION_BYTES * len(self.sections)
        data[first:last] = bytes(last - first)


def differs(old, new, count):
    """What is not the same in a stripped copy with so many sections; None if all is."""
    if len(new.sections) != count:
        return "number of sections"
    for before, after in zip(old.sections, new.sections):
        if before.name != after.name or (
                old.data[before.place + 8:before.place + SECTION_BYTES]
                != new.data[after.place + 8:after.place + SECTION_BYTES]):
            return f"header of {before.name}"
        if old.data[before.raw:before.raw_end] != new.data[after.raw:after.raw_end]:
            return f"section {before.name}"
    fields = ((0, old.header + 2), (old.header + 4, old.header + 8),
              (old.header + 16, old.header + 18), (old.optional, old.optional + SIZE_OF_IMAGE),
              (old.optional + SIZE_OF_HEADERS, old.optional + CHECKSUM),
              (old.optional + CHECKSUM + 4, old.table))
    if any(old.data[start:end] != new.data[start:end] for start, end in fields):
        return "header"
    if (old.imports, old.exports) != (new.imports, new.exports):
        return "imports or exports"
    return None


def checksum(data, place):
    """The sum that a PE file has at `place`, where it counts as zero."""
    words = bytearray(data)
    words[place:place + 4] = bytes(4)
    words += bytes(-len(words) % 2)
    halves = array.array("H", words)
    if sys.byteorder == "big":
        halves.byteswap()
    total = sum(halves)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total + len(data)
