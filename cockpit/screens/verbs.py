"""What can be done with the selected goal: key, question, operation. With marks, some of it for all marked ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import work

from cockpit.choices import Deed
from cockpit.screens import opening
from cockpit.screens.asking import spent
from cockpit.screens.batches import Batches
from cockpit.screens.capped import Capped, capped
from factory.errors import Usage
from factory.rules.money import parse_usd
from widgets.amounts import cap

if TYPE_CHECKING:
    from cockpit.screens.ask import Answers
    from factory.model.view import RunRow


class Verbs(Batches):
    """Everything that spends, stops or decides asks first, default Cancel."""

    async def action_review(self) -> None:
        """Open the card of the cost review that waits, else the review card."""
        from factory.rules.position import open_review  # with the models of all states

        view = self.cockpit.store.snapshot.selected_view
        if (row := self.row) and view and open_review(view):
            await self.app.push_screen(opening.cost_review(row.id, row.goal))
        elif row := self.alive("review"):
            await self.app.push_screen(opening.review(row.id, row.goal))

    async def action_permission(self) -> None:
        """Open the card of the oldest request of the goal's agents."""
        from factory.rules.position import open_permissions

        if row := self.alive("permission"):
            view = self.cockpit.store.snapshot.selected_view
            asks = open_permissions(view) if view else ()
            if view and asks:
                await self.app.push_screen(opening.permission(view, asks[0]))
            else:
                self.cockpit.say(f"What the agent of {row.id[-4:]} asks for has not been read yet.", "warn")

    @work(group="verb")
    async def action_verify(self) -> None:
        """Ask, then send the result to the verifier."""
        if self.marked:
            await self.do_batch("verify", self.marked)
        elif row := self.alive("verify"):
            detail = f"Round {row.round + 1}. It spends from the peer's cap."
            await self._final(f"Send “{row.goal}” to the verifier?", detail, "Send", "verify", row, _ASKED)

    @work(group="verb")
    async def action_retry(self) -> None:
        """Ask, then try the stalled or blocked step again."""
        if self.marked:
            await self.do_batch("retry", self.marked)
        elif row := self.alive("retry"):
            detail = f"Its work is kept. Spent so far: {spent(row)}."
            await self._final(f"Retry {row.step_kind} of “{row.goal}”?", detail, "Retry", "retry", row, _RETRIED)

    @work(group="verb")
    async def action_stop(self) -> None:
        """Ask, then cancel the goal; that is final."""
        if self.marked:
            await self.do_batch("cancel", self.marked)
        elif row := self.alive("stop"):
            detail = f"All of its agents end, and that is final. Spent so far: {spent(row)}."
            await self._final(f"Stop “{row.goal}”?", detail, "Stop it", "cancel", row, _STOPPED)

    @work(group="verb")
    async def action_pause(self) -> None:
        """Ask, then pause the goal, or let a paused one go on."""
        if self.marked:
            everyone = all(row.state == "paused" for row in self.marked)
            await self.do_batch("resume" if everyone else "pause", self.marked)
        elif row := self.alive("pause"):
            await (self.resume(row) if row.state == "paused" else self.pause(row))

    @work(group="verb")
    async def action_instruct(self) -> None:
        """Write to the coder."""
        if row := self.alive("instruct"):
            answers = await self.answers(f"Instruct the coder of {row.id[-4:]}", ("What should it know?",), _some_text)
            if answers:
                deed = Deed(f"instruction to {row.id[-4:]}", why_not=_WRITTEN)
                left = await self.perform("instruct", self.cockpit.operations.instruct, row.id, *answers, deed=deed)
                if left:
                    self.cockpit.say(f"instruct: {left.when}", "good")

    @work(group="verb")
    async def action_cap(self, direction: int) -> None:
        """Raise (1) or lower (-1) the cap that stopped the goal, else the cap of the goal."""
        if row := self.alive("cap"):
            which = capped(row, self.cockpit.store.snapshot.selected_view)
            title = (
                f"{'Raise' if direction > 0 else 'Lower'} the {which.name} of {row.id[-4:]}, now {cap(which.micros)}"
            )
            labels = (f"New cap in US dollars; {which.spent} is spent{which.note}", "Reason")
            answers = await self.answers(title, labels, lambda given: _check_cap(given, which.micros, direction))
            if answers:
                await self.set_cap(row, which, parse_usd(answers[0]), answers[1])

    async def set_cap(self, row: RunRow, which: Capped, micros: int, reason: str) -> None:
        """Set the cap, undone by asking and setting it back; or ask for it where a cost review has to approve it."""
        from factory.operations.results import ASKED

        result = await self.perform("cap", self.cockpit.operations.cap, row.id, micros, reason, which.scope)
        if result and getattr(result, "event", "") == ASKED:
            deed = Deed(
                f"wish for {cap(micros)} of {row.id[-4:]}", why_not="a opens its cost review; n rejects it there."
            )
            self.cockpit.did(deed)
            self.cockpit.say(f"{cap(micros)} is asked for; nothing is raised yet. a opens the cost review.", "warn")
        elif result:
            self.cockpit.did(Deed(f"cap of {row.id[-4:]}, back to {cap(which.micros)}", _put_back(row, which, micros)))

    @work(group="verb")
    async def action_land(self) -> None:
        """Ask, then make one branch with the approved result in the operator's repository."""
        view = self.cockpit.store.snapshot.selected_view
        if (row := self.alive("land")) and view:
            detail = f"One new branch in {view.run.repo}, at {view.run.result_commit[:7]}. No checkout, no push."
            if await self.confirmed(f"Land the result of “{row.goal}”?", detail, "Land it"):
                deed = Deed(f"landing of {row.id[-4:]}", why_not=_LANDED)
                landed = await self.perform("land", self.cockpit.operations.land, row.id, deed=deed)
                if landed:
                    self.cockpit.say(f"Landed {landed.commit[:7]} as branch {landed.branch}", "good")

    @work(group="verb")
    async def action_requeue(self, item: str = "") -> None:
        """Ask, then queue a dead write to another system again; without a name, the first one of the goal."""
        view = self.cockpit.store.snapshot.selected_view
        item = item or next((one.id for one in view.outbox if one.state == "dead"), "") if view else item
        if not item:
            self.cockpit.say("Nothing to requeue: no write of this goal was given up.", "warn")
            return
        detail = "The worker tries it again; what arrived already is not sent twice."
        if await self.confirmed(f"Queue the write {item[-4:]} again?", detail, "Queue it"):
            deed = Deed(f"requeue of {item[-4:]}", why_not="The write is on its way again.")
            await self.perform("requeue", self.cockpit.operations.requeue, item, deed=deed)

    @work(group="verb")
    async def action_undo(self) -> None:
        """Undo the last thing; what cannot be undone says so, and the next press goes on to the one before."""
        deed = self.cockpit.deeds[-1] if self.cockpit.deeds else None
        if deed is None:
            self.cockpit.say("Nothing to undo: nothing was done on this screen yet.")
        elif deed.undo is None:
            self.cockpit.deeds = self.cockpit.deeds[:-1]
            self.cockpit.say(f"The {deed.label} cannot be undone. {deed.why_not}", "warn")
        else:
            before = self.cockpit.deeds
            self.cockpit.say(f"Undone: {deed.label}")
            if await deed.undo(self):
                self.cockpit.deeds = before[:-1]  # an undo is no deed: u goes on to the one before

    async def _final(self, question: str, detail: str, verb: str, name: str, row: RunRow, why_not: str) -> None:
        if await self.confirmed(question, detail, verb):
            deed = Deed(f"{verb.split()[0].lower()} of {row.id[-4:]}", why_not=why_not)
            await self.perform(name, getattr(self.cockpit.operations, name), row.id, deed=deed)


