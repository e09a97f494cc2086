"""The cockpit's own colours, for dark and light terminals. Colours are named here and nowhere else."""

from collections.abc import Mapping

from textual.theme import BUILTIN_THEMES, Theme

from cockpit.legible import ENOUGH, OURS, PLENTY, completed, legible
from cockpit.theme_names import OUR_CONTRAST, OUR_DARK, OUR_FEW, OUR_LIGHT


def _bars(bar: str, hover: str, active: str, ground: str, ground_hover: str) -> dict[str, str]:
    """What Textual asks of a theme for its scroll bars."""
    return {
        "scrollbar": bar,
        "scrollbar-hover": hover,
        "scrollbar-active": active,
        "scrollbar-background": ground,
        "scrollbar-corner-color": ground,
        "scrollbar-background-hover": ground_hover,
        "scrollbar-background-active": ground_hover,
    }


DARK = Theme(
    name=OUR_DARK,
    dark=True,
    primary="#7aa2f7",
    secondary="#5b6b8c",
    accent="#7dcfff",
    foreground="#c8d0e0",
    background="#11151d",
    surface="#161b25",
    panel="#1c2330",
    success="#8fce7e",
    warning="#e8b85c",
    error="#f27e87",
    variables={
        "dim": "#94a0b6",
        "rule": "#39435a",
        "title": "#a9b7d1",
        "border": "#313b50",
        "border-focus": "#5f83c9",
        "cursor": "#1f2f4a",
        "cursor-blurred": "#1d2534",
        **_bars("#39435a", "#5b6b8c", "#7aa2f7", "#11151d", "#161b25"),
    },
)

LIGHT = Theme(
    name=OUR_LIGHT,
    dark=False,
    primary="#2f5bb7",
    secondary="#6b7a99",
    accent="#0c6590",
    foreground="#232a36",
    background="#fbfbf9",
    surface="#f4f4f0",
    panel="#e9eae6",
    success="#26692b",
    warning="#7d5000",
    error="#b3261e",
    variables={
        "dim": "#596170",
        "rule": "#c3c8d2",
        "title": "#39445a",
        "border": "#c3c8d2",
        "border-focus": "#2f5bb7",
        "cursor": "#d5e0f5",
        "cursor-blurred": "#e8ecf4",
        **_bars("#c3c8d2", "#9aa3b5", "#2f5bb7", "#fbfbf9", "#f4f4f0"),
    },
)

CONTRAST = Theme(
    name=OUR_CONTRAST,
    dark=True,
    primary="#9dd0ff",
    secondary="#c0c8d8",
    accent="#7ee8ff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#14181f",
    success="#7dff8a",
    warning="#ffd75e",
    error="#ffb0b0",
    variables={
        "dim": "#cfd4de",
        "rule": "#8a93a5",
        "title": "#ffffff",
        "border": "#8a93a5",
        "border-focus": "#ffd75e",
        "cursor": "#002f66",
        "cursor-blurred": "#1c2740",
        **_bars("#8a93a5", "#c0c8d8", "#ffffff", "#000000", "#14181f"),
    },
)

FEW = Theme(
    name=OUR_FEW,
    dark=True,
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    variables=dict(BUILTIN_THEMES["ansi-dark"].variables),  # Textual's widgets ask for them
)
"""The terminal's own sixteen colours on its own ground. `few_colours.tcss` says by attributes what they cannot."""

THEMES = (DARK, LIGHT, CONTRAST, FEW)
_ANSI = {
    "dim": "ansi_default", "rule": "ansi_default", "title": "ansi_default", "border": "ansi_default",
    "border-focus": "ansi_cyan", "cursor": "ansi_default", "cursor-blurred": "ansi_default",
    "scrollbar": "ansi_default", "scrollbar-background": "ansi_default",
}  # fmt: skip


def fitting(wanted: str, color_system: str | None, no_color: bool) -> str:
    """The theme to draw in: with sixteen colours or none, the terminal's own, whatever is wanted."""
    few = no_color or color_system in (None, "standard")
    return FEW.name if few else wanted


def drawn_with(theme: Theme, variables: Mapping[str, str]) -> dict[str, str]:
    """The variables of a theme with none of ours missing, and with text that can be read."""
    if theme.ansi:
        return {**variables, **_ANSI}
    ours = all(name in theme.variables for name in OURS)
    enough = PLENTY if theme.name == CONTRAST.name else ENOUGH
    return legible(variables if ours else {**completed(variables), **_named(theme)}, enough)


def _named(theme: Theme) -> dict[str, str]:
    return {name: theme.variables[name] for name in ("dim", "rule", "title") if name in theme.variables}
