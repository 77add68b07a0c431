"""The minidumps in what the kernel sent over the debug port."""

import re
import shutil

HEAD = re.compile(rb"PETREL-MINIDUMP process=(\d+) bytes=(\d+) name=([^\n]*)\n")


def split(data):
    """(file name, bytes) of each whole dump, in order."""
    found, place = [], 0
    while head := HEAD.search(data, place):
        end = head.end() + int(head[2])
        if end > len(data):
            break  # the machine ended while it was sent
        name = re.sub(rb"[^A-Za-z0-9._-]", b"_", head[3]).decode()
        found.append((f"{name}.{int(head[1])}.dmp", data[head.end():end]))
        place = end
    return found


def write(port, folder):
    """Writes the dumps of a run into the folder, emptied before; returns their paths."""
    shutil.rmtree(folder, ignore_errors=True)
    dumps = split(port.read_bytes()) if port.exists() else []
    paths = []
    for name, data in dumps:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        paths.append(folder / name)
    return paths
