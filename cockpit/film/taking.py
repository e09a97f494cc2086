"""From a recorded run to what the film is drawn from: the same values, without what chance made of them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cockpit.film.canon import Canon
from cockpit.film.scenes import Recording, Scene, scenes_of
from cockpit.film.script import scene_times
from cockpit.film.shooting import Take
from cockpit.film.stage import film_time
from cockpit.output import tail
from factory.model.audit import GENESIS, ChainHead, Event, event_hash
from factory.model.evidence import Evidence
from factory.model.launch import Launch, Preview
from factory.model.status import ReviewCard

SHOWN_HOME = "/home/you/cockpit"
"""What the home of the film is called in it."""
ACTOR = "operator:you"


@dataclass(frozen=True)
class Real:
    """The real run, as it was played.

    Args:
        home: Of that run.
        fixtures: Of the demo.
        evidence: Folder with the captured files of the run.
        actor: Who played it.
    """

    recording: Recording
    home: Path
    fixtures: Path
    evidence: Path
    launch: Launch
    preview: Preview
    card: ReviewCard
    actor: str


class Schedule:
    """The film's time for a time of the run: that of the first moment of the film which is not before it."""

    def __init__(self, scenes: Mapping[str, Scene]) -> None:
        times = scene_times()
        self._real = [_when(scene.at) for scene in scenes.values()]
        self._film = [film_time(times[name]) for name in scenes]
        self.until = self._film[-1]
        """Nothing is later than this."""

    def __call__(self, time: str) -> str:
        place = min(bisect_left(self._real, _when(time)), len(self._film) - 1)
        return min(self._film[place], self.until)

    def stop_at(self, name: str) -> None:
        """From now on nothing is later than this moment of the film."""
        self.until = film_time(scene_times()[name])


def take_of(real: Real, folder: Path) -> Take:
    """What the film is drawn from.

    Args:
        folder: Gets the evidence as the film has it.
    """
    scenes = scenes_of(real.recording)
    schedule = Schedule(scenes)
    names = {
        str(real.home): SHOWN_HOME, str(real.fixtures): "fixtures/demo", real.actor: ACTOR,
        f"{SHOWN_HOME}/worktrees/demo-repository": "/home/you/split", str(real.launch.repo): "/home/you/split",
    }  # fmt: skip
    canon = Canon(names, schedule)
    final = next(reversed(scenes.values())).view
    for known in (final.run, final.steps, final.threads, final.gates, tuple(one.digest for one in final.packages)):
        canon.value(known)  # named first, in this order
    _copy(final.evidence, real.evidence, canon, folder / canon.text(final.run.id))
    made = {}
    for name, scene in scenes.items():
        schedule.stop_at(name)
        made[name] = _canonical(scene, canon)
    schedule.stop_at("awaiting qa")
    card = canon.value(real.card)
    output = {canon.text(one.folder): canon.text(tail(one.folder)) for one in final.attempts}
    return Take(
        scenes=made,
        launch=canon.value(real.launch),
        preview=canon.value(real.preview),
        card=card,
        evidence=folder,
        shown_at=f"{SHOWN_HOME}/evidence",
        output=lambda place, limit: output.get(place, "")[-limit:],
        actor=ACTOR,
    )


def _copy(items: Iterable[Evidence], source: Path, canon: Canon, folder: Path) -> None:
    """The captured files as the film has them: each has its own digest there, which the cockpit checks."""
    for item in items:
        data = canon.text((source / item.path).read_text("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        canon.learn(item.sha256, data)
        file = folder / canon.text(item.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _canonical(scene: Scene, canon: Canon) -> Scene:
    """The moment as the film has it; its events are a chain of their own."""
    events = tuple(_chained(canon.value(replace(event, prev_hash="", hash="")) for event in scene.events))
    head = ChainHead(len(events), events[-1].hash)
    view = replace(canon.value(replace(scene.view, events=(), head=ChainHead())), events=events[-50:], head=head)
    return replace(scene, at=canon.text(scene.at), row=canon.value(scene.row), events=events, view=view)


def _chained(events: Iterable[Event]) -> Iterator[Event]:
    """Events counted from 1, each with the hash that it must carry."""
    last = GENESIS
    for place, event in enumerate(events, 1):
        made = replace(event, seq=place, prev_hash=last)
        last = event_hash(made)
        yield replace(made, hash=last)


def _when(time: str) -> datetime:
    at = datetime.fromisoformat(time)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
