"""The cockpit on a real terminal: it takes over the first picture, and keeps the last one for the next start."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from textual.color import Color
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from cockpit.app import CockpitApp
from cockpit.keyboard import Keyboard
from cockpit.last_screen import keep
from cockpit.lasting_output import LastingOutput
from cockpit.screens.main import MainScreen
from cockpit.skeleton import ALTERNATE, SIGNALS, SKELETON
from cockpit.store import Seen
from factory.errors import SourceError
from factory.model.view import RunRow
from widgets.amounts import time_of_day

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
        """Give the keyboard back as it was, then let the driver take it."""
        self._is_entered = SKELETON.hand_over()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def write(self, data: str) -> None:
        """Write, but do not enter the alternate screen a second time."""
        if self._is_entered and data == ALTERNATE:
            self._is_entered = False
            return
        super().write(data)


class FirstScreen(MainScreen):
    """The main screen, painted for the first time when its panes have found their places, not at every step there."""

    is_held = True

    def _compositor_refresh(self) -> None:
        if not self.is_held:
            super()._compositor_refresh()

    def _on_timer_update(self) -> None:
        if self.is_held and self.size:
            self.is_held = False
            self._repaint_required = True
        super()._on_timer_update()


class OnTerminal(CockpitApp):
    """The cockpit, as `cockpit` opens it.

    Args:
        home: Keeps the last screen.
        drawn: Called when the first picture is there; what can wait starts then.
        rows: The goals of a first look; None = nobody has looked.
        held: Why the first look found nothing.
    """

    def __init__(
        self,
        home: Path,
        drawn: Callable[[], None],
        rows: tuple[RunRow, ...] | None = None,
        held: SourceError | None = None,
        **arguments: Any,
    ) -> None:
        super().__init__(**arguments)
        self._home = home
        self._drawn = drawn
        if rows is not None:
            self.store.change(rows=rows)
            self.store.saw("ledger", Seen(self.monotonic(), True))
        if held is not None:
            self.store.saw("ledger", Seen(problem=f"{held.message} {held.hint}".strip()))

    def get_driver_class(self) -> type[Driver]:
        """Ours, unless another one is asked for (Textual's hook)."""
        return super().get_driver_class() if os.environ.get("TEXTUAL_DRIVER") else TakingOver

    def get_default_screen(self) -> MainScreen:
        """The first screen (Textual's hook)."""
        return FirstScreen()

    def start_feeds(self) -> None:
        """Not before the first picture: it shows what the first look has found."""
        self.call_after_refresh(self._is_drawn)

    def on_mount(self) -> None:  # type: ignore[override]  # Textual calls this one and the one of the class above
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._end, number)

    def exit(self, *args: Any, **kwargs: Any) -> None:
        """Keep the screen, then leave (Textual's hook)."""
        self._keep()
        super().exit(*args, **kwargs)

    def _is_drawn(self) -> None:
        self._drawn()
        super().start_feeds()
        self.set_timer(SETTLED_S, settle)

    def _end(self, number: signal.Signals) -> None:
        self.exit(return_code=128 + number)

    def _keep(self) -> None:
        screen = self.screen
        if not isinstance(screen, MainScreen) or not screen.fits:
            return
        lines = [strip.text for strip in screen._compositor.render_strips(self.size)]
        keep(str(self._home), time_of_day(self.moment.now, seconds=False), self._colours(), lines, self.size.width)

    def _colours(self) -> tuple[int, ...]:
        if self.no_color or self.console.color_system != "truecolor":
            return ()
        names = ("foreground", "background")
        return tuple(part for name in names for part in Color.parse(self.theme_variables[name]).rgb)


def settle() -> None:
    """Let the collector work again, and leave what the start has made alone: it stays to the end."""
    gc.freeze()
    gc.enable()


def run_on_terminal(**arguments: Any) -> int:
    """Open the cockpit on this terminal and return its exit code."""
    app = OnTerminal(**arguments)
    app.run()
    return app.return_code or 0
