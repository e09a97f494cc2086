"""An app that goes on when something in it fails. Only who opens it for an operator asks for that."""

from collections.abc import Callable

from textual.app import App

from cockpit.store import Store
from cockpit.trouble import AGAIN_S, Feed, Trouble, kept_going
from widgets.sheltered import Sheltered


class ResilientApp(Sheltered, App[None]):
    """Once it is up, an error in a handler, timer, worker, feed or pane is logged and said, and nothing ends."""

    survives = False
    """Whether it was opened to go on."""
    keeps_going = False
    """It is up and was opened to go on: a cockpit that cannot even begin ends with its traceback."""
    monotonic: Callable[[], float]

    def on_ready(self) -> None:
        self._trouble = Trouble(self.say_trouble, self.monotonic)
        self.keeps_going = self.survives

    def say_trouble(self, text: str) -> None:
        """Put a sentence about an error on the screen."""
        raise NotImplementedError

    def run_feed(self, feed: Feed, store: Store) -> None:
        """Run a feed for as long as the app runs; one that fails is started again."""
        self.run_worker(kept_going(feed, store, self.survive, AGAIN_S), group="feed", name=feed.name)

    def _handle_exception(self, error: Exception) -> None:
        """What Textual does with an error of a worker, timer, callback or drawing (Textual's hook)."""
        if self.keeps_going:
            self._trouble.note(error)
        else:
            super()._handle_exception(error)
