"""The cockpit on a real terminal: it takes over the first picture, and keeps its colours for the next start."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from rich.color import ColorSystem
from rich.style import Style
from textual.color import Color
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import ScreenResume
from textual.geometry import Size
from textual.widget import Widget

from cockpit.app import CockpitApp
from cockpit.first_picture import First
from cockpit.kept_colours import keep
from cockpit.keyboard import Keyboard
from cockpit.lasting_output import LastingOutput
from cockpit.screens.main import MainScreen
from cockpit.skeleton import ALTERNATE, SIGNALS, SKELETON
from cockpit.store import Seen
from widgets.goals import Goals
from widgets.header import Header
from widgets.lines import TONES
from widgets.message_line import MessageLine
from widgets.next_line import NextLine

_FRAME = {"frame": "border", "frame-focus": "border-focus", "title": "title", "number": "dim"}
"""Parts of a frame, and the names of their colours."""
_GROUNDS: dict[str, type[Widget]] = {"panel": Header, "surface": NextLine, "ground": MessageLine}
"""What text stands on, and who stands there."""
_SYSTEMS = {
    "truecolor": ColorSystem.TRUECOLOR, "256": ColorSystem.EIGHT_BIT, "standard": ColorSystem.STANDARD,
    "windows": ColorSystem.WINDOWS,
}  # fmt: skip
SETTLED_S = 1.0
"""After the first picture: by then everything that stays is there."""


class TakingOver(LinuxDriver):
    """The usual driver, for any terminal that may be there: one that says nonsense, or goes away.

    Where the first picture stands already, it is not wiped away by entering the screen again.
    """

    _is_entered = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lasting: Any = LastingOutput(self._file) if self._file else None  # as much of a file as the driver uses
        self._file = lasting

    def run_input_thread(self) -> None:
        """Read keys for as long as there is a terminal (Textual's hook)."""
        if not Keyboard(self.process_message).read(self.fileno, self.exit_event):
            self._app.call_later(partial(self._app.exit, return_code=128 + signal.SIGHUP))

    def start_application_mode(self) -> None:
        """Take the keyboard as the first picture left it; given back is what was there before (Textual's hook)."""
        before = SKELETON.hand_over()
        self._is_entered = before is not None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if before is not None:
            self.attrs_before = before

    def write(self, data: str) -> None:
        """Write, but do not enter the alternate screen a second time."""
        if self._is_entered and data == ALTERNATE:
            self._is_entered = False
            return
        super().write(data)


class FirstScreen(MainScreen):
    """The main screen, painted for the first time when its panes have found their places, not at every step there.

    Args:
        size: That of the terminal; styles and places are worked out for it once.
    """

    is_held = True

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.add_class(*self.tiers(size))

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Its first styles are those that it was mounted with (Textual's hook)."""
        event.refresh_styles = not self.is_held

    def _screen_resized(self, size: Size) -> None:
        # The same size is told three times at a start.
        if not (self.is_held and size == self.size):
            super()._screen_resized(size)

    def _compositor_refresh(self) -> None:
        if not self.is_held:
            super()._compositor_refresh()

    def _on_timer_update(self) -> None:
        # Not in a batch: what is rendered in one is never written, and nobody would render it again.
        if self.is_held and self.size and not self.app._batch_count:
            if self._layout_required:  # laid out here it is not painted; Textual would, and then once more for us
                self._refresh_layout()
                self._layout_required = False
            self.is_held = False
            self._set_dirty()  # whatever was laid out, and forgotten, meanwhile
            self._repaint_required = True
        super()._on_timer_update()


class AtTerminal(CockpitApp):
    """A cockpit on a terminal that may say nonsense or go away, and that survives errors of its own."""

    _driver_problem = ""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments, survives=True)
        self._notice = f"{self._notice} {self._driver_problem}".strip()

    def get_driver_class(self) -> type[Driver]:
        """Ours, unless another one is asked for and there is one (Textual's hook)."""
        wanted = os.environ.get("TEXTUAL_DRIVER")
        try:
            return super().get_driver_class() if wanted else TakingOver
        except (ImportError, AttributeError, ValueError, RuntimeError):
            self._driver_problem = f"TEXTUAL_DRIVER is {wanted!r}, which is ignored: there is no such driver."
            return TakingOver

    def on_mount(self) -> None:  # type: ignore[override]  # Textual calls this one and the one of the class above
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._end, number)

    def _end(self, number: signal.Signals) -> None:
        self.exit(return_code=128 + number)


