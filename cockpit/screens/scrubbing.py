"""Moving through a recorded run: what the keys of a replay do, and why they do nothing in a live cockpit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.screens.moving import Moving
from widgets.amounts import time_of_day

if TYPE_CHECKING:
    from cockpit.player import Player

NO_REPLAY = "There is nothing to move through: this is the cockpit as it is now. cockpit replay RUN opens the past."


class Scrubbing(Moving):
    """A screen of a replay; the page or pane that is open follows."""

    @property
    def compares(self) -> bool:
        """Whether two moments are compared here."""
        return False

    async def action_page_of(self, part: str) -> None:
        """Open one part of the goal."""
        raise NotImplementedError

    def action_replay_step(self, steps: int) -> None:
        """Go so many events on (1) or back (-1)."""
        if player := self._player():
            self._show(player.step(steps), "last event of the run" if steps > 0 else "first event of the run")

    def action_replay_jump(self, way: int) -> None:
        """Go to the next change of state (1), or to the one before (-1)."""
        if player := self._player():
            self._show(player.jump(way), "last change of state" if way > 0 else "first change of state")

    def action_replay_end(self, way: int) -> None:
        """Go to the last event (1) or to the first (-1)."""
        if player := self._player():
            self._show(player.go_to_end(way), "last event of the run" if way > 0 else "first event of the run")

    def action_replay_play(self) -> None:
        """Let time go on, or stop it."""
        if player := self._player():
            if player.is_playing:
                player.pause()
            else:
                player.play()
            self.cockpit.say("")
            self.cockpit.moved()

    def action_replay_speed(self, way: int) -> None:
        """Twice as fast (1) or half as fast (-1)."""
        if player := self._player():
            player.change_speed(way)
            self.cockpit.say("" if player.is_playing else f"It plays {player.speed:g} times as fast as it was.")
            self.cockpit.moved()

    async def action_replay_compare(self) -> None:
        """Mark this moment, or compare it with the marked one."""
        player = self._player()
        view = self.cockpit.store.snapshot.selected_view
        if player is None or view is None:
            return
        if player.marked and not self.compares and player.marked.number != player.number:
            await self.action_page_of("compare")
            return
        from factory.rules.differences import Still  # of a replay, with the rules of all states

        player.marked = Still(player.number, player.event.at, view)
        at = f"event {player.number}, {time_of_day(player.event.at)}"
        self.cockpit.say(f"Marked: {at}. Go to another moment; = lists what differs.", "good")
        self.cockpit.moved()
        self.freshen()

    def freshen(self) -> None:
        """Another moment is marked: draw again what is compared with it."""

    def _player(self) -> Player | None:
        player = self.cockpit.player
        if player is None:
            self.cockpit.say(NO_REPLAY, "warn")
        return player

    def _show(self, is_new: bool, end: str) -> None:
        self.cockpit.say("" if is_new else f"That was the {end}.")
        self.cockpit.moved()
