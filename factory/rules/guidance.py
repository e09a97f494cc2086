"""Guidance: what memory offers and what a request says, as they may stand in a prompt. Never evidence (I3)."""

from collections.abc import Sequence

from factory.ports.knowledge import Hint
from factory.rules.visible import one_line, visible

MAX_HINTS = 5
MAX_HINT_CHARS = 600
MAX_DESCRIPTION_CHARS = 5_000
"""As much as a Mission Control lets in."""
MAX_CHARS = 3_000
"""Of the whole block: a long memory must not push the goal out of a prompt."""


def guidance(hints: Sequence[Hint]) -> str:
    """The hints as quotations, best first; empty when there are none. The template warns of them, and fences them.

    Every line of a hint is quoted, so that none can pass for an instruction of ours. Hints that no longer fit are
    left out and counted.
    """
    said = [hint for hint in hints if visible(hint.text).strip()]
    blocks: list[str] = []
    room = MAX_CHARS
    for hint in said[:MAX_HINTS]:
        block = _block(hint)
        if len(block) > room:
            break
        blocks.append(block)
        room -= len(block)
    left_out = len(said) - len(blocks)
    tail = [f"({left_out} more left out.)"] if left_out else []
    return "\n".join([*blocks, *tail])


def description(text: str) -> str:
    """The description of a request as a quotation, cut where it is long. The template warns of it, and fences it."""
    said = visible(text).strip()
    left = len(said) - MAX_DESCRIPTION_CHARS
    said = said if left <= 0 else f"{said[:MAX_DESCRIPTION_CHARS]}… ({left} more characters)"
    return "\n".join(f"> {line}".rstrip() for line in said.splitlines())


def _block(hint: Hint) -> str:
    text = visible(hint.text).strip()
    if len(text) > MAX_HINT_CHARS:
        text = f"{text[:MAX_HINT_CHARS]}…"
    quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"From {one_line(hint.ref)[:200]}:\n{quoted}"
