"""One verb for all marked goals, after a card that lists every one of them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Literal

from cockpit.choices import Deed
from cockpit.dead_keys import why_not
from cockpit.screens import opening
from cockpit.screens.asking import Asking, spent
from factory.errors import SourceError
from factory.model.view import RunRow

BatchVerb = Literal["verify", "retry", "pause", "resume", "cancel"]
"""All that there is. Approving and rejecting is one gate at a time, on its card."""

WORDS: Mapping[BatchVerb, tuple[str, str]] = {
    "verify": ("Verify", "The result of each is sent to its verifier; each spends from its peer's cap."),
    "retry": ("Retry", "The work of each is kept; each spends again."),
    "pause": ("Pause", "Agents are interrupted and their work is kept."),
    "resume": ("Resume", "Agents start again, and spend."),
    "cancel": ("Stop", "All of their agents end, and that is final."),
}
_RULES: Mapping[BatchVerb, str] = {
    "verify": "verify", "retry": "retry", "pause": "pause", "resume": "pause", "cancel": "stop",
}  # fmt: skip
_BACK: Mapping[BatchVerb, BatchVerb] = {"pause": "resume", "resume": "pause"}


class Batches(Asking):
    """A screen with marks."""

    @property
    def marked(self) -> tuple[RunRow, ...]:
        """The goals that a verb of many goes for; none on a page, which shows one goal."""
        return ()

    async def do_batch(self, verb: BatchVerb, rows: Sequence[RunRow]) -> object:
        """Show the card, then do it to each goal in turn and say what came of it; answers how many it was done to."""
        items = tuple((row, left_out(verb, row), _column(verb, row)) for row in rows)
        word, detail = WORDS[verb]
        if not await self.app.push_screen_wait(opening.batch(word, detail, items)):
            return 0
        taking_part = [row for row, reason, _ in items if not reason]
        refused = await self._each(verb, taking_part)
        done = [row for row in taking_part if row.id not in refused]
        self.cockpit.choose("", marked=self.cockpit.choices.marked - {row.id for row in done})
        if done:
            self.cockpit.did(_deed(verb, done))
        self.cockpit.look_now()
        told = [f"{len(done)} done"]
        told += [f"{len(refused)} refused"] if refused else []
        told += [f"{len(rows) - len(taking_part)} left out"] if len(taking_part) < len(rows) else []
        self.cockpit.say(f"{word}: {', '.join(told)}", "warn" if refused else "good")
        if refused:  # the message line has no room for the reasons
            outcomes = [(row, refused.get(row.id, ""), reason) for row, reason, _ in items]
            await self.app.push_screen(opening.batch_told(f"{word}: {', '.join(told)}", outcomes))
        return len(done)

    async def _each(self, verb: BatchVerb, rows: Sequence[RunRow]) -> dict[str, str]:
        """Do it to one after the other; the reasons of those that were refused, by goal."""
        refused: dict[str, str] = {}
        for row in rows:
            try:
                await asyncio.to_thread(getattr(self.cockpit.operations, verb), row.id)
            except SourceError as error:
                refused[row.id] = f"{error.message} {error.hint}".strip()
        return refused


def _column(verb: BatchVerb, row: RunRow) -> str:
    return f"round {row.round + 1}" if verb == "verify" else spent(row)


def left_out(verb: BatchVerb, row: RunRow) -> str:
    """Why a marked goal is left out; empty when the verb does something for it."""
    if verb == "pause" and row.state == "paused":
        return f"{row.id[-4:]} is paused already."
    if verb == "resume" and row.state != "paused":
        return f"{row.id[-4:]} is not paused."
    return why_not(_RULES[verb], row)


def _deed(verb: BatchVerb, rows: Sequence[RunRow]) -> Deed:
    label = f"{WORDS[verb][0].lower()} of {len(rows)} goals"
    if back := _BACK.get(verb):
        ids = {row.id for row in rows}
        return Deed(
            label, lambda screen: screen.do_batch(back, [r for r in screen.cockpit.store.snapshot.rows if r.id in ids])
        )
    return Deed(label, why_not="Their agents were told; X stops one that should not go on.")
