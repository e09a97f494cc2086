"""The line of the review card where the code is typed, or where it says why it cannot be."""

from cockpit.guarding import CODE_LENGTH, Guard
from widgets.lines import Line
from widgets.plain import visible


def code_line(guard: Guard) -> Line:
    """The code field, or why it is shut."""
    if guard.closed_by:
        return (("closed  ", "bad"), ("nothing can be decided on this card", "dim"))
    if guard.is_deciding:
        return (("sending the decision…", "dim"),)
    if not guard.sufficient:
        return (("code shut  ", "bad"), ("the evidence is not sufficient; n rejects", "dim"))
    if guard.unseen:
        left = ", ".join(visible(id_, 16) for id_ in sorted(guard.unseen))
        return (("code shut  ", "warn"), (f"not on screen yet: {left}   j or space scrolls", "dim"))
    more = "…" if len(guard.typed) > CODE_LENGTH else ""
    boxes = guard.typed[:CODE_LENGTH].ljust(CODE_LENGTH, "_") + more
    return (("approve  ", "good"), ("type ", "dim"), (guard.digest[:CODE_LENGTH], "warn"), (" then Enter  ", "dim"),
            (" ".join(boxes), "strong"))  # fmt: skip