_ASKED = "The verifier has it and is paid for it."
_RETRIED = "The attempt has begun; X stops the goal."
_WRITTEN = "An instruction is read as it is; i writes another."
_LANDED = "The branch is in your repository: git branch -D removes it."
_STOPPED = "Stopping is final; n launches the goal again."


def _put_back(row: RunRow, which: Capped, micros: int) -> Callable[[Verbs], Awaitable[object]]:
    before = cap(which.micros)

    async def put_back(screen: Verbs) -> object:
        reason = f"undo: back from {cap(micros)} to {before}"
        detail = f"It is {cap(micros)} now. The reason that is kept: {reason}."
        if await screen.confirmed(f"Set the {which.name} of “{row.goal}” back to {before}?", detail, "Set it back"):
            call = screen.cockpit.operations.cap
            return await screen.perform("cap", call, row.id, which.micros, reason, which.scope)
        return None

    return put_back


def _some_text(answers: Answers) -> None:
    if not answers[0]:
        raise Usage("There is nothing to say yet.", "Write a sentence, or leave with esc.")


def _check_cap(answers: Answers, before: int, direction: int) -> None:
    micros = parse_usd(answers[0])
    if (micros - before) * direction <= 0:
        word, key = ("more", "-") if direction > 0 else ("less", "+")
        raise Usage(f"That is not {word} than {cap(before)}.", f"{key} goes the other way.")
    if not answers[1]:
        raise Usage("A cap needs a reason; it is audited.", "Write one in the second line.")
