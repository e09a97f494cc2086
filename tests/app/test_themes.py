"""Whatever theme is chosen, what is on screen can be read; and what is chosen exists."""

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.theme import BUILTIN_THEMES

from cockpit.legible import ENOUGH, GROUNDS, OURS, PLENTY, TEXTS, contrast, worst
from cockpit.looks import Looks
from cockpit.theme_names import NAMES, OUR_CONTRAST, OUR_DARK, OUR_FEW, OUR_LIGHT
from cockpit.themes import CONTRAST, DARK, LIGHT, THEMES, fitting

ON_GROUNDS = [name for name in NAMES if name not in (OUR_FEW, "ansi-dark", "ansi-light")]
"""Themes that bring a ground of their own; the others leave the terminal's."""


def colours(name: str) -> dict[str, str]:
    """The variables that the cockpit draws with in a theme."""
    return Looks(theme=name).get_css_variables()


def test_every_theme_there_is_can_be_named_in_the_settings() -> None:
    assert set(NAMES) == {*BUILTIN_THEMES, *(theme.name for theme in THEMES)}
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("name", ON_GROUNDS)
def test_every_text_can_be_read_on_every_ground(name: str) -> None:
    found = colours(name)
    grounds = [found[ground] for ground in GROUNDS]
    enough = PLENTY if name == OUR_CONTRAST else ENOUGH
    assert {text: found[text] for text in TEXTS if worst(found[text], grounds) < enough} == {}


@pytest.mark.parametrize("name", ON_GROUNDS)
def test_the_cursor_and_the_frames_can_be_seen(name: str) -> None:
    found = colours(name)
    assert contrast(found["cursor"], found["background"]) > 1.1
    assert contrast(found["rule"], found["background"]) > 1.3
    assert contrast(found["border-focus"], found["background"]) > 1.8


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_our_own_themes_are_drawn_as_they_are_written(theme: object) -> None:
    assert isinstance(theme, type(DARK))
    plain = {**theme.to_color_system().generate(), **theme.variables}
    drawn = colours(theme.name)
    assert {name: plain[name] for name in (*TEXTS, *OURS)} == {name: drawn[name] for name in (*TEXTS, *OURS)}


@pytest.mark.parametrize("name", [OUR_DARK, OUR_LIGHT, OUR_CONTRAST])
def test_our_own_themes_can_be_read_in_256_colours_too(name: str) -> None:
    found = {key: in_256(value) for key, value in colours(name).items() if key in (*TEXTS, *GROUNDS)}
    grounds = [found[ground] for ground in GROUNDS]
    assert {text: found[text] for text in TEXTS if worst(found[text], grounds) < 4.0} == {}


@pytest.mark.parametrize("name", NAMES)
def test_no_theme_lacks_a_colour_of_ours(name: str) -> None:
    assert set(OURS) <= set(colours(name))


@pytest.mark.parametrize(
    ("system", "no_color", "drawn"),
    [("truecolor", False, "nord"), ("256", False, "nord"), ("standard", False, OUR_FEW), (None, False, OUR_FEW),
     ("truecolor", True, OUR_FEW)],
)  # fmt: skip
def test_with_sixteen_colours_or_none_the_terminals_own_are_drawn(
    system: str | None, no_color: bool, drawn: str
) -> None:
    assert fitting("nord", system, no_color) == drawn


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def in_256(color: str) -> str:
    """The colour that a terminal of 256 colours shows instead."""
    return RichColor.parse(color).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex
