"""Runs git with nothing of the machine it runs on: no settings, hooks, signing, prompts or network."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from adapters.workspace.complaint import complaint
from factory.errors import Missing, Unreachable

TIMEOUT_S = 120.0
"""For everything that stays within one repository."""
TRANSFER_TIMEOUT_S = 900.0
"""For what copies a history."""

# `-c` wins over what the repository itself says; these run programs, write behind our back or change bytes.
_SETTINGS = {
    "advice.detachedHead": "false",
    "commit.gpgSign": "false",
    "core.attributesFile": os.devnull,
    "core.autocrlf": "false",
    "core.excludesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.logAllRefUpdates": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.version": "2",
    "submodule.recurse": "false",
    "user.email": "cockpit@localhost",
    "user.name": "Cockpit",
}
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "file",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # a commit is what its id says, whatever a repository would show in its place
    "GIT_OPTIONAL_LOCKS": "0",  # else `status` writes the index of the operator's repository
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # complaints are read by `complaint`
}
_FOREIGN = ("GIT_", "LC_", "LANGUAGE", "SSH_ASKPASS")


@dataclass(frozen=True)
class Git:
    """Git, bound to one repository."""

    where: tuple[str | Path, ...] = ()
    """`-C FOLDER`, or `--git-dir=… --work-tree=…`."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to our own."""
    umask: int = 0o077

    @staticmethod
    def at(folder: Path, trust: Path | None = None, umask: int = 0o077) -> "Git":
        """Git in a folder.

        Args:
            trust: A settings file that holds nothing but `safe.directory`.
        """
        return Git(("-C", folder), {"GIT_CONFIG_GLOBAL": str(trust)} if trust else {}, umask)

    def run(self, *args: str | Path, stdin: bytes = b"", into: IO[bytes] | None = None, timeout_s: float = 0) -> bytes:
        """Run one command and return what it printed.

        Args:
            into: An open file that gets the output instead.

        Raises:
            Refused, Missing, Unreachable: git failed; with its own last line.
        """
        done = self._call(args, stdin, into, timeout_s or TIMEOUT_S)
        if done.returncode:
            raise complaint(str(args[0]), done.returncode, done.stderr)
        return done.stdout or b""

    def ask(self, *args: str | Path, no: tuple[int, ...] = (1,)) -> str | None:
        """What one command printed, as text without its last newline; None when it ended with an exit code in `no`."""
        done = self._call(args, b"", None, TIMEOUT_S)
        if done.returncode in no:
            return None
        if done.returncode:
            raise complaint(str(args[0]), done.returncode, done.stderr)
        return os.fsdecode(done.stdout).removesuffix("\n")

    def _call(
        self, args: tuple[str | Path, ...], stdin: bytes, into: IO[bytes] | None, timeout_s: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Start git and wait for it."""
        program = shutil.which("git", path=os.environ.get("PATH", os.defpath))
        if program is None:
            raise Unreachable("git is not installed, or not on the PATH.", "Install it: apt install git", "no_git")
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        try:
            return subprocess.run(
                [program, *settings, *map(str, self.where), *map(str, args)],
                input=stdin,
                stdout=into or subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment(), **self.environment},
                umask=self.umask,
                close_fds=False,  # it inherits the lock of its clone, and nothing else that is open
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unreachable(f"git {args[0]} did not end within {timeout_s:g} s.", "Is the disk busy?") from error
        except OSError as error:
            raise Unreachable(f"git could not be started: {error.strerror or error}.") from error


def environment() -> dict[str, str]:
    """Our own environment for git: nothing that redirects it, English, no prompts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return kept | _ENVIRONMENT


def commit_id(text: str) -> str:
    """The text, when it is a whole commit id; so it can never be read as an option or a range.

    Raises:
        Missing: it is something else.
    """
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text):
        raise Missing(f"{text!r} is not a commit id.", "Give all 40 (or 64) hexadecimal digits.")
    return text


def shown(name: bytes) -> str:
    """A file name as text: valid UTF-8 as it is, any other byte as `\\xNN`."""
    return name.decode("utf-8", "backslashreplace")


def names(listing: bytes) -> list[bytes]:
    """The file names of an answer to `-z`."""
    return [name for name in listing.split(b"\0") if name]
