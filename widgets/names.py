"""Names as a screen has room for them. The full ones stand on the page of the goal and in the status."""

import re
from pathlib import PurePath

from widgets.plain import visible

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


def evidence_name(path: str) -> str:
    """The title of a piece of evidence, from the path of its file."""
    return visible(_DIGEST.sub("", PurePath(path).name, count=1), 120)


def _names_a_file(word: str) -> bool:
    return not word.startswith("-") and bool(PurePath(word).suffix or "/" in word)
