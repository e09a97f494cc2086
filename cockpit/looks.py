"""How the cockpit looks on this terminal: its theme, and what every line passes before it is drawn."""

from collections.abc import Sequence

from textual.app import App
from textual.filter import ANSIToTruecolor, LineFilter

from cockpit.ascii_filter import AsciiFilter
from cockpit.colourless import Colourless
from cockpit.pictures import without_font_addresses
from cockpit.terminal import Reach
from cockpit.theme_names import OUR_DARK
from cockpit.themes import DARK, THEMES, drawn_with, fitting


class Looks(App[None]):
    """An app in our themes, as far as the terminal has their colours and their characters.

    Args:
        in_ascii: What to draw in ASCII.
        theme: The theme that is wanted.
    """

    def __init__(self, in_ascii: Reach = "", theme: str = OUR_DARK) -> None:
        super().__init__()
        self._ascii = AsciiFilter(in_ascii)
        self._colourless = Colourless(enabled=self.no_color)
        for each in THEMES:
            self.register_theme(each)
        self.wanted_theme = theme
        self.wear("")

    @property
    def has_themes(self) -> bool:
        """Whether the terminal has enough colours for a theme to make a difference."""
        return not self.current_theme.ansi or fitting(OUR_DARK, self.console.color_system, self.no_color) == OUR_DARK

    def wear(self, theme: str) -> None:
        """Draw in the colours of a theme; without a name, in those of the settings."""
        self.theme = fitting(theme or self.wanted_theme, self.console.color_system, self.no_color)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line passes before it is drawn (Textual's hook)."""
        # Of Textual's own, the one for no colours would leave greys, and the one that names the colours of terminals
        # finds none of them: ours are named in full, or the theme is the terminal's. It is half of what a line costs.
        usual = [] if self.no_color else [one for one in super().get_line_filters() if type(one) is not ANSIToTruecolor]
        return [*usual, *(one for one in (self._colourless, self._ascii) if one.enabled)]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of ours that a foreign theme does not name (Textual's hook)."""
        return dict(DARK.variables)

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme, made so that text can be read (Textual's hook)."""
        self.theme_variables = drawn_with(self.current_theme, super().get_css_variables())
        return self.theme_variables

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The screen as SVG, without addresses of fonts."""
        return without_font_addresses(super().export_screenshot(title=title, simplify=simplify))
