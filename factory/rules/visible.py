"""Text of others with nothing hidden in it: what a screen or page would not show, or would obey, becomes readable."""

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
_KEPT = {0x09, 0x0A}
"""Tab and line feed: layout, not commands."""
_HIDDEN = (
    *range(0x80, 0xA0),  # C1 controls: terminals obey them
    0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F,
    *range(0x2028, 0x202F),  # line separators and bidi embedding
    *range(0x2060, 0x2070),  # joiners that show nothing, bidi isolates
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    *range(0xD800, 0xE000),  # half characters, from bytes that were no UTF-8
    *range(0xE0000, 0xE0080),  # tags: a whole message can hide in them
)  # fmt: skip
_SHOWN: dict[int, str] = {code: f"⟨U+{code:04X}⟩" for code in _HIDDEN}
_SHOWN |= {code: picture for code, picture in _PICTURES.items() if code not in _KEPT}


def visible(text: str) -> str:
    """The text with control characters, bidi overrides and invisible characters spelled out.

    Tab and line feed stay, and so do letters of every script. The result can always be encoded as UTF-8.
    """
    return text.translate(_SHOWN)


def one_line(text: str) -> str:
    """The visible text on one line: a line feed shows as `⏎`, a tab as a space."""
    return visible(text).replace("\n", "⏎").replace("\t", " ")
