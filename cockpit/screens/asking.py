"""From a key to an operation: is it alive, is it wanted, what came of it, and how is it undone."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cockpit.choices import Deed
from cockpit.dead_keys import why_not
from cockpit.screens import opening
from cockpit.screens.moving import Moving
from factory.errors import SourceError
from factory.model.view import RunRow
from widgets.amounts import money

if TYPE_CHECKING:
    from cockpit.screens.ask import Answers


SLOW_S = 1.0
"""What takes longer is said to be on its way: somebody may hold the ledger for half a minute."""


class Asking(Moving):
    """Questions come first; what is said afterwards is the ledger's answer."""

    def alive(self, action: str) -> RunRow | None:
        """The selected goal if the key does something for it; else None, and the message line says why."""
        row = self.row
        reason = why_not(action, row)
        if reason:
            self.cockpit.say(reason, "warn")
        return None if reason else row

    async def perform(self, name: str, call: Callable[..., Any], *arguments: Any, deed: Deed | None = None) -> Any:
        """Call an operation in a thread, say what became of it and note the deed; None when it was refused."""
        slow = self.set_timer(SLOW_S, lambda: self.cockpit.say(f"{name}: not answered yet; it goes on by itself."))
        try:
            result = await asyncio.to_thread(call, *arguments)
        except SourceError as error:
            self.cockpit.report(error)
            return None
        finally:
            slow.stop()
        self.cockpit.say(outcome(name, result), "good")
        if deed:
            self.cockpit.did(deed)
        self.cockpit.look_now()
        return result

    async def confirmed(self, question: str, detail: str, verb: str) -> bool:
        """Whether the operator says yes; the default is no."""
        agreed: bool = await self.app.push_screen_wait(opening.confirm(question, detail, verb))
        return agreed

    async def answers(
        self, title: str, labels: tuple[str, ...], check: "Callable[[Answers], object]"
    ) -> "Answers | None":
        """What the operator fills in; None when the question was left."""
        return await self.app.push_screen_wait(opening.ask(title, labels, check))

    async def resume(self, row: RunRow) -> object:
        """Ask, then let a paused goal go on; None when nothing came of it."""
        detail = f"Its agents start again. Spent so far: {spent(row)}."
        if await self.confirmed(f"Resume “{row.goal}”?", detail, "Resume"):
            deed = Deed(f"resume of {row.id[-4:]}", lambda screen: screen.pause(row))
            return await self.perform("resume", self.cockpit.operations.resume, row.id, deed=deed)
        return None

    async def pause(self, row: RunRow) -> object:
        """Ask, then pause a goal; None when nothing came of it."""
        if await self.confirmed(f"Pause “{row.goal}”?", "Agents are interrupted and their work is kept.", "Pause"):
            deed = Deed(f"pause of {row.id[-4:]}", lambda screen: screen.resume(row))
            return await self.perform("pause", self.cockpit.operations.pause, row.id, deed=deed)
        return None


def outcome(name: str, result: Any) -> str:
    """What became of it, in a sentence."""
    state = getattr(result, "state", "")
    return f"{name}: {result.run[-4:]} is {state.replace('_', ' ')} now" if state else f"{name}: {result.run[-4:]} done"


def spent(row: RunRow) -> str:
    """What a goal has cost so far."""
    return money(row.spent_micros, "unpriced" if row.unpriced else "reported")
