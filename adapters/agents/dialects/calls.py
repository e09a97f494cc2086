"""What a tool call is about: its file, and its title."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.agents.dialects.fields import text
from adapters.agents.dialects.titles import inside, one_line
from factory.model.agent_event import ToolKind

_PATHS = ("path", "filePath", "file_path")


def title(kind: ToolKind, name: str, given: Mapping[str, Any], worktree: Path) -> str:
    """One line: the command, the path as it is from the worktree, or the name of the tool.

    Args:
        name: What the agent calls the call or its tool.
        given: The input of the call.
    """
    if kind == "run":
        return one_line(text(given, "command") or name)
    path = "" if kind == "other" else path_of(given)
    return one_line(inside(worktree, path) if path else name)


def path_of(given: Mapping[str, Any]) -> str:
    """The file that a call is about, or empty."""
    for key in _PATHS:
        if path := text(given, key):
            return path
    return ""
