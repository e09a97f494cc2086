"""Calls the operator when a goal needs one: notifications and the title of the terminal, written through the driver."""

import os
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from cockpit.notices import Notifier, Sight
from cockpit.notify import keep_title, method_for, notification, restore_title, title
from cockpit.store import Snapshot
from widgets.marks import ASCII

if TYPE_CHECKING:
    from cockpit.app import CockpitApp

HANDS_S = 60.0
"""A terminal that never told its focus is taken for watched this long after a key."""


class Attention:
    """Watches the store of one cockpit.

    Args:
        app: Whose snapshot, focus and keys count.
        method: `[notify] method`.
        write: Takes what goes to the terminal; None = the app's driver.
        environ: Says which terminal it is.
        ascii_only: No marks in the title.
    """

    def __init__(
        self,
        app: "CockpitApp",
        method: str = "auto",
        write: Callable[[str], None] | None = None,
        environ: Mapping[str, str] = os.environ,
        ascii_only: bool = False,
    ) -> None:
        self._app = app
        self._environ = environ
        self._method = method_for(method, environ)
        self._write = write or self._to_driver
        self._ascii = ascii_only
        self._notifier = Notifier()
        self._title = ""
        self._tells_focus = False

    def start(self) -> None:
        """Begin: remember the terminal's title and look at every picture from now on."""
        self._write(keep_title(self._environ))
        self._app.store.subscribe(self.name_terminal)
        self._app.watch(self._app, "app_focus", self._focus_changed, init=False)
        self.name_terminal(self._app.store.snapshot)

    def stop(self) -> None:
        """End: give the terminal its title back."""
        self._write(restore_title(self._environ))

    def tick(self) -> None:
        """Look, once a second: whoever needs a person for long enough is told of."""
        snapshot = self._app.store.snapshot
        if "ledger" not in snapshot.sources:
            return  # nothing was read yet: the first look must be at what was there before
        now = self._app.monotonic()
        self._notifier, notices = self._notifier.observe(snapshot.rows, self._sight(snapshot, now), now)
        for notice in notices:
            self._write(notification(notice.text, self._method, self._environ))

    def name_terminal(self, snapshot: Snapshot) -> None:
        """Say in the title how many goals there are and how many need a person, when that changed."""
        text = self.title_of(snapshot)
        if text != self._title:
            self._title = text
            self._write(title(text.translate(ASCII) if self._ascii else text, self._environ))

    def title_of(self, snapshot: Snapshot) -> str:
        """What the terminal is called."""
        return title_text(snapshot.totals.need_me, len(snapshot.rows))

    def _sight(self, snapshot: Snapshot, now: float) -> Sight:
        return Sight(snapshot.wanted, self._is_watched(now), muted_of(self._app))

    def _is_watched(self, now: float) -> bool:
        if self._tells_focus:
            return self._app.app_focus
        return now - self._app.last_key_at < HANDS_S

    def _focus_changed(self) -> None:
        self._tells_focus = True

    def _to_driver(self, text: str) -> None:
        driver = self._app._driver
        if driver is not None and text and not self._app.is_headless:
            driver.write(text)


def title_text(need_me: int, goals: int) -> str:
    """`cockpit ◆2 · 5 goals`."""
    waiting = f" ◆{need_me}" if need_me else ""
    return f"cockpit{waiting} · {goals:,} goal{'' if goals == 1 else 's'}"


def muted_of(app: "CockpitApp") -> Collection[str]:
    """Ids of the goals that the operator muted."""
    muted: Collection[str] = getattr(app, "muted", frozenset())
    return muted
