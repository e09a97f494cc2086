"""Copies of whole folders, such as acceptance tests: byte for byte, since they will be run."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from adapters.evidence.admission import admitted, inadmissible
from adapters.evidence.disk import private_folder
from adapters.evidence.inspection import digest_of
from adapters.overlay import LEFT_OUT
from factory.errors import Missing

TREES = "trees"
"""Folder, in a run's evidence folder, that the copies lie in."""


@dataclass(frozen=True)
class Tree:
    """A copied folder."""

    sha256: str
    """Of the names, the right to execute, and the contents."""
    size: int
    """Bytes of all files."""


def copy_tree(folder: Path, target: Path) -> Tree:
    """Copy every file of a folder, private to the user; links are followed while they stay inside.

    Raises:
        Missing: no such folder. Refused: `inadmissible_source`; a link out, a pipe, no file at all.
    """
    if not folder.is_dir():
        raise Missing(f"There is no folder {folder}.", "Check the path.")
    target.mkdir(mode=0o700)
    for name in _files(folder):
        copy = target / name
        private_folder(copy.parent)
        _copy(folder, name, copy)
    tree = tree_of(target)
    if not tree.size:
        raise inadmissible(f"{folder} holds no file.", "Give the folder with the acceptance tests.")
    return tree


def tree_of(folder: Path) -> Tree:
    """The digest and size of a folder as it is now; what is no regular file counts as changed."""
    total, size = sha256(), 0
    for name in sorted(_files(folder), key=os.fsencode):
        status = (folder / name).lstat()
        code, digest = digest_of(folder / name)
        mark = "x" if status.st_mode & stat.S_IXUSR else "-"
        total.update(b"%b %b %b\0" % (mark.encode(), (code or digest).encode(), os.fsencode(name)))
        size += status.st_size
    return Tree(total.hexdigest(), size)


def is_as_named(tree: Path) -> bool:
    """Whether a copied folder is the one that its name tells of."""
    return not tree.is_symlink() and tree.is_dir() and tree.name.startswith(f"{tree_of(tree).sha256[:16]}-")


def _files(folder: Path) -> Iterator[str]:
    """Every file and link below a folder, relative to it; linked folders are not entered."""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        linked = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in (*files, *linked):
            if name not in LEFT_OUT:
                yield str((Path(place) / name).relative_to(folder))


def _copy(folder: Path, name: str, copy: Path) -> None:
    """Copy one file as what it really is."""
    source = Path(os.path.realpath(folder / name))
    if not source.is_relative_to(os.path.realpath(folder)):
        raise inadmissible(f"{folder / name} leads out of {folder}.", "Copy the file itself to where the link is.")
    if source.is_file() and source.stat().st_size == 0:
        copy.touch(mode=0o600)  # an empty __init__.py is part of a package
    else:
        with admitted(source) as (file, _), os.fdopen(os.dup(file), "rb") as opened, copy.open("xb") as written:
            shutil.copyfileobj(opened, written, 1 << 20)
    copy.chmod(0o700 if source.stat().st_mode & stat.S_IXUSR else 0o600)
