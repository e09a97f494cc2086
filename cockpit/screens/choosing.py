"""What the operator chooses for this screen alone: marks, mutes, order, streams, mouse, clipboard. Costs nothing."""

from dataclasses import replace

from textual import work

from cockpit.ordering import CHOICES, By, Order
from cockpit.screens import opening
from cockpit.screens.moving import Moving
from widgets.amounts import fine_age


class Choosing(Moving):
    """Choices are replaced as a whole and can be undone."""

    def action_mark(self) -> None:
        """Mark the goal for a batch card, or take the mark away."""
        if row := self.row:
            choices = self.cockpit.choices.marking(row.id)
            word = "mark" if row.id in choices.marked else "unmark"
            self.cockpit.choose(f"{word} {row.id[-4:]}", marked=choices.marked)
            marked = len(choices.marked)
            self.cockpit.say(
                f"{marked} marked: v verify, r retry, p pause, X stop open a card of all." if marked else ""
            )
        else:
            self.cockpit.say("No goal is selected to be marked.", "warn")

    def action_mute(self) -> None:
        """Mute the goal, or let it speak again."""
        if row := self.row:
            choices = self.cockpit.choices.muting(row.id)
            word = "mute" if row.id in choices.muted else "unmute"
            self.cockpit.choose(f"{word} {row.id[-4:]}", muted=choices.muted)
            says = "is muted: dim, no notification, w passes it by" if word == "mute" else "is heard again"
            self.cockpit.say(f"{row.id[-4:]} {says}.")
        else:
            self.cockpit.say("No goal is selected to be muted.", "warn")

    @work(group="menu")
    async def action_sort(self) -> None:
        """Choose the order of the goals."""
        now = self.cockpit.choices.order
        choices = tuple((by, by, says) for by, says in CHOICES.items())
        chosen = await self.app.push_screen_wait(opening.menu("Sort goals by", choices, now.by))
        self.action_sort_by(chosen)

    def action_sort_by(self, name: str) -> None:
        """Sort by the order of that name."""
        orders: dict[str, By] = {by: by for by in CHOICES}
        if name in orders:
            self._sort(Order(orders[name]))

    def action_reverse(self) -> None:
        """Turn the order of the goals around."""
        order = self.cockpit.choices.order
        self._sort(replace(order, is_reversed=not order.is_reversed))

    def _sort(self, order: Order) -> None:
        self.cockpit.choose(f"sort {order.name or 'newest'}", order=order)
        self.cockpit.say(f"Sorted {order.name or 'by newest'}; goals keep their places until you sort again.")

    def action_follow(self) -> None:
        """Freeze what streams, or follow it again."""
        is_frozen = not self.cockpit.choices.is_frozen
        self.cockpit.choose("", is_frozen=is_frozen)
        self.cockpit.say("Streams are frozen; f follows again." if is_frozen else "Streams are followed.")

    def action_copy(self) -> None:
        """Copy what is selected with the mouse, else the id of the goal."""
        row = self.row
        text = self.get_selected_text() or (row.id if row else "")
        self._copy(text)

    def action_copy_command(self) -> None:
        """Copy the command that shows the goal."""
        row = self.row
        self._copy(f"cockpit status {row.id}" if row else "")

    def _copy(self, text: str) -> None:
        if not text:
            self.cockpit.say("Nothing is selected to be copied.", "warn")
            return
        self.app.copy_to_clipboard(text)
        self.cockpit.say(f"Copied {text}" if "\n" not in text else f"Copied {len(text):,} characters")

    def action_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back."""
        self.cockpit.turn_mouse()

    def action_record(self) -> None:
        """Begin a recording of the screen, or end it."""
        self.cockpit.turn_recording()

    def action_refresh(self) -> None:
        """Read everything again and say how old each source is."""
        self.cockpit.ledger_feed.again()
        ages = self.cockpit.ages().items()
        said = [f"{name} {one.state}" + (f" {fine_age(one.age_s)}" if one.age_s else "") for name, one in ages]
        self.cockpit.say(f"Reading again. Until now: {' · '.join(said) or 'nothing was read yet'}")
