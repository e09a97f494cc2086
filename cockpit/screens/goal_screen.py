"""What can be done with the selected goal, on the main screen and on its pages alike: key, question, operation."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual import work

from cockpit.dead_keys import why_not
from cockpit.keymap import bindings
from cockpit.screens.ask import Answers, Ask
from cockpit.screens.base import CockpitScreen
from cockpit.screens.confirm import Confirm
from cockpit.screens.help import Help
from cockpit.screens.launch import LaunchForm
from cockpit.screens.review import Review
from factory.errors import SourceError, Usage
from factory.model.view import RunRow
from factory.rules.money import parse_usd
from widgets.amounts import cap, money
from widgets.line_list import LineList
from widgets.pane import Pane


class GoalScreen(CockpitScreen[None]):
    """A screen with a selected goal. Questions come first; what is shown afterwards is the ledger's answer."""

    BINDINGS = bindings("anywhere", "goals")

    @property
    def row(self) -> RunRow | None:
        """The selected goal."""
        snapshot = self.cockpit.store.snapshot
        return snapshot.row(snapshot.wanted)

    @property
    def focused_list(self) -> LineList:
        """Where the movement keys go."""
        raise NotImplementedError

    def alive(self, action: str) -> RunRow | None:
        """The selected goal if the key does something for it; else None, and the message line says why."""
        row = self.row
        reason = why_not(action, row)
        if reason:
            self.cockpit.say(reason, "warn")
        return None if reason else row

    async def action_launch(self) -> None:
        """Open the launch form."""
        await self.app.push_screen(LaunchForm())

    async def action_review(self) -> None:
        """Open the review card."""
        if row := self.alive("review"):
            await self.app.push_screen(Review(row.id, row.goal))

    @work(group="verb")
    async def action_verify(self) -> None:
        """Ask, then send the result to the verifier."""
        if row := self.alive("verify"):
            detail = f"Round {row.round + 1}. It spends from the peer's cap."
            await self._ask_and_do(f"Send “{row.goal}” to the verifier?", detail, "Send", "verify", row)

    @work(group="verb")
    async def action_retry(self) -> None:
        """Ask, then try the stalled or blocked step again."""
        if row := self.alive("retry"):
            detail = f"Its work is kept. Spent so far: {_spent(row)}."
            await self._ask_and_do(f"Retry {row.step_kind} of “{row.goal}”?", detail, "Retry", "retry", row)

    @work(group="verb")
    async def action_stop(self) -> None:
        """Ask, then cancel the goal; that is final."""
        if row := self.alive("stop"):
            detail = f"All of its agents end, and that is final. Spent so far: {_spent(row)}."
            await self._ask_and_do(f"Stop “{row.goal}”?", detail, "Stop it", "cancel", row)

    @work(group="verb")
    async def action_pause(self) -> None:
        """Ask, then pause the goal, or let a paused one go on."""
        row = self.alive("pause")
        if row and row.state == "paused":
            detail = f"Its agents start again. Spent so far: {_spent(row)}."
            await self._ask_and_do(f"Resume “{row.goal}”?", detail, "Resume", "resume", row)
        elif row:
            detail = "Agents are interrupted and their work is kept."
            await self._ask_and_do(f"Pause “{row.goal}”?", detail, "Pause", "pause", row)

    @work(group="verb")
    async def action_instruct(self) -> None:
        """Write to the coder."""
        if row := self.alive("instruct"):
            answers = await self._answers(f"Instruct the coder of {row.id[-4:]}", ("What should it know?",), _some_text)
            if answers:
                await self.perform("instruct", self.cockpit.operations.instruct, row.id, *answers)

    @work(group="verb")
    async def action_cap(self) -> None:
        """Set another cap."""
        if row := self.alive("cap"):
            title = f"Cap of {row.id[-4:]}, now {cap(row.cap_micros)}"
            answers = await self._answers(title, ("New cap in US dollars", "Reason"), _amount_and_reason)
            if answers:
                await self.perform("cap", self.cockpit.operations.cap, row.id, parse_usd(answers[0]), answers[1])

    def action_copy(self) -> None:
        """Copy the id of the goal."""
        if row := self.alive("copy"):
            self.app.copy_to_clipboard(row.id)
            self.cockpit.say(f"Copied {row.id}")

    async def action_help(self) -> None:
        """Show the keys."""
        await self.app.push_screen(Help())

    def action_palette(self) -> None:
        """Find an action or a goal by name."""
        self.app.action_command_palette()

    def action_move(self, lines: int) -> None:
        """Move by lines."""
        self.focused_list.move(lines)

    def action_page(self, pages: int) -> None:
        """Move by pages."""
        self.focused_list.move(pages * self.focused_list.page)

    def action_first(self) -> None:
        """Go to the first line."""
        self.focused_list.move_to(0)

    def action_last(self) -> None:
        """Go to the last line."""
        self.focused_list.move_to(len(self.focused_list.keys) - 1)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self.focus_next(Pane)

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self.focus_previous(Pane)

    async def perform(self, name: str, call: Callable[..., Any], *arguments: Any) -> Any:
        """Call an operation in a thread and say what became of it; None when it was refused."""
        try:
            result = await asyncio.to_thread(call, *arguments)
        except SourceError as error:
            self.cockpit.report(error)
            return None
        self.cockpit.say(f"{name}: {result.run[-4:]} is {result.state.replace('_', ' ')} now", "good")
        self.cockpit.look_now()
        return result

    async def _ask_and_do(self, question: str, detail: str, verb: str, name: str, row: RunRow) -> None:
        if await self.app.push_screen_wait(Confirm(question, detail, verb)):
            await self.perform(name, getattr(self.cockpit.operations, name), row.id)

    async def _answers(self, title: str, labels: tuple[str, ...], check: Callable[[Answers], object]) -> Answers | None:
        return await self.app.push_screen_wait(Ask(title, labels, check))


def _spent(row: RunRow) -> str:
    return money(row.spent_micros, "unpriced" if row.unpriced else "reported")


def _some_text(answers: Answers) -> None:
    if not answers[0]:
        raise Usage("There is nothing to say yet.", "Write a sentence, or leave with esc.")


def _amount_and_reason(answers: Answers) -> None:
    parse_usd(answers[0])
    if not answers[1]:
        raise Usage("A cap needs a reason; it is audited.", "Write one in the second line.")
