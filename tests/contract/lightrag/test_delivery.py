"""Lessons on their way into a LightRAG, quirk by quirk."""

import re

import pytest

from adapters.memory.lightrag import AT_ONCE
from adapters.memory.lightrag_names import lesson_of, run_of
from factory.errors import Unreachable
from factory.model.blocker import Blocker
from tests.contract.lightrag.rig import LightRagRoom

REPROCESS = "/documents/reprocess_failed"


@pytest.fixture
def room() -> LightRagRoom:
    return LightRagRoom()


def test_a_lesson_is_delivered_when_it_is_processed_and_not_before(room: LightRagRoom) -> None:
    item = room.queue()
    room.look()
    assert room.states() == ["accepted"]
    room.clock.advance(2)
    room.look()
    assert room.states() == ["accepted"]
    room.live(30)
    assert room.states() == ["delivered"]
    assert room.documents() == [(lesson_of(item, "shop").source, "processed")]


def test_its_name_is_flat_and_says_project_run_kind_and_content(room: LightRagRoom) -> None:
    item = room.queue()
    room.look()
    name, _, track = room.items()[0].remote_ref.partition("#")
    assert name == f"shop--run_0--postflight--{item.payload_sha256[:12]}.md"
    assert track.startswith("insert_")


def test_a_long_lesson_is_cut_and_says_so(room: LightRagRoom) -> None:
    text = lesson_of(room.queue("x" * 100_000), "shop").text
    assert 15_000 < len(text) < 15_100
    assert text.endswith("(cut here)")


@pytest.mark.parametrize("project", ["../shop", "a/b", "--", "", "Plaćanje 2", "x" * 500])
def test_a_name_has_four_parts_whatever_the_project_is_called(room: LightRagRoom, project: str) -> None:
    source = lesson_of(room.queue(), project).source
    assert re.fullmatch(r"[A-Za-z0-9._-]+", source)
    assert run_of(source) == "run_0"
    assert len(source) < 150


def test_what_died_with_the_server_is_sent_again_under_the_same_name(room: LightRagRoom) -> None:
    room.queue()
    room.look()
    room.server.documents.kill()
    room.live(50)
    assert room.states() == ["accepted"]
    room.live(200)
    assert room.states() == ["delivered"]
    assert len(room.documents()) == 1
    assert room.server.count("/documents/text") == 2


def test_a_lost_answer_is_found_again_by_the_name(room: LightRagRoom) -> None:
    room.queue()
    room.faults.set("cut", left=1)
    room.look()
    assert room.states() == ["queued"]
    room.live(60)
    assert room.states() == ["delivered"]
    assert len(room.documents()) == 1


def test_what_is_no_longer_among_the_newest_is_found_by_its_name_alone(room: LightRagRoom) -> None:
    room.queue()
    room.faults.set("cut", left=1)
    room.look()
    for number in range(2_000):
        room.server.documents.take(f"Somebody else's text {number}", f"other-{number}.md")
    room.server.documents.settle()
    room.live(60, step_s=5)
    assert room.states() == ["delivered"]
    assert room.server.count("/documents/paginated") == 10


def test_its_name_alone_says_too_when_it_is_not_processed(room: LightRagRoom) -> None:
    room.queue()
    room.faults.set("cut", left=1)
    room.look()
    for number in range(2_000):
        room.server.documents.take(f"Somebody else's text {number}", f"other-{number}.md")
    room.server.documents.llm_down = True
    room.server.documents.settle()
    room.live(60, step_s=5)
    assert room.states() == ["accepted"]
    room.server.documents.llm_down = False
    room.live(300, step_s=10)
    assert room.states() == ["delivered"]


def test_a_server_that_was_killed_at_work_is_woken(room: LightRagRoom) -> None:
    room.queue()
    room.look()
    room.server.documents.work()
    room.server.documents.work()
    room.server.documents.kill()
    room.faults.set("refuse", left=1)
    room.live(90)
    assert room.states() == ["delivered"]
    assert room.server.count(REPROCESS) == 1


def test_a_server_that_fell_asleep_unseen_is_woken_after_a_quarter_of_an_hour(room: LightRagRoom) -> None:
    room.queue()
    room.look()
    room.server.documents.work()
    room.clock.advance(2)
    room.look()  # it works, as far as can be seen
    room.server.documents.kill()
    room.live(880)
    assert (room.states(), room.server.count(REPROCESS)) == (["accepted"], 0)
    room.live(200)
    assert (room.states(), room.server.count(REPROCESS)) == (["delivered"], 1)


