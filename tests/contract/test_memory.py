"""What a memory promises, on SQLite and in the fake."""

import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.memory.fts import FtsMemory
from factory.errors import Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Memory, Target
from tests.fakes.knowledge import FakeMemory


class Both(Memory, Target):
    """A memory that is also the target which fills it."""


@pytest.fixture(params=["fts", "fake"])
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> Both:
    made: Both = FtsMemory(tmp_path / "memory.db") if request.param == "fts" else FakeMemory()  # type: ignore[assignment]
    return made


def remember(memory: Target, id: str, text: str, title: str = "") -> str:
    payload = {"id": id, "title": title, "text": text, "run": "run_1", "kind": "lesson"}
    item = OutboxItem(
        id=f"out_{id}",
        run="run_1",
        target="memory",
        op="remember",
        dedupe_key=f"{id}:{text}",
        payload=json.dumps(payload),
    )
    return memory.deliver(item)[1]


def refs(memory: Memory, text: str, limit: int = 5) -> list[str]:
    return [hint.ref for hint in memory.recall(text, limit)]


def test_what_was_remembered_is_recalled(memory: Both) -> None:
    ref = remember(memory, "lesson-1", "Parts of split must add up", title="split()")
    (hint,) = memory.recall("Fix split(): parts must add up to the total")
    assert (hint.ref, ref) == ("memory://lesson-1", "memory://lesson-1")
    assert hint.text == "split(): Parts of split must add up"
    assert hint.score > 0


def test_an_empty_memory_recalls_nothing(memory: Both) -> None:
    assert memory.recall("anything") == ()


def test_the_best_hint_comes_first_and_the_limit_holds(memory: Both) -> None:
    remember(memory, "far", "The migration of the database took long, and so did the review of the total")
    remember(memory, "near", "split parts total cents")
    remember(memory, "other", "dark mode for the settings page")
    assert refs(memory, "split: parts, total, cents") == ["memory://near", "memory://far"]
    assert refs(memory, "split parts total", limit=1) == ["memory://near"]
    assert refs(memory, "split parts total", limit=0) == []


@pytest.mark.parametrize("asked", ["plaćanje greška uređaj", "placanje", "PLAĆANJE", "uredaj", "Greska"])
def test_diacritics_and_case_do_not_matter(memory: Both, asked: str) -> None:
    remember(memory, "lesson", "Greška kad uređaj ponovi plaćanje")
    assert refs(memory, asked) == ["memory://lesson"]


def test_the_same_id_is_one_hint_with_the_newest_text(memory: Both) -> None:
    remember(memory, "lesson", "rounding cents")
    remember(memory, "lesson", "rounding cents")
    remember(memory, "lesson", "dividing cents")
    (hint,) = memory.recall("cents")
    assert hint.text == "dividing cents"
    assert refs(memory, "rounding") == []


@pytest.mark.parametrize(
    "asked", ['"', "a AND", "NOT x", "NEAR(a b)", "col:x", "*", "^a", "(", "- +", "👩‍💻", "", " ", "\0", "\udc80"]
)
def test_no_text_is_an_error(memory: Both, asked: str) -> None:
    remember(memory, "lesson", "cents")
    assert refs(memory, f"{asked} cents") == ["memory://lesson"]
    memory.recall(asked)


@given(text=st.text(st.characters(exclude_categories=[]), max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_can_be_remembered_and_asked(memory: Both, text: str) -> None:
    remember(memory, "note", text)
    memory.recall(text)
    for hint in memory.recall(text):
        hint.text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("source", ["memory://lesson-1", " MEMORY://x", "rag://x", "recall:x"])
def test_a_reference_is_memory_and_other_things_are_not(memory: Both, source: str) -> None:
    assert memory.owns(source)
    for other in ("result.xml", "memory.txt", "all tests pass", "/tmp/x", "", "a\0b", "x" * 10_000):
        assert not memory.owns(other)


def test_the_file_of_memory_is_memory_by_every_name(tmp_path: Path) -> None:
    file = tmp_path / "memory.db"
    memory = FtsMemory(file)
    remember(memory, "lesson", "cents")
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "hard").hardlink_to(file)
    (tmp_path / "report.xml").write_text("<testsuite/>")
    for name in ("memory.db", "link", "hard", "memory.db-journal", "../" + tmp_path.name + "/memory.db"):
        assert memory.owns(str(tmp_path / name))
    assert not memory.owns(str(tmp_path / "report.xml"))


def test_words_that_say_nothing_find_nothing(tmp_path: Path) -> None:
    memory = FtsMemory(tmp_path / "memory.db")
    remember(memory, "lesson", "dark mode for the settings page")
    assert refs(memory, "split parts for the total") == []
    assert refs(memory, "for the") == []


def test_the_file_is_private_and_appears_with_the_first_note(tmp_path: Path) -> None:
    memory = FtsMemory(tmp_path / "memory.db")
    assert memory.recall("cents") == ()
    assert list(tmp_path.iterdir()) == []
    remember(memory, "lesson", "cents")
    assert (tmp_path / "memory.db").stat().st_mode & 0o777 == 0o600


def test_memory_survives_the_process(tmp_path: Path) -> None:
    remember(FtsMemory(tmp_path / "memory.db"), "lesson", "cents")
    assert refs(FtsMemory(tmp_path / "memory.db"), "cents") == ["memory://lesson"]


def test_a_locked_file_is_unreachable_and_says_so(tmp_path: Path) -> None:
    memory = FtsMemory(tmp_path / "memory.db", busy_s=0.0)
    remember(memory, "lesson", "cents")
    other = sqlite3.connect(tmp_path / "memory.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for call in (lambda: memory.recall("cents"), lambda: remember(memory, "next", "more")):
        with pytest.raises(Unreachable) as caught:
            call()
        assert caught.value.code == "locked"
    other.close()
    assert refs(memory, "cents") == ["memory://lesson"]


def test_a_broken_file_is_unreachable_and_left_alone(tmp_path: Path) -> None:
    broken = tmp_path / "memory.db"
    broken.write_bytes(b"this is no database" * 100)
    memory = FtsMemory(broken)
    with pytest.raises(Unreachable, match=r"memory\.db"):
        memory.recall("cents")
    with pytest.raises(Unreachable):
        remember(memory, "lesson", "cents")
    assert broken.read_bytes() == b"this is no database" * 100


def test_a_missing_folder_is_unreachable(tmp_path: Path) -> None:
    memory = FtsMemory(tmp_path / "gone" / "memory.db")
    with pytest.raises(Unreachable):
        memory.recall("cents")
    with pytest.raises(Unreachable):
        remember(memory, "lesson", "cents")
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_the_file_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "memory.db").symlink_to(tmp_path / "outside.db")
    with pytest.raises(Unreachable):
        remember(FtsMemory(tmp_path / "memory.db"), "lesson", "cents")
    assert not (tmp_path / "outside.db").exists()


def test_a_long_goal_can_be_asked(tmp_path: Path) -> None:
    memory = FtsMemory(tmp_path / "memory.db")
    remember(memory, "lesson", "cents")
    assert refs(memory, "cents " + " ".join(f"word{number}" for number in range(8_000))) == ["memory://lesson"]
