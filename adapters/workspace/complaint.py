"""Turns what git says on its way out into one of the four errors."""

import re

from factory.errors import Missing, Refused, SourceError, Unreachable

_FULL = re.compile(r"No space left on device|Disk quota exceeded")
_READ_ONLY = re.compile(r"Read-only file system")
_DUBIOUS = re.compile(r"detected dubious ownership in repository at '(.*)'")
_NO_REPOSITORY = re.compile(r"not a git repository|does not appear to be a git repository")
_NO_OBJECT = re.compile(
    r"bad object|not our ref|[Nn]ot a valid object name|bad revision|unknown revision|not a tree object"
    r"|not a valid (?:commit|object)|invalid reference|Needed a single revision|reference is not a tree"
    r"|failed to unpack tree object"
)


def complaint(command: str, code: int, stderr: bytes) -> SourceError:
    """The error that fits git's own last line."""
    text = stderr.decode("utf-8", "backslashreplace")
    line = last_line(text)
    if code < 0:
        return Unreachable(f"git {command} was ended by signal {-code}.", "Try again.")
    if _FULL.search(text):
        return Unreachable(f"The disk is full: {line}.", "Make room, then try again.", "disk_full")
    if _READ_ONLY.search(text):
        return Unreachable(f"The disk is read-only: {line}.", "Make it writable, then try again.", "read_only")
    if dubious := _DUBIOUS.search(text):
        return not_trusted(dubious.group(1).removesuffix("/.git"))
    if _NO_REPOSITORY.search(text):
        return Refused(f"git says: {line}.", "Give a folder that holds a git repository.", "not_a_repository")
    if _NO_OBJECT.search(text):
        return Missing(f"git {command}: {line}.")
    return Refused(f"git {command}: {line or f'ended with exit code {code}'}.")


def not_trusted(folder: str) -> Refused:
    """The refusal for a repository that belongs to somebody else."""
    return Refused(
        f"{folder} belongs to another user, so git does not read it (dubious ownership).",
        f"If you trust it: git config --global --add safe.directory {folder}",
        "not_a_repository",
    )


def last_line(text: str) -> str:
    """The last lines in which git names the cause, without their prefix and full stop."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith(("fatal:", "error:"))]
    # The last one often only says that it gave up; why, stands in the one before.
    return "; ".join(re.sub(r"^(?:(?:fatal|error): )+", "", line).rstrip(".") for line in causes[-2:] or lines[-1:])
