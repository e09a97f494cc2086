"""The cockpit's own colours, for dark and light terminals. Colours are named here and nowhere else."""

from textual.theme import Theme

DARK = Theme(
    name="cockpit-dark",
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
    error="#f0757f",
    variables={
        "dim": "#7b869c",
        "rule": "#39435a",
        "title": "#a9b7d1",
        "border": "#313b50",
        "border-focus": "#5f83c9",
        "cursor": "#27344d",
        "cursor-blurred": "#1d2534",
        "scrollbar": "#39435a",
        "scrollbar-hover": "#5b6b8c",
        "scrollbar-active": "#7aa2f7",
        "scrollbar-background": "#11151d",
        "scrollbar-corner-color": "#11151d",
        "scrollbar-background-hover": "#161b25",
        "scrollbar-background-active": "#161b25",
    },
)

LIGHT = Theme(
    name="cockpit-light",
    dark=False,
    primary="#2f5bb7",
    secondary="#6b7a99",
    accent="#0f6f9c",
    foreground="#232a36",
    background="#fbfbf9",
    surface="#f4f4f0",
    panel="#e9eae6",
    success="#2f7d32",
    warning="#9a6200",
    error="#b3261e",
    variables={
        "dim": "#6a7280",
        "rule": "#c3c8d2",
        "title": "#39445a",
        "border": "#c3c8d2",
        "border-focus": "#2f5bb7",
        "cursor": "#d5e0f5",
        "cursor-blurred": "#e8ecf4",
        "scrollbar": "#c3c8d2",
        "scrollbar-hover": "#9aa3b5",
        "scrollbar-active": "#2f5bb7",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-corner-color": "#fbfbf9",
        "scrollbar-background-hover": "#f4f4f0",
        "scrollbar-background-active": "#f4f4f0",
    },
)

THEMES = (DARK, LIGHT)
