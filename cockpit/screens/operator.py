"""The app as far as it keeps what the operator chose and did on this screen, so that it can be undone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from textual.app import App
from textual.reactive import reactive

from cockpit.choices import Choices, Deed, with_deed
from cockpit.keeping import Keeping
from cockpit.kept_choices import Kept
from cockpit.moment import Said
from cockpit.screens.mouse import report_mouse
from widgets.lines import Tone


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
    has_mouse = True
    """Whether the terminal reports the mouse to the cockpit."""

    def say(self, text: str, tone: Tone = "") -> None:
        """Put a sentence on the message line."""
        raise NotImplementedError

    @property
    def muted(self) -> frozenset[str]:
        """Ids of the goals that notify nobody."""
        return self.choices.muted

    def watch_choices(self, choices: Choices) -> None:
        """Keep what outlives this cockpit (Textual's hook)."""
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
