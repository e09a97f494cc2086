"""What stops or endangers a run, the worst first."""

from collections.abc import Iterator

from factory.model.blocker import Blocker
from factory.model.view import RunView
from widgets.amounts import age_at
from widgets.lines import Line, Tone, spread, wrap
from widgets.pane import Pane
from widgets.plain import visible

_ORDER = ("block", "warn", "info")
_TONES: dict[str, Tone] = {"block": "bad", "warn": "warn"}


def blocker_lines(view: RunView, width: int) -> tuple[Line, ...]:
    """Each open blocker: severity, code and age, then its sentence and what waits for other systems."""
    lines: list[Line] = []
    for blocker in sorted(view.open_blockers, key=lambda one: _ORDER.index(one.severity)):
        lines.extend(_blocker(blocker, view.as_of, width))
    lines = lines or [(("none", "dim"),)]
    lines.extend(_waiting(view))
    return tuple(lines)


def _blocker(blocker: Blocker, now: str, width: int) -> Iterator[Line]:
    tone = _TONES.get(blocker.severity, "dim")
    head: Line = (("! ", tone), (visible(blocker.code, 40), tone), (f"  {blocker.severity}", "dim"))
    yield spread(head, ((age_at(blocker.opened_at, now), "dim"),), width)
    for part in wrap(visible(blocker.message, 400), width - 2, 4):
        yield (("  ", ""), (part, ""))


def _waiting(view: RunView) -> Iterator[Line]:
    for item in view.outbox:
        if item.state not in {"delivered", "accepted"}:
            why = f": {visible(item.last_error, 80)}" if item.last_error else ""
            tries = f", {item.tries} tries" if item.tries else ""
            tone: Tone = "bad" if item.state == "dead" else "dim"
            yield (("○ ", tone), (f"{item.target} {item.op} {item.state}{tries}{why}", tone))


class BlockersPane(Pane):
    """Draws the blockers."""

    TITLE = "Blockers"

    def show_run(self, view: RunView | None) -> None:
        """Draw the blockers of another run, or of the same one as it is now."""
        self.show(lambda width: blocker_lines(view, width) if view else ())
