"""What lies between two commits of a clone, and files put back to how they were."""

import os
from collections.abc import Sequence
from pathlib import Path

from adapters.workspace.git import TRANSFER_TIMEOUT_S, Git, commit_id, names, shown
from factory.errors import Unreachable
from factory.ports.workspace import Diff

_PLAIN = ("--no-renames", "--no-ext-diff", "--no-textconv")


def diff(git: Git, base: str, head: str) -> Diff:
    """Files and line counts; a binary file counts no lines."""
    listing = git.run("diff-tree", "-r", "-z", "--numstat", *_PLAIN, commit_id(base), commit_id(head))
    entries = [entry.split(b"\t", 2) for entry in names(listing)]
    return Diff(
        base,
        head,
        tuple(shown(name) for _, _, name in entries),
        sum(int(added) for added, _, _ in entries if added != b"-"),
        sum(int(removed) for _, removed, _ in entries if removed != b"-"),
    )


def patch(git: Git, base: str, head: str, target: Path) -> Path:
    """Write the patch, with binary files, so that `git apply` can read it; whole or not at all."""
    words = ("diff-tree", "-r", "-p", "--binary", "--full-index", *_PLAIN, commit_id(base), commit_id(head))
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(fresh, "wb", opener=_private) as file:
            git.run(*words, into=file, timeout_s=TRANSFER_TIMEOUT_S)
        fresh.replace(target)
    except OSError as error:
        raise Unreachable(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        fresh.unlink(missing_ok=True)
    return target


def restore(git: Git, checkout: Path, commit: str, files: Sequence[str]) -> None:
    """Put files of a checkout back to how they were at a commit; those that did not exist then are deleted."""
    wanted = set(files)
    then = _chosen(git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit_id(commit)), wanted)
    now = _chosen(git.run("ls-files", "-z", "--cached", "--others"), wanted)
    for name in now - then:
        _delete(checkout, name)
    if then:
        git.run(
            "--literal-pathspecs", "checkout", "--quiet", "--force", commit, "--pathspec-from-file=-",
            "--pathspec-file-nul",
            stdin=b"\0".join(sorted(then)),
        )  # fmt: skip


def _chosen(listing: bytes, wanted: set[str]) -> set[bytes]:
    """The names of a listing that were asked for, as the bytes that they are on disk."""
    return {name for name in names(listing) if shown(name) in wanted}


def _delete(checkout: Path, name: bytes) -> None:
    """Delete one file, and the folders that it leaves empty."""
    path = checkout / os.fsdecode(name)
    if not Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(checkout)):
        return  # a linked folder leads out: that file is not the checkout's
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == checkout or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


def _private(path: str, flags: int) -> int:
    """Open a file for us alone."""
    return os.open(path, flags, 0o600)
