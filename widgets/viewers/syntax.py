"""Colours for source code by the name of its file. Pygments is imported when the first file is coloured."""

from collections.abc import Sequence
from typing import Any

from widgets.lines import Line, Span, Tone
from widgets.viewers.tones import COMMENT, KEYWORD, NAME, NUMBER, STRING

LONGEST_LINE = 500
"""Code points; a file with a longer line stays without colours: lexers are slow where nobody reads."""
_BY_TOKEN: tuple[tuple[str, Tone], ...] = (
    ("Token.Comment", COMMENT), ("Token.Keyword", KEYWORD), ("Token.Operator.Word", KEYWORD),
    ("Token.Literal.String", STRING), ("Token.Literal.Number", NUMBER), ("Token.Name.Function", NAME),
    ("Token.Name.Class", NAME), ("Token.Name.Decorator", NAME), ("Token.Name.Tag", KEYWORD),
    ("Token.Name.Attribute", NAME), ("Token.Name.Builtin", NAME),
)  # fmt: skip


def coloured(file: str, lines: Sequence[str]) -> list[Line] | None:
    """The lines of one file with tones; None when nobody knows its language. The text stays exactly the same.

    Slow: call it in a thread, and not for a file that is too long to read.
    """
    lexer = _lexer(file)
    if lexer is None or any(len(line) > LONGEST_LINE for line in lines):
        return None
    rows: list[list[Span]] = [[]]
    for kind, text in lexer.get_tokens("\n".join(lines)):
        tone = _tone(str(kind))
        first, *others = text.split("\n")
        rows[-1].append((first, tone))
        rows.extend([(part, tone)] for part in others)
    made = [tuple(span for span in row if span[0]) for row in rows[: len(lines)]]
    same = len(made) == len(lines) and all(
        "".join(text for text, _ in row) == line for row, line in zip(made, lines, strict=True)
    )
    return made if same else None


def _lexer(file: str) -> Any:
    from pygments.lexers import find_lexer_class_for_filename  # type: ignore[import-untyped]

    name = file.rsplit("/", 1)[-1][:200]
    found = find_lexer_class_for_filename(name) if name else None
    # Nothing is stripped or added: a row must stay on its line number.
    return found(stripnl=False, ensurenl=False) if found else None


def _tone(kind: str) -> Tone:
    return next((tone for start, tone in _BY_TOKEN if kind.startswith(start)), "")
