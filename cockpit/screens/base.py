"""What every screen of the cockpit shares: the smallest size, and the way to the app."""

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.events import Resize
from textual.geometry import Size
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from cockpit.screens.layouts import MIN_HEIGHT, MIN_WIDTH, too_small
from widgets.message_line import MessageLine
from widgets.narrow import NarrowCompositor
from widgets.sheltered import Sheltered

if TYPE_CHECKING:
    from cockpit.app import CockpitApp

Result = TypeVar("Result")

WIDTHS = [(0, "-tiny"), (MIN_WIDTH, "-narrow"), (120, "-medium"), (180, "-wide")]
HEIGHTS = [(0, "-short"), (MIN_HEIGHT, "-low"), (36, "-tall")]


class TooSmall(Static):
    """The one line that is left when the terminal is too small."""

    DEFAULT_CSS = "TooSmall { display: none; width: 100%; height: 100%; color: $warning; background: $background; }"

    def __init__(self) -> None:
        super().__init__("", markup=False)


class CockpitScreen(Sheltered, Screen[Result]):
    """A screen that fits, or says what it needs."""

    turns_with: ClassVar[frozenset[str]] = frozenset()
    """Ids of keys that open something elsewhere and here only show another part, which takes the same keys."""
    takes_early_keys = True
    """Whether keys that were typed before this was on screen are for it; never where they would decide something."""
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Where keys go. The two widgets that this changes draw themselves; Textual would draw the whole screen."""
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    DEFAULT_CSS = """
    CockpitScreen {
        background: $background;
        &.-tiny > *, &.-short > * { display: none; }
        &.-tiny > TooSmall, &.-short > TooSmall { display: block; }
    }
    """

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._compositor = NarrowCompositor()

    @property
    def cockpit(self) -> "CockpitApp":
        """The app, by its own type."""
        return cast("CockpitApp", self.app)

    @property
    def fits(self) -> bool:
        """Whether the terminal is large enough to show anything."""
        return self.app.size.width >= MIN_WIDTH and self.app.size.height >= MIN_HEIGHT

    def tiers(self, size: Size) -> set[str]:
        """Classes that a screen of this size has, for its width and for its height."""
        return self._get_breakpoint_classes(size.width, WIDTHS) | self._get_breakpoint_classes(size.height, HEIGHTS)

    def leave_with(self, result: Result) -> None:
        """Close, and hand the result to whoever opened this."""
        _closing = self.dismiss(result)  # not awaited: Textual forbids it inside the screen's own handlers

    def on_resize(self, event: Resize) -> None:
        for notice in self.query(TooSmall):
            notice.update(too_small(*event.size))


class CockpitModal(CockpitScreen[Result], ModalScreen[Result]):
    """A screen above another one: keys do not reach what is below. It says what a screen below it may not show:
    that this is recorded, or which moment of a replay it is.
    """

    DEFAULT_CSS = """
    CockpitModal {
        background: $background 70%;
        & > #told { dock: top; background: $background; }
    }
    """

    def on_mount(self) -> None:
        if self.cockpit.recording is not None or self.cockpit.strip is not None:
            _mounting = self.mount(MessageLine(id="told"))  # not awaited: nobody waits for it
            self.watch(self.app, "strip", self._tell)

    def _tell(self) -> None:
        for line in self.query("#told").results(MessageLine):
            line.show_message("", "", {}, is_recorded=self.cockpit.recording is not None, strip=self.cockpit.strip)
