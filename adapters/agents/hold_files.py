"""What the shim reads and writes in its folder. Stdlib only, and of that only what is loaded soon."""

# ruff: noqa: PTH105, PTH118, PTH123

import json
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def outcome(status: int | None, reason: str) -> "dict[str, Any]":
    """Exit code and end reason; a death by signal N is the code 128 + N, as shells say it."""
    if status is None:
        return {"exit_code": None, "end_reason": reason or "exit"}
    code = os.waitstatus_to_exitcode(status)
    ended = f"signal_{-code}" if code < 0 else "exit"
    return {"exit_code": 128 - code if code < 0 else code, "end_reason": reason or ended}


def read_limits(folder: str) -> "dict[str, Any]":
    """What `task.json` says; nothing when it cannot be read."""
    try:
        limits = _read(os.path.join(folder, "task.json"))
    except (OSError, ValueError):
        return {}
    return limits if isinstance(limits, dict) else {}


def stop_reason(stop: str) -> str:
    """The reason that was left, or `stopped`."""
    try:
        return str(_read(stop)["reason"])[:200] or "stopped"
    except (OSError, ValueError, KeyError, TypeError):
        return "stopped"


def instant(seconds: float) -> str:
    """UTC, ISO-8601 with milliseconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03d}Z"


def write_end(path: str, facts: "dict[str, Any]") -> None:
    """Write a file that is either whole or not there, also after a power cut."""
    new = f"{path}.new"
    with open(new, "w") as file:
        json.dump(facts, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def _read(path: str) -> "Any":
    with open(path, "rb") as file:
        return json.load(file)
