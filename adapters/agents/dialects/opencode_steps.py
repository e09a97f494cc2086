"""What one step of OpenCode used, as it tells it in its output and keeps it in the database of its sessions."""

from adapters.agents.dialects.dialect import Message
from adapters.agents.dialects.fields import count, mapping, micros
from factory.model.agent_event import Usage
from factory.model.step import Tokens

BOOKS = ".local/share/opencode/opencode.db"
"""Below its home."""
NEW_STEPS = """\
SELECT rowid, data FROM part WHERE rowid > ? AND json_extract(data, '$.type') = 'step-finish' ORDER BY rowid"""
"""Of all sessions in it, so those of its subagents too."""


def spent(part: Message) -> Usage:
    """Tokens of one step. A cost of 0 means that OpenCode has no price, not that there is none."""
    found = mapping(part, "tokens")
    used = Tokens(
        count(found, "input"),
        count(found, "output") + count(found, "reasoning"),
        count(found, "cache", "read"),
        count(found, "cache", "write"),
    )
    return Usage(used, micros=micros(part, "cost") or None, context_used=count(found, "total"))
