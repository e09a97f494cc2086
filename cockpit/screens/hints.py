"""Which keys the footer shows for the selected goal: those that do something now, the next action's first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from cockpit.dead_keys import CHANGING, why_not
from cockpit.keymap import Key, shown
from widgets.footer import Hint

if TYPE_CHECKING:
    from cockpit.choices import Deed
    from factory.model.status import Status
    from factory.model.view import RunRow

_NO_LABELS: Mapping[str, str] = MappingProxyType({})


def hints_for(
    keys: Sequence[Key],
    row: RunRow | None,
    status: Status | None,
    labels: Mapping[str, str] = _NO_LABELS,
    in_replay: bool = False,
) -> tuple[list[Hint], list[Hint]]:
    """The hints in the order of the key table, and those that always stay at the right end.

    Args:
        labels: Other labels by action, empty to leave it out; `undo` is shown only with one: it names what it undoes.
        in_replay: The keys of a replay come first, and what changes something is left out.
    """
    places = {"anywhere", "goals", "replay"} if in_replay else {"anywhere", "goals"}
    next_key = status.next_action.key if status else ""
    if row is not None and row.state == "paused":
        labels = {"pause": "resume", **labels}
    if in_replay:
        labels = {"leave": "leave", **labels}
    hints: list[Hint] = []
    last: list[Hint] = []
    for key in sorted((key for key in keys if key.footer and key.where in places), key=_place):
        label = labels.get(key.action, "" if key.action == "undo" else key.label)
        hint = Hint(shown(key.keys.split(",")[0]), label, key.is_verb and key.default == next_key)
        if key.footer < 0:
            last.append(hint)
        elif in_replay and key.action.partition("(")[0] in CHANGING:
            continue
        elif label and (hint.is_next or not (key.is_verb and why_not(key.action, row))):
            hints.append(hint)
    return hints, last


def undo_label(deeds: Sequence[Deed]) -> str:
    """What `u` would undo; empty when there is nothing that can be."""
    return f"undo {deeds[-1].label}" if deeds and deeds[-1].undo else ""


def _place(key: Key) -> tuple[bool, int]:
    return key.where != "replay", key.footer
