"""The fields of the launch form, each with the sentence that says what is wrong with it."""

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, TextArea

from cockpit.draft import Draft, with_criterion
from cockpit.screens.fields import line_field, text_field
from cockpit.screens.folder_field import FolderField, Places
from factory.model.run import Criterion
from factory.rules.visible import visible as spelled_out
from widgets.bar import Bar
from widgets.lines import Line, shorten
from widgets.plain import visible

AREAS = (("goal", "Goal"), ("accept", "Acceptance  ID: text :: command"))
FIELDS = (
    ("repo", "folder of a git repository", ()),
    ("domain", "by the words of the goal", ("backend", "frontend", "product", "infra")),
    ("priority", "H, M or L", ("H", "M", "L")),
    ("coder", "configured default", ()),
    ("verifier", "configured default", ()),
    ("budget", "US dollars; configured default", ()),
)
NAMES = tuple(name for name, *_ in (*AREAS, *FIELDS))


class LaunchFields(Vertical):
    """Text in, `Draft` out; knows nothing of what it means.

    Args:
        draft: What stands in the fields at first.
    """

    DEFAULT_CSS = """
    LaunchFields {
        & TextArea {
            border: round $border; height: 1fr; min-height: 3; padding: 0 1; background: $background;
            border-title-color: $title; border-title-style: bold;
            max-height: 16;
            &:focus { border: round $border-focus; }
            & .text-area--cursor-line { background: $background; }
        }
        & .field { height: 1; padding: 0 2; }
        & .field Label { width: 10; color: $dim; }
        & .field Input { width: 1fr; background: $background; &:focus { background: $cursor-blurred; } }
        & .problem { display: none; padding: 0 2; &.-shown { display: block; } }
    }
    """

    def __init__(self, draft: Draft, id: str) -> None:
        super().__init__(id=id)
        self._first = draft
        self._rest = draft.rest

    def compose(self) -> ComposeResult:
        for name, title in AREAS:
            yield text_field(name, _text(self._first, name), title)
            yield Bar(id=f"problem-{name}", classes="problem")
        for name, hint, words in FIELDS:
            text = _text(self._first, name)
            with Horizontal(classes="field"):
                yield Label(name, markup=False)
                yield FolderField(text, hint, name) if name == "repo" else line_field(name, text, hint, words)
            if name == "repo":
                yield Places()
            yield Bar(id=f"problem-{name}", classes="problem")

    @property
    def draft(self) -> Draft:
        """What stands in the fields now."""
        areas = {name: self.query_one(f"#{name}", TextArea).text for name, _ in AREAS}
        lines = {name: self.query_one(f"#{name}", Input).value for name, *_ in FIELDS}
        return Draft(**areas, **lines, rest=self._rest)

    def fill(self, draft: Draft) -> None:
        """Put another draft into the fields."""
        self._rest = draft.rest
        for name, _ in AREAS:
            self.query_one(f"#{name}", TextArea).text = _text(draft, name)
        for name, *_ in FIELDS:
            self.query_one(f"#{name}", Input).value = _text(draft, name)

    def know(self, repositories: tuple[str, ...]) -> None:
        """Offer these repositories first."""
        self.query_one(FolderField).known = repositories

    def add_criterion(self, detected: tuple[Criterion, ...]) -> None:
        """Add a line to the acceptance and put the cursor where its text goes."""
        area = self.query_one("#accept", TextArea)
        area.text, line, column = with_criterion(area.text, detected)
        area.focus()
        area.move_cursor((line, column))

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        """Draw the sentence of each field below it, and none where nothing is wrong."""
        for name in NAMES:
            bar = self.query_one(f"#problem-{name}", Bar)
            sentence = sentences.get(name, "")
            bar.set_class(bool(sentence), "-shown")
            if sentence:
                bar.show(lambda width, sentence=sentence: (_problem(sentence, width),))  # type: ignore[misc]

    @on(FolderField.Found)
    def show_places(self, found: FolderField.Found) -> None:
        """Draw the folders that could be meant."""
        self.query_one(Places).show_places(found.places, found.cursor)


def _text(draft: Draft, name: str) -> str:
    """What goes into a field: what it holds is drawn as it is, and a goal may be of anybody."""
    return spelled_out(getattr(draft, name))


def _problem(sentence: str, width: int) -> Line:
    return (("✕ ", "bad"), (shorten(visible(sentence, 300), width - 2), ""))
