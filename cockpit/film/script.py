"""What the operator of the film does, and how long everybody reads. All times of the film come from here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cockpit.film.captions import CAPTIONS

COLUMNS, LINES = 100, 30
STRIP = 2
"""Of these lines, the last ones are not the cockpit's: they hold the caption."""
CODE = "code"
"""Stands for the four characters of the digest on the card."""
_TEXTS = {caption.name: caption.text for caption in CAPTIONS}


@dataclass(frozen=True)
class Shot:
    """One thing that is shown.

    Args:
        caption: Name of the sentence below.
        hold_s: Reading time at its end.
        keys: Pressed one after the other.
        pace_s: Before each key.
        scene: The recorded moment that is shown at its end; an operation that a key asks for brings it.
    """

    caption: str
    hold_s: float
    keys: tuple[str, ...] = ()
    pace_s: float = 1.0
    scene: str = ""


SHOTS = (
    Shot("opening", 5.0),
    Shot("form", 5.0),
    Shot("launched", 4.0, ("ctrl+j",), scene="launched"),
    Shot("baseline", 3.5, scene="baseline"),
    Shot("attempt 1", 2.5, scene="attempt 1"),
    Shot("attempt 1", 3.5, scene="artefacts"),
    Shot("sent", 1.5, ("v",)),
    Shot("sent", 3.0, ("y",), scene="sent"),
    Shot("counterexample", 2.0, scene="counterexample"),
    Shot("counterexample", 5.5, ("t",)),
    Shot("attempt 2", 3.0, ("escape",), scene="attempt 2"),
    Shot("attempt 2", 2.0, scene="second check"),
    Shot("pass", 3.5, scene="awaiting qa"),
    Shot("down", 3.0),
    Shot("card", 3.5, ("a",)),
    Shot("card", 1.0, (CODE,), 0.5),
    Shot("approved", 2.5, ("enter",), scene="approved"),
    Shot("done", 2.5, scene="done"),
    Shot("done", 4.0, ("9",)),
    Shot("up", 4.5, scene="delivered"),
    Shot("evidence", 4.5, ("escape", "e"), 0.5),
    Shot("digest", 5.0, ("d",)),
    Shot("end", 4.5, ("escape",)),
)


@dataclass(frozen=True)
class Beat:
    """One moment at which something happens, or only another second has passed."""

    at_s: float
    """Since the film began."""
    caption: str
    """The sentence."""
    key: str = ""
    scene: str = ""


def beats(shots: Sequence[Shot] = SHOTS) -> Iterator[Beat]:
    """Everything that happens, in order. The last one is the end."""
    at_s = 0.0
    for shot in shots:
        text = _TEXTS[shot.caption]
        yield Beat(at_s, text)
        for key in _keys(shot):
            at_s = round(at_s + shot.pace_s, 3)
            yield Beat(at_s, text, key=key)
        if shot.scene:
            yield Beat(at_s, text, scene=shot.scene)
        for second in range(1, int(shot.hold_s)):
            yield Beat(round(at_s + second, 3), text)
        at_s = round(at_s + shot.hold_s, 3)
    yield Beat(at_s, text)


def scene_times() -> dict[str, float]:
    """When each recorded moment is shown, in seconds since the film began; in order."""
    return {beat.scene: beat.at_s for beat in beats() if beat.scene}


def _keys(shot: Shot) -> Iterator[str]:
    for key in shot.keys:
        yield from ([f"{CODE}:{place}" for place in range(4)] if key == CODE else [key])
