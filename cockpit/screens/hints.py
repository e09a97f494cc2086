"""Which keys the footer shows for the selected goal: those that do something now, the next action's first."""

from collections.abc import Sequence

from cockpit.dead_keys import why_not
from cockpit.keymap import Key, shown
from factory.model.status import Status
from factory.model.view import RunRow
from widgets.footer import Hint


def hints_for(keys: Sequence[Key], row: RunRow | None, status: Status | None) -> tuple[list[Hint], list[Hint]]:
    """The hints in the order of the key table, and those that always stay at the right end."""
    next_key = status.next_action.key if status else ""
    hints: list[Hint] = []
    last: list[Hint] = []
    for key in sorted((key for key in keys if key.footer and key.where in {"anywhere", "goals"}), key=_place):
        hint = Hint(shown(key.keys.split(",")[0]), key.label, key.is_verb and key.default == next_key)
        if key.footer < 0:
            last.append(hint)
        elif not (key.is_verb and why_not(key.action, row)):
            hints.append(hint)
    return hints, last


def _place(key: Key) -> int:
    return key.footer
