"""Taking over from a coder: its own session on its own screen, or a shell in its worktree where it has none."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from cockpit.screens.asking import Asking
from factory.errors import Refused, SourceError

if TYPE_CHECKING:
    from factory.model.view import RunRow, RunView
    from factory.ports.agents import WayIn

_STAYS = (
    "What changes there is kept as your work, apart from the agent's, when the same session goes on. i instructs it."
)
_LOOK_S = 0.3
"""Between two looks whether an agent that was interrupted has ended."""
_ENDS_S = 40.0
"""Longer than it takes to end one by every means there is."""


class TakingOver(Asking):
    """A screen from which a person can go on where the coder stopped."""

    @work(group="verb")
    async def action_take_over(self) -> None:
        """Ask, pause the goal if it works, then open the session of its newest coder in a window of tmux."""
        row = self.alive("take_over")
        if row is None:
            return
        folder = await asyncio.to_thread(_existing, self._worktree())
        if folder is None:
            self.cockpit.say(f"Nothing to take over: {row.id[-4:]} has no worktree on this machine.", "warn")
        elif await self._may_go_in(row) and (way := await self._way_in(row)):
            await self._go_in(way, row)

    async def _may_go_in(self, row: RunRow) -> bool:
        works = row.state in {"running", "blocked"}
        before = "Its agents are interrupted and their work is kept. " if works else ""
        verb = "Pause, go in" if works else "Go in"
        if not await self.confirmed(f"Take over from the coder of “{row.goal}”?", before + _STAYS, verb):
            return False
        return not works or await self.perform("pause", self.cockpit.operations.pause, row.id) is not None

    async def _way_in(self, row: RunRow) -> WayIn | None:
        """The way in, as soon as nobody drives the agent any more; None when there is none, which is said."""
        deadline = asyncio.get_running_loop().time() + _ENDS_S
        while True:
            try:
                return await asyncio.to_thread(self.cockpit.operations.take_over, row.id)
            except Refused as error:
                if not self._ends(error) or asyncio.get_running_loop().time() > deadline:
                    self.cockpit.report(error)
                    return None
            except SourceError as error:
                self.cockpit.report(error)
                return None
            self.cockpit.say(f"The agent of {row.id[-4:]} is being interrupted; then its session opens.")
            await asyncio.sleep(_LOOK_S)

    def _ends(self, error: Refused) -> bool:
        """Whether it is refused only until an agent has ended that was interrupted."""
        from factory.rules.position import running_attempt  # with the models of all states

        view = self.cockpit.store.snapshot.selected_view
        return error.code == "not_ready" and view is not None and running_attempt(view) is not None

    async def _go_in(self, way: WayIn, row: RunRow) -> None:
        terminal = self.cockpit.surroundings.terminal
        if terminal is None or not terminal.is_inside:
            typed = way.typed or f"cd {way.worktree}"
            self.app.copy_to_clipboard(typed)
            self.cockpit.say(f"{way.why} Not inside tmux, so by hand (copied): {typed}".strip(), "warn")
            return
        name = f"goal-{row.id[-4:]}"
        try:
            if way.argv:
                await asyncio.to_thread(terminal.open_session, way, name)
            else:
                await asyncio.to_thread(terminal.open_window, way.worktree, name)
        except SourceError as error:
            self.cockpit.report(error)
        else:
            name = row.id[-4:]
            session = f"The session of {name} is in a tmux window: leave it, then p goes on."
            shell = f"No session of {name} goes on: a tmux window has its worktree; leave it, then p."
            self.cockpit.say(session if way.argv else shell)

    def _worktree(self) -> Path | None:
        view, root = self.cockpit.store.snapshot.selected_view, self.cockpit.surroundings.worktrees
        name = newest_work(view) if view else ""
        return root / view.run.id / name if view and root and name else None


def newest_work(view: RunView) -> str:
    """The name of the newest coder's worktree, which all attempts of a session share; empty before there is one."""
    from factory.rules.going_on import first_of
    from factory.rules.result import work_name  # with the model of a result, which no first picture needs

    attempt = next((one for one in reversed(view.attempts) if one.role == "coder"), None)
    return work_name(first_of(attempt, view.attempts), "build") if attempt else ""


def _existing(folder: Path | None) -> Path | None:
    return folder if folder and folder.is_dir() else None
