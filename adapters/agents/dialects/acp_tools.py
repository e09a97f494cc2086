"""A tool call of the Agent Client Protocol, which comes in pieces: each update adds to what is known of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adapters.agents.dialects.calls import path_of, title
from adapters.agents.dialects.dialect import Message
from adapters.agents.dialects.diffs import diff
from adapters.agents.dialects.fields import each, mapping, text, texts, value
from adapters.agents.dialects.lenient import rows
from adapters.agents.dialects.titles import LONGEST_TEXT, capped, inside, one_line
from factory.model.agent_event import FileChange, ToolCall, ToolKind, ToolResult

_KINDS: Mapping[str, ToolKind] = {
    "read": "read", "search": "read", "edit": "edit", "delete": "edit", "move": "edit", "execute": "run",
}  # fmt: skip
_EXITS = (("rawOutput", "exit_code"), ("rawOutput", "metadata", "exit"), ("_meta", "terminal_exit", "exit_code"))
_OUTPUTS = ("terminal_output", "terminal_output_delta")
LONGEST = LONGEST_TEXT + 1
"""Characters of its output that are kept while it runs: enough to see that something was cut off."""


class Tool:
    """One tool call, from the first that is heard of it to its result."""

    def __init__(self, id: str, worktree: Path) -> None:
        self.id = id
        self.is_told = False
        """Its `ToolCall` was passed on."""
        self.is_done = False
        self._worktree = worktree
        self._title, self._kind = "", ""
        self._input: dict[str, Any] = {}
        self._diffs: list[Message] = []
        self._paths: list[str] = []
        self._output = ""

    def learn(self, update: Message) -> None:
        """What an update, or a permission request, says of it."""
        self._title = text(update, "title") or self._title
        self._kind = text(update, "kind") or self._kind
        self._input |= mapping(update, "rawInput")
        blocks, places = update.get("content"), update.get("locations")
        if blocks and (diffs := [block for block in rows(blocks) if text(block, "type") == "diff"]):
            self._diffs = diffs
        if places and (paths := [path for place in rows(places) if (path := text(place, "path"))]):
            self._paths = paths
        if about := mapping(update, "_meta"):
            self._output += "".join(text(about, name, "data") for name in _OUTPUTS)[: LONGEST - len(self._output)]

    def end(self) -> None:
        """Nothing more is wanted of it, so nothing of it is kept but its id."""
        self.is_done = True
        self._input, self._diffs, self._paths, self._output = {}, [], [], ""

    def call(self) -> ToolCall:
        """The call, as far as it is known. Several files are all named: a rule for one of them fits no others."""
        kind, given, paths = self._own_kind(), self._input or self._changes(), self._all_paths()
        if kind == "edit" and len(paths) > 1:
            return ToolCall(self.id, kind, one_line(f"{len(paths)} files: {', '.join(paths)}"), given)
        about = {**given, "path": paths[0]} if paths else given
        return ToolCall(self.id, kind, title(kind, self._title or self.id, about, self._worktree), given)

    def result(self, update: Message) -> ToolResult:
        """What came of it, by its last update."""
        exits = [value(update, *path) for path in _EXITS]
        is_good = text(update, "status") == "completed" and all(code in (None, 0) for code in exits)
        said, is_cut = capped(self._said(update))
        return ToolResult(self.id, is_good, said, is_cut or value(update, "rawOutput", "metadata", "truncated") is True)

    def changes(self, update: Message) -> Iterator[FileChange]:
        """The files that it changed."""
        if self._own_kind() != "edit":
            return
        for found in self._diffs:
            path = inside(self._worktree, text(found, "path"))
            yield FileChange(path, self._change(found), capped(self._diff(found))[0])
        for path in () if self._diffs else self._all_paths():
            is_new = value(update, "rawOutput", "metadata", "exists") is False
            yield FileChange(path, "add" if is_new else "update")

    def _change(self, found: Message) -> Any:
        if self._kind == "delete" or text(found, "_meta", "kind") == "delete":
            return "delete"
        return "update" if text(found, "oldText") else "add"

    def _own_kind(self) -> ToolKind:
        """Whatever has a command is run, however the agent calls it: reading is allowed unasked, running is not."""
        return "run" if text(self._input, "command") else _KINDS.get(self._kind, "other")

    def _all_paths(self) -> list[str]:
        """The files that it is about; places are only that where it names no files."""
        named = [path_of(self._input), *(text(one, "path") for one in self._diffs)]
        found = [inside(self._worktree, path) for path in named if path]
        return list(dict.fromkeys(found)) or [inside(self._worktree, path) for path in self._paths]

    def _changes(self) -> dict[str, Any]:
        """The input of an edit that is told as diffs alone."""
        shown = "\n".join(self._diff(found) for found in self._diffs)
        return {"files": self._all_paths(), "diff": shown} if shown else {}

    def _diff(self, found: Message) -> str:
        path = inside(self._worktree, text(found, "path"))
        return diff(path, text(found, "oldText") or None, text(found, "newText"))

    def _said(self, update: Message) -> str:
        """The agent's own text before the one that it made up for a screen."""
        raw = value(update, "rawOutput")
        if isinstance(raw, str):
            return raw
        return text(raw, "output") or text(raw, "error") or _shown(update) or texts(raw, "content") or self._output


def _shown(update: Message) -> str:
    """The texts of its content, a line for each block; other kinds of content count as an empty line."""
    blocks = (mapping(block, "content") for block in each(update, "content") if text(block, "type") == "content")
    return "\n".join(text(block, "text") if text(block, "type") == "text" else "" for block in blocks if block)