def test_one_nudge_is_for_all_that_failed(room: LightRagRoom) -> None:
    room.server.documents.poison = "poison"
    for number in range(AT_ONCE):
        room.queue(f"poison {number}")
    room.live(25)
    assert {state for _, state in room.documents()} <= {"failed", "pending", "processing"}
    assert room.server.count(REPROCESS) == 1


def test_no_more_than_four_are_on_their_way(room: LightRagRoom) -> None:
    for number in range(7):
        room.queue(f"text {number}")
    room.look()
    assert room.states() == ["accepted"] * AT_ONCE + ["queued"] * 3
    room.live(30)
    assert room.states() == ["delivered"] * 7


def test_models_that_are_away_are_one_outage_that_kills_nothing(room: LightRagRoom) -> None:
    room.server.documents.llm_down = True
    for number in range(6):
        room.queue(f"text {number}")
    room.live(3_600)
    assert set(room.states()) == {"accepted", "queued"}
    assert room.alerts() == ["port.outage"]
    assert "models" in room.health().detail
    room.server.documents.llm_down = False
    room.live(400)
    assert set(room.states()) == {"delivered"}
    assert room.alerts() == ["port.outage", "port.recovered"]
    assert len(room.documents()) == 6


def test_nothing_more_is_sent_to_a_server_without_its_models(room: LightRagRoom) -> None:
    room.server.documents.llm_down = True
    room.queue("first")
    room.live(60)
    room.queue("second")
    room.live(600)
    assert (room.states(), room.alerts()) == (["accepted", "queued"], ["port.outage"])
    assert room.server.count("/documents/text") == 1


def test_a_lesson_that_fails_while_others_do_not_dies_with_a_warning_and_can_be_requeued(room: LightRagRoom) -> None:
    room.server.documents.poison = "poison"
    room.queue("poison")
    room.queue("fine")
    room.live(900)
    assert room.states() == ["dead", "delivered"]
    (warning,) = room.ledger.find(Blocker)
    assert "BadRequestError" in warning.message
    assert room.alerts() == []
    room.recover()
    assert [state for _, state in room.documents()] == ["processed", "processed"]
    assert not room.ledger.find(Blocker)[0].is_open


def test_a_duplicate_is_delivered_when_its_original_is_processed(room: LightRagRoom) -> None:
    item = room.queue()
    room.server.documents.llm_down = True
    room.server.documents.take(lesson_of(item, "shop").text, "theirs.md")
    room.server.documents.settle()
    room.look()
    room.server.documents.settle()
    room.clock.advance(2)
    room.look()
    assert room.states() == ["accepted"]
    room.server.documents.llm_down = False
    room.live(120)
    assert room.states() == ["delivered"]


def test_a_job_that_shuts_others_out_is_waited_for(room: LightRagRoom) -> None:
    room.server.clearing = True
    room.queue()
    room.look()
    assert (room.states(), room.items()[0].last_error[:34]) == (["queued"], "LightRAG is busy with its document")
    room.server.clearing = False
    room.live(60)
    assert room.states() == ["delivered"]


def test_a_recovery_is_left_to_a_person(room: LightRagRoom) -> None:
    room.server.recovery_required = True
    item = room.queue()
    with pytest.raises(Unreachable) as caught:
        room.target.deliver(item)
    assert "recovery" in caught.value.message
    assert "by a person" in caught.value.hint


def test_a_full_server_is_left_alone_for_as_long_as_it_says(room: LightRagRoom) -> None:
    room.server.most = 1
    room.server.documents.take("Somebody else's", "other.md")
    room.queue()
    for _ in range(25):
        room.look()
        room.clock.advance(1)
    assert room.server.count("/documents/text") == 1


def test_a_new_worker_goes_on_where_the_last_one_was(room: LightRagRoom) -> None:
    room.queue()
    room.look()
    room.start_worker()
    room.live(30)
    assert room.states() == ["delivered"]
    assert room.server.count("/documents/text") == 1


def test_a_wrong_key_is_said_once_and_loses_nothing(room: LightRagRoom) -> None:
    room.server.key = "another"
    room.queue()
    room.live(300)
    assert (room.states(), room.alerts()) == (["queued"], ["port.outage"])
    assert "does not let us in" in room.health().detail
    room.server.key = "test-key"
    room.recover()
    assert len(room.documents()) == 1
