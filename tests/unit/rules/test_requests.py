"""Which tasks are requests, what is ours, and what a request asks for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import Usage
from factory.model.mission import MissionTask
from factory.rules.acceptance import parse_criteria
from factory.rules.requests import acceptance, asks_us, is_ours, refs_meant, request_of

TASK = MissionTask(7, "Fix it", status="assigned", assigned_to="cockpit", created_by="Ana")


@pytest.mark.parametrize(
    ("change", "is_one"),
    [
        ({}, True),
        ({"status": "inbox"}, True),
        ({"status": "in_progress"}, False),
        ({"assigned_to": ""}, False),
        ({"metadata": {"client_id": "their-own-uuid"}}, True),
        ({"metadata": {"client_id": "run_1"}}, False),
        ({"metadata": {"cockpit": {"id": "run_1"}}}, False),
        ({"metadata": {"cockpit": "a word of theirs"}}, True),
        ({"tags": ("cockpit",)}, True),
        ({"tags": ("cockpit",), "created_by": "Operator One"}, False),
    ],
)
def test_a_request_waits_for_us_and_is_not_ours(change: dict[str, object], is_one: bool) -> None:
    task = replace(TASK, **change)  # type: ignore[arg-type]
    assert asks_us(task, "cockpit", "Operator One") is is_one


@given(st.dictionaries(st.text(max_size=9), st.integers() | st.text(max_size=9) | st.lists(st.integers())))
def test_no_metadata_of_others_is_too_strange(metadata: dict[str, object]) -> None:
    task = replace(TASK, metadata={**metadata, "acceptance": list(metadata.values()), "code_location": 5})
    assert isinstance(is_ours(task, "me"), bool)
    assert request_of(task, "http://there", "/src").repo == "/src"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("A1: parts add up :: pytest -q", "A1: parts add up :: pytest -q"),
        ("  * `A1: parts add up :: pytest -q`", "A1: parts add up :: pytest -q"),
        ("3. A1: parts add up :: pytest -q", "A1: parts add up :: pytest -q"),
        ("std::vector is fast", ""),
        ("Note: see the docs", ""),
        ("A1: parts add up::pytest", ""),
    ],
)
def test_acceptance_lines_are_found_among_the_words(line: str, found: str) -> None:
    task = replace(TASK, description=f"Please.\r\n{line}\r\nThanks.")
    assert acceptance(task) == ((found,) if found else ())


def test_a_line_that_is_meant_and_wrong_is_not_left_out() -> None:
    task = replace(TASK, description="A1: the first :: true\nB1: an open ' quote :: 'x", metadata={"acceptance": 3})
    with pytest.raises(Usage):
        parse_criteria(acceptance(task))


def test_each_line_counts_once_wherever_it_stands() -> None:
    metadata = {"acceptance": ["A1: x :: true", "A2: y :: true", "A3: no command", 4]}
    task = replace(TASK, description="A1: x :: true", metadata=metadata)
    assert acceptance(task) == ("A1: x :: true", "A2: y :: true")


@pytest.mark.parametrize("priority", ["critical", "high", "medium", "low", "whatever"])
def test_priorities_are_ours(priority: str) -> None:
    wanted = {"critical": "H", "high": "H", "low": "L"}.get(priority, "M")
    assert request_of(replace(TASK, priority=priority), "http://there").priority == wanted


def test_the_same_number_of_another_server_is_another_request() -> None:
    assert request_of(TASK, "http://a").id != request_of(TASK, "http://b").id


@pytest.mark.parametrize("text", ["7", "#7", "tasks/7", "mission:7", " 7 "])
def test_a_reference_may_be_written_in_several_ways(text: str) -> None:
    assert "mission:7" in refs_meant(text)
