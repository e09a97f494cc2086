"""The app as far as it keeps what the operator chose and did on this screen, so that it can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.reactive import reactive

from cockpit.choices import Choices, Deed, with_deed
from cockpit.keeping import Keeping
from cockpit.kept_choices import Kept
from cockpit.moment import Said
from cockpit.screens.mouse import report_mouse
from widgets.lines import Tone

if TYPE_CHECKING:
    from pathlib import Path

    from cockpit.player import Player
    from cockpit.surroundings import Surroundings
    from factory.model.step import Attempt
    from widgets.replay import Strip

MESSAGE_S = 10.0
"""How long the message line keeps what was said."""


class OperatorApp(App[None]):
    """Deeds live as long as this cockpit does; marks, mutes, order and filter begin where the last one ended."""

    choices: reactive[Choices] = reactive(Choices, repaint=False)
    """What the operator chose for this screen alone. `choose` replaces it."""
    deeds: reactive[tuple[Deed, ...]] = reactive((), repaint=False)
    """What was done, oldest first; the last one is what `u` undoes."""
    keeping: Keeping
    """What writes the choices down."""
    said: reactive[Said] = reactive(Said, repaint=False)
    """The last message."""
    wanted_theme: str
    """The theme of the settings."""
    has_mouse = True
    """Whether the terminal reports the mouse to the cockpit."""
    strip: reactive[Strip | None] = reactive(None, repaint=False)
    """Which moment a replay shows; None in a live cockpit."""
    player: Player | None = None
    """What moves through a recording; None in a live cockpit."""
    surroundings: Surroundings
    monotonic: Callable[[], float]
    """Seconds that only grow."""

    def say(self, text: str, tone: Tone = "") -> None:
        """Put a sentence on the message line."""
        self.said = Said(text, tone, self.monotonic())

    def forget_said(self) -> None:
        """Clear the message line of what was said some time ago."""
        if self.said.text and self.monotonic() - self.said.at > MESSAGE_S:
            self.said = Said()

    def written(self, attempt: Attempt, file: Path) -> int | None:
        """How many bytes of a file of an attempt are shown: None = all of it, or `UNKNOWN`. Reads."""
        return None

    def tail_of(self, attempt: Attempt, limit: int) -> str:
        """The end of what an attempt wrote. Reads: call it in a thread."""
        return self.surroundings.tail(attempt.folder, limit)

    def moved(self) -> None:
        """The player is at another moment, or does something else there: follow it."""

    def wear(self, theme: str) -> None:
        """Draw in the colours of a theme; without a name, in those of the settings."""
        raise NotImplementedError

    async def action_quit(self) -> None:
        """ctrl+q closes what is on top, and only the main screen with it the cockpit (Textual's hook)."""
        screen = self.screen
        close = getattr(screen, "action_leave", None) or getattr(screen, "action_no", None)
        if close is not None:
            close()
        else:
            _closing = screen.dismiss()  # not awaited, as in `leave_with`

    @property
    def muted(self) -> frozenset[str]:
        """Ids of the goals that notify nobody."""
        return self.choices.muted

    def watch_choices(self, choices: Choices) -> None:
        """Draw in the chosen colours, and keep what outlives this cockpit (Textual's hook)."""
        self.wear(choices.theme)
        self.keeping.note(choices)

    def begin_with(self, kept: Kept) -> None:
        """Go on with what was chosen before."""
        self.choices = kept.given_to(self.choices)
        if not self.said.text:
            self.say(f"As you left it: {kept.says}.")

    def on_unmount(self) -> None:
        self.keeping.finish()

    def choose(self, label: str, **changes: Any) -> None:
        """Choose something for this screen; with a label it can be undone."""
        before = {name: getattr(self.choices, name) for name in changes}
        self.choices = replace(self.choices, **changes)
        if label:
            self.did(Deed(label, lambda screen: self._put_back(before)))

    def choose_theme(self, name: str) -> None:
        """Draw in these colours, now and at the next start; the one of the settings needs no keeping."""
        self.choose(f"theme {name}", theme="" if name == self.wanted_theme else name)
        worn = self.theme == name
        self.say(
            f"The colours are {name}'s." if worn else f"This terminal has too few colours for {name}: its own stay."
        )

    def did(self, deed: Deed) -> None:
        """Note what was done."""
        self.deeds = with_deed(self.deeds, deed)

    def turn_mouse(self) -> None:
        """Leave the mouse to the terminal, so that its own selection works, or take it back."""
        self.has_mouse = not self.has_mouse
        report_mouse(self, self.has_mouse)
        whose = "the cockpit's" if self.has_mouse else "the terminal's: its own selection works"
        self.say(f"The mouse is {whose}.")

    async def _put_back(self, before: Mapping[str, Any]) -> bool:
        self.choices = replace(self.choices, **before)
        return True
