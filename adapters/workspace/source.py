"""The operator's own repository: read here, and written by `land` alone."""

import os
from pathlib import Path

from adapters.workspace.git import TRANSFER_TIMEOUT_S, Git, commit_id, names, shown
from adapters.workspace.trust import trust_file
from factory.errors import Missing, Refused, Usage
from factory.ports.workspace import RepoState


def inspect(repo: Path, trust: Path) -> RepoState:
    """What the repository in this folder holds; reads only. A folder inside one is refused: agents and commands start
    at the root, and somebody who names a part of it would expect them to start there."""
    git = Git.at(_folder(repo), trust_file(trust))
    top = _toplevel(repo, git)
    if top.resolve() != repo.resolve():
        raise _refused(f"{repo} is a folder inside the repository {top}.", f"Give the root: --repo {top}")
    git = Git.at(top, trust_file(trust))
    head = git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}", no=(1, 128))
    if head is None:
        raise _refused(f"{top} has no commit yet.", f"Make the first one: git -C {top} commit")
    branch = git.ask("symbolic-ref", "--quiet", "--short", "HEAD") or ""
    return RepoState(top, head, branch, _dirty(git))


def list_files(repo: Path, commit: str, trust: Path) -> tuple[str, ...]:
    """Names of all files of a commit, as git sorts them; reads only."""
    git = Git.at(_folder(repo), trust_file(trust))
    listing = git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit_id(commit))
    return tuple(map(shown, names(listing)))


def land(repo: Path, clone: Path, commit: str, branch: str, trust: Path) -> str:
    """Create one branch from a commit of the clone; nothing else changes. Returns the full ref."""
    folder = _folder(repo)
    # The objects belong to the operator: as readable for others as those that are there already.
    git = Git.at(folder, trust_file(trust), _umask_of(folder, trust))
    ref = _ref(git, branch)
    if _exists_already(git, ref, branch, commit):
        return ref
    _bring(git, clone, commit_id(commit))
    try:
        git.run("update-ref", "-m", "cockpit: land", ref, commit, "")  # "" = it must not exist yet
    except Refused as error:
        if _exists_already(git, ref, branch, commit):
            return ref
        raise Refused(f"The branch {branch} cannot be made: {error.message}", _OTHER_NAME, "branch_exists") from error
    return ref


_OTHER_NAME = "Choose another name with --branch."


def _bring(git: Git, clone: Path, commit: str) -> None:
    """Copy the commit's objects over; no ref, no FETCH_HEAD, no hook, no maintenance."""
    quiet = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-write-commit-graph")
    alone = ("--no-recurse-submodules", "--refmap=", "--upload-pack=git-upload-pack")
    git.run("fetch", *quiet, *alone, clone, commit, timeout_s=TRANSFER_TIMEOUT_S)


def _exists_already(git: Git, ref: str, branch: str, commit: str) -> bool:
    """Whether the branch is there, at this very commit."""
    there = git.ask("rev-parse", "--verify", "--quiet", ref)
    if there not in (None, commit):
        raise Refused(f"The branch {branch} exists already, at {there}.", _OTHER_NAME, "branch_exists")
    return there is not None


def _ref(git: Git, branch: str) -> str:
    """The full name of a branch that may be created."""
    ref = f"refs/heads/{branch}"
    bad = "\0" in branch or branch.startswith("-") or branch == "HEAD"
    if bad or git.ask("check-ref-format", ref) is None:
        raise Usage(f"{branch!r} is not a name that git allows for a branch.", "Use letters, digits, - and /.")
    return ref


def _folder(repo: Path) -> Path:
    """The folder, if it is one."""
    try:
        if repo.is_dir():
            return repo
    except OSError as error:
        raise _refused(f"{repo} cannot be read: {error.strerror}.", "Give a folder that you may read.") from error
    what = "is not a folder" if os.path.lexists(str(repo).replace("\0", "")) else "does not exist"
    raise _refused(f"{repo} {what}.", "Give the folder of a git repository with --repo.")


def _toplevel(repo: Path, git: Git) -> Path:
    """The root of the work tree that the folder lies in."""
    try:
        bare = git.ask("rev-parse", "--is-bare-repository", "--is-inside-work-tree") or ""
    except Refused as error:
        if error.hint.startswith("If you trust it"):
            raise
        raise _refused(
            f"{repo} is not a git repository.", f"Give another folder with --repo, or make it one: git init {repo}"
        ) from error
    if bare.startswith("true"):
        raise _refused(
            f"{repo} is a bare repository: it has no files to work on.",
            "Clone it, and give the clone's folder with --repo.",
        )
    if bare.endswith("false"):
        raise _refused(f"{repo} lies inside git's own folder.", "Give the folder that holds your files with --repo.")
    return Path(git.ask("rev-parse", "--show-toplevel") or repo)


def _dirty(git: Git) -> tuple[str, ...]:
    """Tracked files that are modified or staged."""
    listing = git.run(
        "status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames", "--ignore-submodules=dirty"
    )
    return tuple(shown(entry[3:]) for entry in names(listing))


def _umask_of(folder: Path, trust: Path) -> int:
    """The umask that makes new objects as private or public as the folder that they go to."""
    objects = Git.at(folder, trust_file(trust)).ask("rev-parse", "--git-path", "objects")
    try:
        return ~(folder / (objects or "")).stat().st_mode & 0o077
    except OSError as error:
        raise Missing(f"{folder} has lost its objects: {error.strerror}.") from error


def _refused(message: str, hint: str) -> Refused:
    """A refusal of the repository as such."""
    return Refused(message, hint, "not_a_repository")
