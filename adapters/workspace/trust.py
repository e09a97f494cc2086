"""Which repositories of other users the operator has told git to trust; the only thing we take from their settings."""

import os
import shutil
import subprocess
import threading
from pathlib import Path


def trust_file(folder: Path) -> Path | None:
    """A settings file with the operator's `safe.directory` entries and nothing else; None when there are none.

    Who trusts a folder trusts its `.git` too: that is what git looks for when it clones. It has to be a file: git does
    not pass `-c` on to the process that reads the other side.

    Args:
        folder: Where to keep it.
    """
    trusted = _trusted()
    if not trusted:
        return None
    file = folder / "trusted.gitconfig"
    entries = [each for entry in trusted for each in ((entry, f"{entry}/.git") if entry.startswith("/") else (entry,))]
    text = "[safe]\n" + "".join(f"\tdirectory = {_quoted(entry)}\n" for entry in entries)
    if not file.exists() or file.read_text(encoding="utf-8", errors="surrogateescape") != text:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.{os.getpid()}-{threading.get_ident()}")
        fresh.write_text(text, encoding="utf-8", errors="surrogateescape")
        fresh.chmod(0o600)
        fresh.replace(file)
    return file


def _trusted() -> list[str]:
    """The entries as the operator's git knows them, paths expanded; none when git cannot say."""
    program = shutil.which("git", path=os.environ.get("PATH", os.defpath))
    if program is None:
        return []
    # A folder that is no repository: only the settings of the user and the machine count, as git itself demands.
    asked = [program, "--git-dir=/nonexistent", "config", "--null", "--type=path", "--get-all", "safe.directory"]
    try:
        done = subprocess.run(asked, capture_output=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [os.fsdecode(entry) for entry in done.stdout.split(b"\0")[:-1]] if done.returncode == 0 else []


def _quoted(value: str) -> str:
    """A value as a settings file spells it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
