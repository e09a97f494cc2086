"""Lessons in a real LightRAG: whatever is killed, each is there once."""

import pytest

from adapters.memory.lightrag_client import LightRagClient
from adapters.memory.lightrag_names import document_id
from adapters.memory.with_lightrag import hints_of
from factory.errors import Unreachable
from tests.lightrag.rig import RealRoom
from tests.lightrag.server import KEY

pytestmark = [pytest.mark.lightrag, pytest.mark.timeout(300, func_only=True)]
LESSON = "Parts of split must add up to the total"


def processed(room: RealRoom) -> list[str]:
    """Names of the documents; all have to be processed, and each has to have the id that we know beforehand."""
    found = room.documents()
    assert {document.status for document in found} <= {"processed"}
    assert [document.id for document in found] == [document_id(str(document.file_path)) for document in found]
    return sorted(str(document.file_path) for document in found)


def test_lessons_arrive_and_are_found_again(room: RealRoom) -> None:
    for number in range(6):
        room.queue(f"{LESSON}, number {number}")
    room.until_delivered()
    assert len(processed(room)) == 6
    found = hints_of(room.client, "parts of split", 3)
    assert len(found) == 3
    assert LESSON in found[0].text


def test_a_lesson_that_was_taken_by_a_server_that_is_killed_then_arrives_once(room: RealRoom) -> None:
    item = room.queue(LESSON)
    room.look()
    room.server.kill()
    assert room.states() == ["accepted"]
    room.look()
    room.server.start()
    room.until_delivered()
    assert processed(room) == [f"shop--run_0--postflight--{item.payload_sha256[:12]}.md"]


def test_a_lesson_at_work_in_a_server_that_is_killed_arrives_once(room: RealRoom) -> None:
    room.faults.set("hang")
    room.queue(LESSON)
    room.live_until(lambda: [document.status for document in room.documents()] == ["processing"])
    room.server.kill()
    room.look()
    room.faults.clear()
    room.server.start()
    room.until_delivered()
    assert len(processed(room)) == 1


def test_models_that_are_down_lose_nothing_and_are_told_apart_from_nothing_found(room: RealRoom) -> None:
    room.queue(LESSON)
    room.until_delivered()
    room.models.is_down = True
    room.queue(f"{LESSON} again")
    room.live_until(lambda: "failed" in {document.status for document in room.documents()})
    impatient = LightRagClient(room.server.url, lambda: KEY, read_s=1, whole_s=1)
    with pytest.raises(Unreachable):
        hints_of(impatient, "parts of split", 3)
    impatient.close()
    assert room.states() == ["delivered", "accepted"]
    room.models.is_down = False
    room.until_delivered()
    assert len(processed(room)) == 2


def test_a_wrong_key_is_an_outage_and_says_so(room: RealRoom) -> None:
    stranger = LightRagClient(room.server.url, lambda: "wrong")
    with pytest.raises(Unreachable) as caught:
        stranger.counts()
    stranger.close()
    assert caught.value.code == "unauthorised"
    assert room.client.counts()["all"] == 0