class OnTerminal(AtTerminal):
    """The cockpit, as `cockpit` opens it.

    Args:
        home: Keeps the colours.
        drawn: Called when the screen is there; what can wait starts then.
        first: What the first picture shows.
    """

    def __init__(self, home: Path, drawn: Callable[[], None], first: First, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._home = home
        self._drawn = drawn
        if first.found is not None:
            rows = first.found.rows
            self.store.change(rows=rows, is_all=first.found.is_all, wanted=rows[0].id if rows else "")
            self.store.saw("ledger", Seen(first.at, True))
        if first.held is not None:
            self.store.saw("ledger", Seen(problem=first.problem))
        self.set_reactive(CockpitApp.snapshot, self.store.snapshot)

    def get_default_screen(self) -> MainScreen:
        """The first screen (Textual's hook)."""
        return FirstScreen(self.size)

    def start_feeds(self) -> None:
        """Not before the first picture: it shows what the first look has found."""
        self.call_after_refresh(self._is_drawn)

    def _is_drawn(self) -> None:
        self._drawn()
        super().start_feeds()
        self.set_timer(SETTLED_S, self._settle)

    def _settle(self) -> None:
        snapshot = self.store.snapshot
        if not snapshot.is_all and not snapshot.sources["ledger"].problem:
            self.set_timer(SETTLED_S, self._settle)  # older goals are still being read
            return
        keep(str(self._home), colours_of(self))
        # Let the collector work again, and leave what the start has made and read alone: it stays to the end, and to
        # look through a hundred thousand goals would hold keys up.
        gc.freeze()
        gc.enable()


def colours_of(app: CockpitApp) -> dict[str, str]:
    """What each tone, part of a frame and ground of the main screen looks like on this terminal, as codes."""
    header = app.main.query_one(Header)  # it is never dimmed
    tones: dict[str, Style] = {tone: header.get_component_rich_style(f"line--{tone}") for tone in TONES if tone}
    named = {part: _coloured(app, name) for part, name in _FRAME.items()}
    named["title"] += Style(bold=True)
    fronts = {name: Style.from_color(style.color) + _attributes(style) for name, style in (tones | named).items()}
    grounds = {name: app.main.query_one(bar).rich_style for name, bar in _GROUNDS.items()}
    cursor = app.main.query_one(Goals).get_component_rich_style("line--cursor")
    cursor = Style.from_color(header.rich_style.color, cursor.bgcolor) + _attributes(cursor)
    codes = {name: _codes(app, style) for name, style in (fronts | grounds | {"cursor": cursor}).items()}
    return {name: code for name, code in codes.items() if code}


def _coloured(app: CockpitApp, name: str) -> Style:
    return Style.from_color(Color.parse(app.theme_variables[name]).rich_color)


def _attributes(style: Style) -> Style:
    return Style(bold=style.bold, dim=style.dim, reverse=style.reverse, underline=style.underline)


def _codes(app: CockpitApp, style: Style) -> str:
    shown = style.without_color if app.no_color else style
    system = app.console.color_system
    made = shown.render("x", color_system=_SYSTEMS[system] if system else None)
    return made.partition("x")[0].removeprefix("\x1b[").removesuffix("m")


def run_on_terminal(**arguments: Any) -> int:
    """Open the cockpit on this terminal and return its exit code."""
    app = OnTerminal(**arguments)
    app.run()
    return app.return_code or 0
