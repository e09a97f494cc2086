"""The names of all themes, known without the library that draws them; a test holds them to it."""

OUR_DARK, OUR_LIGHT, OUR_CONTRAST, OUR_FEW = "cockpit-dark", "cockpit-light", "cockpit-contrast", "cockpit-16"

NAMES: tuple[str, ...] = (
    OUR_DARK, OUR_LIGHT, OUR_CONTRAST, OUR_FEW, "textual-dark", "textual-light", "nord", "gruvbox",
    "catppuccin-mocha", "catppuccin-latte", "catppuccin-frappe", "catppuccin-macchiato", "dracula", "tokyo-night",
    "monokai", "flexoki", "solarized-light", "solarized-dark", "rose-pine", "rose-pine-moon", "rose-pine-dawn",
    "atom-one-dark", "atom-one-light", "ansi-dark", "ansi-light",
)  # fmt: skip
"""What `[screen] theme` may be."""
