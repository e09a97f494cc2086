"""The repository that a worktree has to itself: whatever an agent's git does, it does there and nowhere else."""

import shutil
from contextlib import suppress
from pathlib import Path

from adapters.workspace.notes import write_private

# What an agent's own git finds: somebody to commit as, no hooks, no signing, nothing in the background, no remote.
_CONFIG = """\
[core]
\trepositoryformatversion = {version}
\tfilemode = true
\tbare = false
\thooksPath = /dev/null
{extensions}[user]
\tname = Cockpit agent
\temail = agent@localhost
[commit]
\tgpgSign = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
"""
_SHA256 = "[extensions]\n\tobjectFormat = sha256\n"


def give_repository(worktree: Path, clone: Path, commit: str, index: Path) -> None:
    """Make the worktree's `.git`: detached at the commit, with the branches of the clone and an index like ours.

    It borrows the objects of the clone (`alternates`), which git only ever reads: nothing is copied, so this takes the
    same few files for any repository. Written by hand, because every git that is not started is time to the agent.
    """
    tie = worktree / ".git"
    for folder in (tie, tie / "refs", tie / "objects", tie / "objects" / "info"):
        folder.mkdir(mode=0o700)
    long = len(commit) == 64
    write_private(tie / "config", _CONFIG.format(version=int(long), extensions=_SHA256 if long else ""))
    write_private(tie / "objects" / "info" / "alternates", f"{clone / 'objects'}\n")
    for name in ("packed-refs", "shallow"):
        with suppress(FileNotFoundError):
            write_private(tie / name, (clone / name).read_text(encoding="utf-8", errors="surrogateescape"))
    shutil.copy2(index, tie / "index")
    write_private(tie / "HEAD", f"{commit}\n")
