"""Whatever happens to the server, its models, the network and the worker: after recovery each lesson is there once."""

from collections.abc import Callable

from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.contract.lightrag.rig import LightRagRoom
from tests.support.faults import FAULTS

Act = tuple[str, int]
SWITCHES = (
    "kill", "new worker", "llm_down", "embedding_down", "clearing", "recovery_required", "poison", "lost", "healthy",
)  # fmt: skip
acts = st.lists(
    st.one_of(
        st.tuples(st.just("queue"), st.integers(0, 2)),
        st.tuples(st.just("live"), st.sampled_from([1, 5, 40])),
        st.tuples(st.just("wait"), st.sampled_from([30, 400, 1_000])),
        st.tuples(st.just("fault"), st.integers(0, 2 * len(FAULTS) - 1)),
        st.tuples(
            st.sampled_from(SWITCHES),
            st.just(0),
        ),
    ),
    max_size=20,
)


def happen(room: LightRagRoom, name: str, number: int) -> None:
    if name in ("clearing", "recovery_required"):
        setattr(room.server, name, not getattr(room.server, name))
        return
    if name in ("llm_down", "embedding_down"):
        setattr(room.server.documents, name, not getattr(room.server.documents, name))
        return
    deeds: dict[str, Callable[[], object]] = {
        "queue": lambda: room.queue(f"text {number}"),
        "live": lambda: room.live(number),
        "wait": lambda: room.clock.advance(number),
        "fault": lambda: room.faults.set(FAULTS[number // 2], has_effect=bool(number % 2)),
        "lost": lambda: room.faults.set("cut", left=1),
        "kill": room.server.documents.kill,
        "new worker": room.start_worker,
        "poison": lambda: setattr(room.server.documents, "poison", "text 1"),
        "healthy": room.faults.clear,
    }
    deeds[name]()


@given(acts)
@settings(max_examples=60, deadline=None)
def test_every_lesson_is_there_once(lived: list[Act]) -> None:
    room = LightRagRoom()
    for name, number in lived:
        happen(room, name, number)
    room.recover()
    wanted = {
        f"shop--run_{number}--postflight--{item.payload_sha256[:12]}.md" for number, item in enumerate(room.queued)
    }
    assert sorted(room.documents()) == sorted((name, "processed") for name in wanted)
    event(f"{len(room.queued) // 3 * 3}+ lessons")


@given(acts)
@settings(max_examples=40, deadline=None)
def test_outages_and_recoveries_take_turns(lived: list[Act]) -> None:
    room = LightRagRoom()
    for name, number in lived:
        happen(room, name, number)
    room.recover()
    said = room.alerts()
    assert said == (["port.outage", "port.recovered"] * len(said))[: len(said)]
