"""The command `userland`: arguments, and a sentence for what goes wrong."""

import argparse
import os
import sys

from build.errors import BuildError

from . import contents, prepare

PINNED = "\n".join(f"       {package.name} {package.version} ({package.size_bytes / 1e6:.1f} MB)"
                   for package in contents.PACKAGES)
TEXT = f"""\
Prepares the Win32 DLLs that unmodified Windows console programs need, and
prints the path of the image that holds them.

The DLLs are Wine's, version 10 or later. They come from the first of these:

  1. the folder that PETREL_USERLAND= names: one of DLLs, one that Wine installs
     (such as /usr/lib/x86_64-linux-gnu/wine), or a package unpacked; *.nls files
     are looked for beside the DLLs and in share/wine/nls above them;
  2. a complete Wine that is installed in a usual place;
  3. these packages of Debian {contents.SUITE}, pinned by hash:
{PINNED}
     which apt fetches by this machine's own source of Debian, once. Nothing of
     apt's set-up changes. Without a network, put the two .deb files into
     build/userland/packages.

The image is build/userland/IDENTITY.erofs, and the same files are in the folder
beside it. IDENTITY stands for the inputs and for this tool; what is there is not
made again. Debug sections are left out.
"""


def verb():
    """`scons userland`."""
    print(prepare.prepare(note).image)


def main(arguments=None):
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="userland", description=TEXT, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true",
                        help="print the files of the image with their sizes, too")
    asked = parser.parse_args(arguments)
    try:
        made = prepare.prepare(note)
        if asked.list:
            print_files(made)
        print(made.image)
        sys.stdout.flush()
    except BuildError as error:
        return fail(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return fail("interrupted; the next call begins anew")
    return 0


def note(text):
    """Tells what goes on, away from the path that is printed."""
    print(f"userland: {text}", file=sys.stderr, flush=True)


def fail(why):
    """A sentence, and the exit status of a failure."""
    note(why)
    return 1


def print_files(made):
    """Size and name of each file."""
    for file in sorted(made.tree.rglob("*")):
        if file.is_file():
            print(f"{file.stat().st_size:>10,}  {file.relative_to(made.tree)}")
    print(f"{made.image.stat().st_size:>10,}  the image")
