"""The boot image: the archive of programs, and the GRUB ISO around it."""

import shutil
import tempfile
from pathlib import Path

from . import cmdline, command

ARCHIVE_UUID = "70657472-656c-4000-8000-000000000000"

GRUB_MODULES = (
    "multiboot2", "normal", "test", "iso9660", "all_video",
    # The start script of grub-mkrescue loads these on EFI.
    "part_acorn", "part_amiga", "part_apple", "part_bsd", "part_dfly", "part_dvh", "part_gpt",
    "part_msdos", "part_plan", "part_sun", "part_sunpc")

GRUB_SCRIPT = """\
if [ "$grub_platform" = efi ]; then
  insmod all_video
  set gfxpayload=keep
fi
multiboot2 /boot/petrel.elf {tokens}
module2 /boot/archive.erofs
boot
"""


def make_archive(path, programs, tables=None):
    """An EROFS image with programs, and symbol tables of them (name -> file)."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        for inside, files in (("programs", programs), ("symbols", tables or {})):
            inside = Path(folder) / "root" / inside
            inside.mkdir(parents=True)
            for name, file in sorted(files.items()):
                shutil.copyfile(file, inside / name)
        part = Path(folder) / "archive"
        make_erofs(part, Path(folder) / "root")
        part.replace(path)


def make_erofs(path, root):
    """An EROFS image of a folder, as the kernel reads it."""
    # Files page-aligned and in one piece, nothing of this machine inside.
    command.output(["mkfs.erofs", "-E", "noinline_data", "-T0", "-U", ARCHIVE_UUID,
                    "--all-root", path, root])


def append(path, more):
    """Puts another image behind one: both are `C:`."""
    with open(path, "ab") as whole, open(more, "rb") as behind:
        shutil.copyfileobj(behind, whole)


def make_iso(path, elf, archive, tokens):
    """A GRUB ISO that boots the kernel at once, on BIOS and on EFI."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        boot = Path(folder) / "root" / "boot"
        (boot / "grub").mkdir(parents=True)
        shutil.copyfile(elf, boot / "petrel.elf")
        shutil.copyfile(archive, boot / "archive.erofs")
        (boot / "grub" / "grub.cfg").write_text(
            GRUB_SCRIPT.format(tokens=cmdline.for_grub(tokens)))
        part = Path(folder) / "iso"
        command.output(["grub-mkrescue", "--fonts=", "--locales=", "--themes=",
                        f"--install-modules={' '.join(GRUB_MODULES)}",
                        "-o", part, Path(folder) / "root"])
        part.replace(path)
