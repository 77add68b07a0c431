"""The file, or the picture, of a traced run."""

import os

from . import command, kernel

VIEWER = "https://ui.perfetto.dev"


def write(log, path, *more):
    """Makes the file of what the log of a run with trace=json has."""
    option = "--picture" if path.suffix == ".png" else "--out"
    command.run([kernel.tool("tracefile"), option, path.absolute(), *more, log])
    hint = "" if path.suffix == ".png" else f": open it in {VIEWER}"
    print(f"The trace is {os.path.relpath(path)}{hint}")
