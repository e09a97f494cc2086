"""Names as a screen has room for them. The full ones stand on the page of the goal and in the status."""

import re
from pathlib import PurePath

from rich.cells import cell_len

from widgets.lines import ELLIPSIS
from widgets.plain import visible

_COMMIT = re.compile(r"\b[0-9a-f]{40}\b")
_DIGEST = re.compile(r"^[0-9a-f]{16}-(?=.)")
"""What the evidence store puts in front of a title; it says nothing to people."""


def agent_name(name: str) -> str:
    """An agent without folders and options: `scripted:coder.json`, `command:x.sh`, `command:python x.py`."""
    kind, colon, argument = name.partition(":")
    if not colon:
        return visible(name, 60)
    words = argument.split() if kind == "command" else [argument]
    if len(words) > 1 and not _names_a_file(words[1]):
        words = words[:1]  # options; but an interpreter alone would not say which agent it is
    return visible(f"{kind}:{' '.join(PurePath(word).name for word in words[:2])}", 60)


def short_agent(name: str, width: int) -> str:
    """An agent in at most `width` cells: its kind and the end of its name, where two of a kind differ."""
    whole = agent_name(name)
    if cell_len(whole) <= width:
        return whole
    kind, colon, argument = whole.partition(":")
    head = f"{kind}:{ELLIPSIS}" if colon and width >= len(kind) + 6 else ELLIPSIS
    tail = argument or whole
    while tail and cell_len(head + tail) > width:
        tail = tail[1:]
    return head + tail


def short_hashes(text: str) -> str:
    """The text with every whole commit as short as git writes it."""
    return _COMMIT.sub(lambda found: found[0][:7], text)


def evidence_name(path: str) -> str:
    """The title of a piece of evidence, from the path of its file."""
    return visible(_DIGEST.sub("", PurePath(path).name, count=1), 120)


def _names_a_file(word: str) -> bool:
    return not word.startswith("-") and bool(PurePath(word).suffix or "/" in word)
