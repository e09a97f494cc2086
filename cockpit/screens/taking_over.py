"""Taking over the worktree of a goal: agents have no terminal of their own, so what opens is a shell beside them."""

import asyncio
from pathlib import Path

from textual import work

from cockpit.screens.asking import Asking
from factory.errors import SourceError
from factory.model.view import RunRow, RunView

_STAYS = "What you change there stays there: the next attempt starts from what the agent left. i instructs it."


class TakingOver(Asking):
    """A screen from which a person can go into the worktree."""

    @work(group="verb")
    async def action_take_over(self) -> None:
        """Ask, pause the goal if it works, then open its newest worktree in a window of tmux."""
        row = self.alive("take_over")
        if row is None:
            return
        folder = await asyncio.to_thread(_existing, self._worktree())
        if folder is None:
            self.cockpit.say(f"Nothing to take over: {row.id[-4:]} has no worktree on this machine.", "warn")
        elif await self._may_go_in(row):
            await self._go_in(folder, row)

    async def _may_go_in(self, row: RunRow) -> bool:
        works = row.state in {"running", "blocked"}
        before = "Its agents are interrupted and their work is kept. " if works else ""
        verb = "Pause, go in" if works else "Go in"
        if not await self.confirmed(f"Take over the worktree of “{row.goal}”?", before + _STAYS, verb):
            return False
        return not works or await self.perform("pause", self.cockpit.operations.pause, row.id) is not None

    async def _go_in(self, folder: Path, row: RunRow) -> None:
        terminal = self.cockpit.surroundings.terminal
        if terminal is None or not terminal.is_inside:
            self.app.copy_to_clipboard(f"cd {folder}")
            self.cockpit.say(f"Not inside tmux, so by hand (copied): cd {folder}", "warn")
            return
        try:
            await asyncio.to_thread(terminal.open_window, folder, f"goal-{row.id[-4:]}")
        except SourceError as error:
            self.cockpit.report(error)
        else:
            self.cockpit.say(f"The worktree of {row.id[-4:]} is in a tmux window of its own; p lets the goal go on.")

    def _worktree(self) -> Path | None:
        view, root = self.cockpit.store.snapshot.selected_view, self.cockpit.surroundings.worktrees
        name = newest_work(view) if view else ""
        return root / view.run.id / name if view and root and name else None


def newest_work(view: RunView) -> str:
    """The name of the newest coder's worktree; empty before there is one."""
    from factory.rules.result import work_name  # with the model of a result, which no first picture needs

    attempt = next((one for one in reversed(view.attempts) if one.role == "coder"), None)
    return work_name(attempt, "build") if attempt else ""


def _existing(folder: Path | None) -> Path | None:
    return folder if folder and folder.is_dir() else None
