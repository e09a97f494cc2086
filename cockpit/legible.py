"""Colours that can be read: whatever theme is chosen, text keeps its distance from every ground it is drawn on."""

import re
from collections.abc import Mapping

from textual.color import Color

TEXTS = ("foreground", "dim", "title", "success", "warning", "error", "accent", "primary")
"""Variables that text is drawn in."""
GROUNDS = ("background", "surface", "panel", "cursor", "cursor-blurred")
"""Variables that text is drawn on."""
ENOUGH = 4.5
"""Contrast of text that WCAG calls AA."""
PLENTY = 7.0
"""The same for AAA."""
OURS = ("dim", "rule", "title", "border", "border-focus", "cursor", "cursor-blurred")
"""Variables that a foreign theme does not name, or names for other things."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_STEPS = 40


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, from 1 (the same) to 21 (black and white), as WCAG measures it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def completed(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables of a foreign theme with those of ours, made of its colours."""
    ground, text, first = (Color.parse(variables[name]) for name in ("background", "foreground", "primary"))
    return {
        **variables,
        "dim": ground.blend(text, 0.62).hex6,
        "rule": ground.blend(text, 0.28).hex6,
        "title": ground.blend(text, 0.85).hex6,
        "border": ground.blend(text, 0.28).hex6,
        "border-focus": first.hex6,
        "cursor": ground.blend(first, 0.22).hex6,
        "cursor-blurred": ground.blend(text, 0.09).hex6,
    }


def legible(variables: Mapping[str, str], enough: float = ENOUGH) -> dict[str, str]:
    """The variables with every colour of text moved away from the grounds until it can be read on all of them."""
    grounds = [variables[name] for name in GROUNDS if _HEX.fullmatch(variables[name])]
    texts = [name for name in TEXTS if _HEX.fullmatch(variables[name])]
    return {**variables, **{name: _moved(variables[name], grounds, enough) for name in texts}}


def worst(text: str, grounds: list[str]) -> float:
    """The contrast of a text on the ground where it is hardest to read."""
    return min(contrast(text, ground) for ground in grounds)


def _moved(text: str, grounds: list[str], enough: float) -> str:
    if not grounds or worst(text, grounds) >= enough:
        return text
    away = max(("#000000", "#ffffff"), key=lambda end: worst(end, grounds))
    color, end = Color.parse(text), Color.parse(away)
    tried = (color.blend(end, step / _STEPS).hex6 for step in range(1, _STEPS + 1))
    return next((one for one in tried if worst(one, grounds) >= enough), away)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)
