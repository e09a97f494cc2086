"""The generated block of a page on a wiki: ours to replace. All around it belongs to people."""

import re
from hashlib import sha256

from adapters.knowledge.plain import BEGIN, END, longest_run

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def split(page: str) -> tuple[str, str, str] | None:
    """A page as (before, block, after); the block holds both markers. None when one is missing.

    A browser sends a page back with other line ends; the block is compared without them.
    """
    begin = _line(BEGIN, page, 0)
    end = _line(END, page, begin.end()) if begin else None
    if begin is None or end is None:
        return None
    block = page[begin.start() : end.end()]
    return page[: begin.start()], block.replace("\r\n", "\n"), page[end.end() :]


def fresh(text: str) -> tuple[str, str]:
    """Block and notes of a rendered page. A wiki knows no front matter, so the block holds it as code.

    A text without our markers is a block as a whole.
    """
    found = _FRONT.match(text)
    front, body = (found[1], text[found.end() :]) if found else ("", text)
    parts = split(body)
    inside, notes = (parts[1][len(BEGIN) : -len(END)], parts[2]) if parts else (body, "")
    fence = "`" * max(3, longest_run("`", front) + 1)
    head = f"{fence}yaml\n{front}\n{fence}\n\n" if front else ""
    return f"{BEGIN}\n{head}{inside.strip()}\n{END}", notes


def digest(block: str) -> str:
    """The first 32 hexadecimal digits of its SHA-256."""
    return sha256(block.encode()).hexdigest()[:32]


def _line(marker: str, text: str, start: int) -> re.Match[str] | None:
    return re.compile(rf"^{re.escape(marker)}(?=[ \t\r]*$)", re.MULTILINE).search(text, start)
