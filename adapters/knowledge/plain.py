"""Values as a Markdown page may hold them: nothing of them is markup, HTML, or one of our own markers."""

import re
import shlex
from collections.abc import Callable, Iterable, Mapping

from factory.rules import money
from factory.rules.visible import one_line, visible

MISSING = "not recorded"
BEGIN = "<!-- cockpit:generated:begin -->"
END = "<!-- cockpit:generated:end -->"

MAX_CHARS = 2_000
"""Of one value on a line. A goal is fenced and may be longer."""

_MARKUP = re.compile(r"[\\`*\[\]<>|~&$]|(?<![^\W_])_|_(?![^\W_])")
_LINE_START = re.compile(r"^(?=[#+\-=])|^(\d+)(?=[.)])")
_MARKER = re.compile(r"<!--(?=\s*cockpit:)", re.IGNORECASE)


class Absent:
    """A value that nobody gave."""

    __slots__ = ()


class Safe(str):
    """Text that is ready for the page, made by one of the functions here."""


def plain(value: object) -> str:
    """A value on one line without any markup in it; `not recorded` when there is none."""
    if isinstance(value, Safe):
        return value
    if is_missing(value):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _MARKUP.sub(lambda found: f"\\{found[0]}", _cut(one_line(str(value))))
    return _LINE_START.sub(lambda found: f"{found[1] or ''}\\", text)


def code(value: object) -> Safe:
    """A value as a code span: ids, paths, digests, commands."""
    if is_missing(value):
        return Safe(MISSING)
    text = _unmarked(_cut(one_line(str(value))))
    fence = "`" * (longest_run("`", text) + 1)
    padded = f" {text} " if text[0] in "` " or text[-1] in "` " else text
    return Safe(f"{fence}{padded}{fence}")


def codes(values: object) -> Safe:
    """Several values as code spans; `none` when the list is empty."""
    if is_missing(values) or not isinstance(values, Iterable):
        return Safe(MISSING)
    return Safe(", ".join(code(value) for value in values) or "none")


def shell(argv: object) -> Safe:
    """A command as a code span that can be pasted into a shell."""
    return code(shlex.join(map(str, argv)) if isinstance(argv, Iterable) else None)


def fenced(value: object) -> Safe:
    """A text as it is, line by line, in a fence that it cannot close; only invisible characters are spelled out."""
    if is_missing(value):
        return Safe(MISSING)
    text = _unmarked(visible(str(value)))
    fence = "`" * max(3, longest_run("`", text) + 1)
    return Safe(f"{fence}text\n{text}\n{fence}")


def usd(micros: object) -> Safe:
    """Integer micro-USD as dollars, as the screen shows them."""
    return Safe(money.usd(micros) if isinstance(micros, int) else MISSING)


def is_missing(value: object) -> bool:
    """Whether there is nothing to show."""
    return value is None or value == "" or isinstance(value, Absent)


def quoted(value: object) -> Safe:
    """A value for the front matter: a double-quoted YAML string."""
    text = MISSING if is_missing(value) else one_line(str(value))
    return Safe('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


def longest_run(character: str, text: str) -> int:
    """How often a character stands in a row at most."""
    return max((len(run) for run in re.findall(f"{character}+", text)), default=0)


FILTERS: Mapping[str, Callable[[object], str]] = {
    "plain": plain,
    "code": code,
    "codes": codes,
    "shell": shell,
    "fenced": fenced,
    "usd": usd,
    "quoted": quoted,
}


def _cut(text: str) -> str:
    left = len(text) - MAX_CHARS
    return text if left <= 0 else f"{text[:MAX_CHARS]}… ({left} more characters)"


def _unmarked(text: str) -> str:
    """Inside code nothing is escaped, so what would read as one of our markers gets a visible backslash."""
    return _MARKER.sub(r"<\\!--", text)
