"""Many systems are asked at the same time, each for no longer than it may take."""

import threading

import pytest

from cockpit.cli.asked_together import Question, asked_together
from cockpit.cli.system_line import System
from factory.errors import Unreachable


def up(name: str) -> Question:
    return Question(name, lambda: System(name, "up", version="1"), "its version", "config.toml")


def test_the_answers_come_in_the_order_of_the_questions_and_say_what_was_asked() -> None:
    found = asked_together([up("one"), up("two"), up("three")])
    assert [system.name for system in found] == ["one", "two", "three"]
    assert {(system.state, system.asked, system.configured) for system in found} == {
        ("up", "its version", "config.toml")
    }


def test_all_of_them_are_asked_at_the_same_time() -> None:
    all_begun = threading.Barrier(3)

    def ask() -> System:
        all_begun.wait(30)  # whoever is asked alone never gets past this
        return System("one", "up")

    assert [system.state for system in asked_together([Question("one", ask, "")] * 3)] == ["up"] * 3


def test_one_that_does_not_answer_costs_its_deadline_and_nobody_elses_answer() -> None:
    never = threading.Event()

    def hang() -> System:
        never.wait(60)
        return System("wiki", "up")

    fine, late = asked_together([up("git"), Question("wiki", hang, "its version", "config.toml")], deadline_s=1.5)
    never.set()
    assert (fine.state, late.state, late.latency_ms, late.configured) == ("up", "timeout", 1500, "config.toml")
    assert late.hint == "It did not answer within 1.5 s: see whether it runs, and what it waits for."


@pytest.mark.parametrize(("code", "state"), [("", "down"), ("timeout", "timeout"), ("degraded", "degraded")])
def test_one_that_fails_says_why(code: str, state: str) -> None:
    def fail() -> System:
        raise Unreachable("The wiki is away.", "Start it.", code)

    (found,) = asked_together([Question("wiki", fail, "its version")])
    assert (found.name, found.state, found.hint) == ("wiki", state, "The wiki is away. Start it.")


def test_a_defect_is_no_answer() -> None:
    def break_down() -> System:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked_together([Question("wiki", break_down, "")])
