"""Parts of Pi's messages in our own words."""

from pathlib import Path

from adapters.agents.dialects.calls import path_of, title
from adapters.agents.dialects.dialect import Message
from adapters.agents.dialects.fields import count, mapping, micros, text
from adapters.agents.dialects.titles import capped, inside
from factory.model.agent_event import FileChange, ToolCall, ToolKind, Usage
from factory.model.step import Tokens

_KINDS: dict[str, ToolKind] = {
    "read": "read", "grep": "read", "find": "read", "ls": "read", "edit": "edit", "write": "edit", "bash": "run",
    "powershell": "run",
}  # fmt: skip


def tokens(usage: Message) -> Tokens:
    """Input never includes what was cached; output includes the reasoning."""
    return Tokens(count(usage, "input"), count(usage, "output"), count(usage, "cacheRead"), count(usage, "cacheWrite"))


def spent(message: Message) -> Usage:
    """What one answer of the model used.

    Pi says 0 for a model that it has no price of. That is no price, not a price of nothing.
    """
    usage = mapping(message, "usage")
    return Usage(
        tokens(usage),
        text(message, "model"),
        micros(usage, "cost", "total") or None,
        context_used=count(usage, "totalTokens"),
    )


def tool_call(message: Message, worktree: Path) -> ToolCall:
    """A tool that begins."""
    name, given = text(message, "toolName"), mapping(message, "args")
    kind = _KINDS.get(name, "other")
    return ToolCall(text(message, "toolCallId"), kind, title(kind, name, given, worktree), given)


def file_change(call: ToolCall, result: Message, worktree: Path) -> FileChange | None:
    """The file that an edit changed; a `write` does not say whether it was there before."""
    if call.kind != "edit" or not path_of(call.input):
        return None
    return FileChange(inside(worktree, path_of(call.input)), "update", capped(text(result, "details", "patch"))[0])
