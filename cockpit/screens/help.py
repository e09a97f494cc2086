"""The keys, made from the table that binds them."""

from collections.abc import Iterable

from textual.app import ComposeResult

from cockpit.keymap import Key, Where, bindings, shown
from cockpit.screens.base import CockpitModal, TooSmall
from widgets.lines import Line, fit
from widgets.marks import TONES as MARK_TONES
from widgets.marks import WORDS
from widgets.pane import Pane

PLACES: tuple[tuple[Where, str], ...] = (
    ("goals", "The selected goal"), ("anywhere", "Moving and leaving"), ("card", "On the review card"),
    ("launch", "On the launch form"), ("ask", "When something is asked"), ("confirm", "Before something is done"),
    ("help", "Here"),
)  # fmt: skip


class Help(CockpitModal[None]):
    """Shows every key with what it does; `?` stands before those that ask first."""

    BINDINGS = bindings("help")
    AUTO_FOCUS = "#help"
    DEFAULT_CSS = """
    Help {
        align: center middle;
        & > #help { width: 100%; max-width: 100; height: 100%; max-height: 60; background: $surface; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Pane(id="help")
        yield TooSmall()

    def on_mount(self) -> None:
        pane = self.query_one("#help", Pane)
        pane.set_title("Keys", "? = it asks first · esc closes")
        pane.show(lambda width: help_lines(self.cockpit.keys))

    def action_move(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#help", Pane).move(lines)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        pane = self.query_one("#help", Pane)
        pane.move(pages * pane.page)

    def action_leave(self) -> None:
        """Close."""
        self.leave_with(None)


def help_lines(keys: Iterable[Key]) -> tuple[Line, ...]:
    """The table by place, then what the marks mean."""
    table = tuple(keys)
    lines: list[Line] = []
    for place, title in PLACES:
        lines.append(((title, "strong"),))
        lines.extend(_key(key) for key in table if key.where == place)
        if place == "card":
            lines.append((("  ", ""), (fit("code enter", 14), "accent"), ("? ", "warn"), (_CODE, "")))
        lines.append(())
    lines.append((("Marks", "strong"),))
    lines.extend((("  ", ""), (f"{mark} ", MARK_TONES[mark]), (word, "")) for mark, word in WORDS.items())
    lines.append((("  ≈ estimated   ? no price known   claimed is not proven", "dim"),))
    return tuple(lines)


_CODE = "Type the first four characters of the digest, then Enter: approve."


def _key(key: Key) -> Line:
    names = " ".join(shown(part) for part in key.keys.split(","))
    return (("  ", ""), (fit(names, 14), "accent"), ("? " if key.asks_first else "  ", "warn"), (key.says, ""))
