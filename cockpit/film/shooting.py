"""Takes the film: plays the script in the ordinary cockpit, over a recorded run, with a clock of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.film.frames import Frame, Look, Piece, Row, without_repeats
from cockpit.film.scenes import Scene
from cockpit.film.script import COLUMNS, LINES, STRIP, Beat, beats
from cockpit.film.stage import FilmClock, FilmDesk, FilmLedger, FilmOperations, FilmWorkers
from factory.errors import Unreachable
from factory.rules.status import status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factory.model.launch import Launch, Preview
    from factory.model.source import Source
    from factory.model.status import ReviewCard, Status
    from factory.model.view import RunView

CAPTION, RULE = Look("#f2d28b", is_bold=True), Look("#5c6570")
NAME = " cockpit demo --film "


@dataclass(frozen=True)
class Take:
    """Everything that the film is drawn from, with nothing of chance in it."""

    scenes: Mapping[str, Scene]
    launch: Launch
    preview: Preview
    card: ReviewCard
    evidence: Path
    """Folder with the evidence of the run."""
    shown_at: str
    """Where that folder is said to be."""
    output: Callable[[str, int], str]
    """The end of what an agent wrote, by the folder of its attempt."""
    actor: str


async def shoot(take: Take) -> tuple[Frame, ...]:
    """Every picture of the film that is different from the one before, oldest first.

    Raises:
        Unreachable: `film`, a key of the script did not do what it does for operators.
    """
    taken = {frame.at_s: frame async for frame in _frames(take)}  # of one moment the last one, when all has come
    return tuple(without_repeats(taken.values()))


async def _frames(take: Take) -> AsyncIterator[Frame]:
    from cockpit.filmed import FilmedApp, filming
    from cockpit.surroundings import Surroundings

    clock, ledger = FilmClock(), FilmLedger(take.scenes)
    asked = FilmOperations(ledger, take.preview, take.card, take.actor, ledger.show)

    def read(view: RunView, sources: Mapping[str, Source]) -> Status:
        return status(view, f"{take.shown_at}/{view.run.id}", sources, clock.now(), f"{take.shown_at}/../git/split.git")

    app = FilmedApp(
        FilmDesk(clock, ledger, FilmWorkers()),
        operations=asked,
        read_status=read,
        evidence_root=take.evidence,
        draft=take.launch,
        surroundings=Surroundings(tail=take.output),
    )
    async with filming(app, (COLUMNS, LINES - STRIP)) as camera:
        for beat in beats():
            clock.seconds = beat.at_s
            if beat.key:
                code, _, place = beat.key.partition(":")
                await camera.press(take.card.digest[int(place)] if place else code)
            rows = await camera.picture()
            if beat.scene:
                _go_on(beat, ledger)
                rows = await camera.picture()
            yield Frame(beat.at_s, (*rows, *_strip(beat)))


def _go_on(beat: Beat, ledger: FilmLedger) -> None:
    """Show the next moment, unless the operation of a key has brought it. Raises `Unreachable`: it should have."""
    if beat.scene not in _ASKED:
        ledger.show(beat.scene)
    elif ledger.scene is None or ledger.scene.name != beat.scene:
        raise Unreachable(f"At {beat.at_s:g} s the key of the film did not bring {beat.scene!r}.", code="film")


_ASKED = ("launched", "sent", "approved")
"""Moments that an operation brings, and so a key."""


def _strip(beat: Beat) -> Sequence[Row]:
    """The last lines of the film: a rule, and the caption."""
    rule = "─" * 2 + NAME + "─" * (COLUMNS - 2 - len(NAME))
    return ((Piece(rule, RULE),), (Piece(f" {beat.caption}".ljust(COLUMNS), CAPTION),))
