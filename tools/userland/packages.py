"""Debian's packages: fetched through apt, checked by hash, unpacked.

apt works on lists and folders of its own under build/, with the machine's
sources of Debian and another suite: nothing of the machine's set-up changes,
and no right is needed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from build.errors import BuildError

from . import contents

WAYS_OUT = "or name a folder of Wine 10 by PETREL_USERLAND="
PASSWORD = re.compile(r"//[^/\s]*@")  # in an address, not for everyone to see
KEYRINGS = tuple(Path(f"/usr/share/keyrings/debian-archive-keyring.{end}")
                 for end in ("gpg", "pgp"))
# As apt would ask a mirror of Debian for its lists of packages.
SOURCE_OF_DEBIAN = re.compile(
    r"^'(\S+(?:/debian|/debian/\d+T\d+Z|debian\.list))/+dists/"  # snapshots, mirror lists
    r"(?:bullseye|bookworm|trixie|forky|sid|(?:old)*stable|testing|unstable)"
    r"/main/binary-\w+/Packages", re.M)
CONFIGURATION = """\
#clear APT::Update;
#clear APT::Architectures;
APT::Architecture "amd64";
APT::Architectures {{ "amd64"; }};
APT::Get::List-Cleanup "false";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "{folder}/none";
Dir::Etc::preferences "{folder}/none/preferences";
Dir::Etc::preferencesparts "{folder}/none";
Dir::State "{folder}/state";
Dir::State::lists "{folder}/lists";
Dir::State::status "{folder}/status";
"""


def fetch(folder, note, packages=contents.PACKAGES):
    """The .deb files, in a folder that keeps them."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        if (folder / package.file).exists():
            check(folder / package.file, package, f"delete {folder / package.file}")
    missing = [package for package in packages if not (folder / package.file).exists()]
    if missing:
        with tempfile.TemporaryDirectory(dir=folder) as work:
            download(missing, Path(work), folder, note)
    return [folder / package.file for package in packages]


def check(file, package, remedy):
    """Fails unless the file is the pinned one."""
    data = file.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != package.sha256:
        raise BuildError(
            f"{file.name} is not the pinned {package.name} {package.version}: its SHA-256 is "
            f"{found} instead of {package.sha256}; {remedy} and try again")


def download(packages, work, folder, note):
    """Gets packages by apt; what is right is moved to the folder."""
    by_hand = (f"put {', '.join(package.file for package in packages)} of Debian "
               f"{contents.SUITE} into {folder}, {WAYS_OUT}")
    if shutil.which("apt-get") is None:
        raise BuildError(f"this machine has no apt-get to fetch packages with: {by_hand}")
    uris = sources_of_debian(work)
    if not uris:
        raise BuildError(f"no source of Debian is set up for apt on this machine: {by_hand}")
    configure(work, uris)
    megabytes = sum(package.size_bytes for package in packages) / 1e6
    note(f"fetching {', '.join(f'{p.name} {p.version}' for p in packages)} "
         f"({megabytes:.0f} MB) from {PASSWORD.sub('//', ' '.join(uris))}")
    apt(work, ["update"], f"the list of packages of Debian {contents.SUITE} could not be fetched",
        f"check the network, {WAYS_OUT}")
    for package in packages:
        apt(work, ["download", f"{package.name}={package.version}"],
            f"{package.name} {package.version} could not be fetched from Debian {contents.SUITE}",
            by_hand)
        file = work / package.file
        if not file.is_file():
            raise BuildError(f"apt-get fetched no {package.file}: {by_hand}")
        check(file, package, "the source of packages is wrong: check it")
        file.replace(folder / package.file)


def sources_of_debian(work):
    """The machine's addresses of Debian's own packages, as apt knows them."""
    (work / "no-lists" / "partial").mkdir(parents=True)
    done = subprocess.run(
        ["apt-get", "-o", f"Dir::State::lists={work / 'no-lists'}", "update", "--print-uris"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return list(dict.fromkeys(SOURCE_OF_DEBIAN.findall(done.stdout)))


def configure(work, uris):
    """Writes what apt reads instead of the machine's lists."""
    keyring = next((file for file in KEYRINGS if file.exists()), None)
    signed = f"[signed-by={keyring}] " if keyring else ""
    (work / "sources.list").write_text("".join(
        f"deb {signed}{uri} {contents.SUITE} main\n" for uri in uris))
    for name in ("none", "lists/partial", "cache/archives/partial", "state"):
        (work / name).mkdir(parents=True)
    (work / "status").touch()
    (work / "apt.conf").write_text(CONFIGURATION.format(folder=work))


def apt(work, words, fault, remedy):
    """Runs apt-get in its folder; a failure becomes one sentence."""
    done = subprocess.run(
        ["apt-get", "-c", work / "apt.conf", "-qq", *words], cwd=work,
        env=dict(os.environ, LC_ALL="C"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode != 0:
        said = [line[3:].strip() for line in done.stdout.splitlines()
                if line.startswith(("E: ", "W: "))]
        why = f" ({PASSWORD.sub('//', said[0]).rstrip('.')})" if said else ""
        raise BuildError(f"{fault}{why}: {remedy}")


def unpack(file, folder, wanted):
    """Unpacks the files of a .deb whose path `wanted` accepts."""
    try:
        with open(file, "rb") as stream:
            kind = seek_data(stream)
            with tarfile.open(fileobj=stream, mode=f"r|{kind}") as archive:
                for member in archive:
                    path = member.name.removeprefix("./")
                    if member.isfile() and ".." not in path.split("/") and wanted(path):
                        target = folder / path
                        target.parent.mkdir(parents=True, exist_ok=True)
                        with open(target, "wb") as out:
                            shutil.copyfileobj(archive.extractfile(member), out)
    except (tarfile.TarError, EOFError, OSError, ValueError) as why:
        raise BuildError(f"{file} could not be unpacked ({why}): delete it and try again") from None


def seek_data(stream):
    """Goes to the data of a .deb, an ar archive; returns how it is packed."""
    if stream.read(8) != b"!<arch>\n":
        raise ValueError("it is no Debian package")
    while header := stream.read(60):
        name = header[:16].decode("ascii").strip().rstrip("/")
        if name.startswith("data.tar"):
            return name.removeprefix("data.tar").removeprefix(".")
        size = int(header[48:58])
        stream.seek(size + size % 2, os.SEEK_CUR)
    raise ValueError("it has no data")
