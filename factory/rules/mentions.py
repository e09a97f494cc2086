"""`@` in texts for a server that reads `@word` as somebody's name and refuses names that it does not know."""

import re

_MENTION = re.compile(r"(?<![A-Za-z0-9._-])@(?=[A-Za-z0-9])")
_GAP = "\u200b"
"""Zero width: nobody sees it, and no name follows the `@` any more."""


def escaped(text: str) -> str:
    """The text in which nobody is mentioned: decorators, package scopes. `name@host` is none, and stays as it is."""
    return _MENTION.sub(f"@{_GAP}", text)


def unescaped(text: str) -> str:
    """The text as it was before `escaped`."""
    return text.replace(f"@{_GAP}", "@")
