"""The smallest Textual app: what a cockpit cannot be faster than."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static


class Floor(App[None]):
    """One line, which counts the keys that came."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("j", "count"), Binding("k", "count"), Binding("q", "quit")]
    ENABLE_COMMAND_PALETTE = False

    count = 0

    def compose(self) -> ComposeResult:
        yield Static("ready")

    def action_count(self) -> None:
        """Show one key more."""
        self.count += 1
        self.query_one(Static).update(f"ready {self.count}")


if __name__ == "__main__":
    Floor().run()
