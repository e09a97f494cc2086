"""The keys, made from the table that binds them: typing searches, enter presses the chosen key on the screen below."""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key as KeyPress
from textual.widgets import Input

from cockpit.keymap import Key, Where, bindings, shown
from cockpit.screens.base import CockpitModal, TooSmall
from widgets.lines import Line, fit
from widgets.marks import TONES as MARK_TONES
from widgets.marks import WORDS
from widgets.pane import Pane

PLACES: tuple[tuple[Where, str], ...] = (
    ("goals", "The selected goal"), ("anywhere", "Moving and looking"), ("replay", "In a replay"),
    ("page", "On a page"),
    ("card", "On the review card"), ("permission", "On the card of an agent's request"),
    ("launch", "On the launch form"), ("peek", "In the peek"), ("menu", "In a menu"), ("batch", "On a batch card"),
    ("ask", "When something is asked"), ("confirm", "Before something is done"),
    ("help", "Here"),
)  # fmt: skip
CAN_BE_PRESSED = ("goals", "anywhere", "replay")
"""The help opens above screens where these keys work."""

Entry = tuple[Key | None, Line]
"""One line of the help, and the key that it is about."""


class SearchField(Input):
    """Takes what is typed, but for `?`, which closes the help that it opened."""

    def on_key(self, event: KeyPress) -> None:
        if event.key == "question_mark":
            event.prevent_default()  # not typed; the binding of the help gets it

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the key is typed (Textual's hook)."""
        return key != "question_mark" and super().check_consume_key(key, character)


class Help(CockpitModal[str]):
    """Answers the action of the chosen key; empty when it was only looked at."""

    BINDINGS = bindings("help")
    AUTO_FOCUS = "#search"
    DEFAULT_CSS = """
    Help {
        align: center middle;
        & > #keys {
            width: 100%; max-width: 100; height: 100%; max-height: 60; background: $surface;
            border: round $border-focus; border-title-color: $title; border-title-style: bold;
            border-subtitle-color: $dim;
        }
        & #search { background: $panel; }
        & #help { border: none; padding: 0 1; height: 1fr; background: $surface; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(id="keys") as box:
            box.border_title = Content("Keys")
            box.border_subtitle = Content("type to search · enter presses the key · ? asks first · esc closes")
            field = SearchField(placeholder="what do you want to do?", id="search", compact=True)
            field.cursor_blink = False
            yield field
            yield Pane(id="help", has_cursor=True)
        yield TooSmall()

    def on_mount(self) -> None:
        self._show("")
        self.call_after_refresh(self._to_first_key)  # there are no lines before the first drawing

    @on(Input.Changed, "#search")
    def search(self, event: Input.Changed) -> None:
        """Show the keys that fit the words."""
        self._show(event.value)

    def _show(self, words: str) -> None:
        self._entries = help_entries(self.cockpit.keys, words)
        pane = self.query_one("#help", Pane)
        pane.show(lambda width: tuple(line for _, line in self._entries))
        pane.move_to(self._nearest(0, 1))

    def _to_first_key(self) -> None:
        self.query_one("#help", Pane).move_to(self._nearest(0, 1))

    def _nearest(self, index: int, step: int) -> int:
        """The first line from here on that is about a key."""
        while 0 <= index < len(self._entries) and self._entries[index][0] is None:
            index += step
        return index

    def action_move(self, lines: int) -> None:
        """Go to the next key, or to the one before."""
        pane = self.query_one("#help", Pane)
        wanted = self._nearest(pane.cursor + lines, 1 if lines > 0 else -1)
        if 0 <= wanted < len(self._entries):
            pane.move_to(wanted)

    def action_page(self, pages: int) -> None:
        """Go by pages."""
        pane = self.query_one("#help", Pane)
        wanted = max(0, min(len(self._entries) - 1, pane.cursor + pages * pane.page))
        near = self._nearest(wanted, 1 if pages < 0 else -1)
        pane.move_to(near if 0 <= near < len(self._entries) else pane.cursor)

    @on(Input.Submitted, "#search")
    @on(Pane.Opened)
    def action_run(self) -> None:
        """Press the chosen key on the screen below."""
        cursor = self.query_one("#help", Pane).cursor
        key = self._entries[cursor][0] if cursor < len(self._entries) else None
        if key is None or not self.fits:
            return
        if key.where in CAN_BE_PRESSED:
            self.leave_with(key.action)
        else:
            self.leave_with("")
            place = next(title for where, title in PLACES if where == key.where)
            self.cockpit.say(f"{shown(key.keys.split(',')[0])} works elsewhere: {place[0].lower()}{place[1:]}.")

    def action_leave(self) -> None:
        """Close."""
        self.leave_with("")


def help_entries(keys: Iterable[Key], words: str = "") -> tuple[Entry, ...]:
    """The table by place, with the keys that hold every word; then, without a word, what the marks mean."""
    table = tuple(key for key in keys if _fits(key, words))
    entries: list[Entry] = []
    for place, title in PLACES:
        found = [key for key in table if key.where == place]
        if found:
            entries += [(None, ((title, "strong"),)), *((key, _key(key)) for key in found)]
            if place == "card" and not words.strip():
                entries.append((None, (("  ", ""), (fit("code enter", 14), "accent"), ("? ", "warn"), (_CODE, ""))))
            entries.append((None, ()))
    if words.strip():
        return tuple(entries) or ((None, (("No key does that; the palette (:) finds goals too.", "dim"),)),)
    marks: list[Line] = [(("  ", ""), (f"{mark} ", MARK_TONES[mark]), (word, "")) for mark, word in WORDS.items()]
    marks.append((("  ≈ estimated   ? no price known   claimed is not proven   + marked", "dim"),))
    return (*entries, (None, (("Marks", "strong"),)), *((None, line) for line in marks))


def help_lines(keys: Iterable[Key]) -> tuple[Line, ...]:
    """All of it as lines."""
    return tuple(line for _, line in help_entries(keys))


_CODE = "Type the first four characters of the digest, then Enter: approve."


def _fits(key: Key, words: str) -> bool:
    text = f"{_names(key)} {key.label} {key.says} {key.id}".casefold()
    return all(word in text for word in words.casefold().split())


def _names(key: Key) -> str:
    return " ".join(shown(part) for part in key.keys.split(","))


def _key(key: Key) -> Line:
    return (("  ", ""), (fit(_names(key), 14), "accent"), ("? " if key.asks_first else "  ", "warn"), (key.says, ""))
