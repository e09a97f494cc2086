"""What the items of Codex mean: commands, file changes, other tools."""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from adapters.agents.dialects.lenient import rows, table, whole, words
from adapters.agents.dialects.titles import capped, inside, one_line
from factory.model.agent_event import FileChange, ToolCall, ToolResult
from factory.model.step import Tokens

_CHANGES: Mapping[str, Literal["add", "update", "delete"]] = {"add": "add", "delete": "delete", "update": "update"}
TOOLS = ("command_execution", "file_change", "mcp_tool_call", "web_search")
"""Kinds of items that are uses of a tool."""
_SHELL = re.compile(r"\S*sh -l?c (?=\S)")
_QUOTED = re.compile(r"""'([^']*)'|"([^"\\$`]*)\"""")
"""One argument in plain quotes, as nearly all are: `shlex` reads letter by letter."""


def tool_call(item: Mapping[str, Any], worktree: Path) -> ToolCall:
    """An item of `TOOLS` as a tool call."""
    name, kind = words(item.get("id")), item.get("type")
    if kind == "command_execution":
        command = words(item.get("command"))
        return ToolCall(name, "run", one_line(_without_shell(command)), {"command": command})
    if kind == "file_change":
        paths = [inside(worktree, words(change.get("path"))) for change in rows(item.get("changes"))]
        return ToolCall(name, "edit", one_line(" ".join(paths)), {"changes": rows(item.get("changes"))})
    if kind == "mcp_tool_call":
        title = f"{words(item.get('server'))} {words(item.get('tool'))}"
        return ToolCall(name, "other", one_line(title), table(item.get("arguments")))
    query = words(item.get("query"))
    return ToolCall(name, "other", one_line(f"web_search {query}"), {"query": query})


def tool_result(item: Mapping[str, Any]) -> ToolResult:
    """What came of it. A command that ran and failed has an exit code; one that was not run has none."""
    text = words(item.get("aggregated_output")) or words(table(item.get("error")).get("message"))
    ok = item.get("status", "completed") == "completed" and item.get("exit_code", 0) == 0
    return ToolResult(words(item.get("id")), ok, *capped(text))


def file_changes(item: Mapping[str, Any], worktree: Path) -> Iterator[FileChange]:
    """The files of a change that was made; Codex tells no diff."""
    if item.get("type") == "file_change" and item.get("status") == "completed":
        for change in rows(item.get("changes")):
            if path := words(change.get("path")):
                yield FileChange(inside(worktree, path), _CHANGES.get(words(change.get("kind")), "update"))


def used(value: Any) -> Tokens:
    """Tokens as it counts them: its input has the cached ones in it, ours has not."""
    usage = table(value)
    read, write = whole(usage.get("cached_input_tokens")), whole(usage.get("cache_write_input_tokens"))
    given = max(0, whole(usage.get("input_tokens")) - read - write)
    return Tokens(given, whole(usage.get("output_tokens")), read, write)


def _without_shell(command: str) -> str:
    """The command that the model wrote: Codex wraps it in a shell of its own (`/bin/bash -lc '…'`)."""
    if not (shell := _SHELL.match(command)):
        return command
    if quoted := _QUOTED.fullmatch(command, shell.end()):
        return quoted[1] or quoted[2] or ""
    try:
        (inner,) = shlex.split(command[shell.end() :])
    except ValueError:  # no such quoting, or more than one argument: it stays as it is
        return command
    return inner
