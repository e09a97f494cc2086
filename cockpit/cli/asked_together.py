"""Asks many systems at the same time, so that all of them take as long as the slowest, and none longer than it may."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from threading import Thread

from cockpit.cli.system_line import System
from factory.errors import SourceError

DEADLINE_S = 10.0
"""How long one system may take; what it says later is nobody's."""


@dataclass(frozen=True)
class Question:
    """To one system."""

    name: str
    ask: Callable[[], System]
    """Asks it. May raise a `SourceError`."""
    asked: str
    """What it is asked, for people."""
    configured: str = ""
    """Where its settings come from."""


def asked_together(questions: Sequence[Question], deadline_s: float = DEADLINE_S) -> tuple[System, ...]:
    """What every system says, in the order of the questions. One that fails says why; a late one is a `timeout`."""
    answers = [_begun(question) for question in questions]
    wait(answers, deadline_s)
    return tuple(
        _labelled(question, answer.result() if answer.done() else _late(question.name, deadline_s))
        for question, answer in zip(questions, answers, strict=True)
    )


def _begun(question: Question) -> "Future[System]":
    """Its answer to come, from a thread that nobody waits for when the program ends."""
    answer: Future[System] = Future()

    def ask() -> None:
        try:
            answer.set_result(_asked(question))
        except Exception as defect:  # noqa: BLE001 - whatever it is, whoever takes the answer raises it
            answer.set_exception(defect)

    Thread(target=ask, name=f"asking {question.name}", daemon=True).start()
    return answer


def _asked(question: Question) -> System:
    began = time.monotonic()
    try:
        found = question.ask()
    except SourceError as error:
        state = error.code if error.code in ("timeout", "degraded") else "down"
        found = System(question.name, state, hint=f"{error.message} {error.hint}".strip())
    return replace(found, latency_ms=round((time.monotonic() - began) * 1000))


def _labelled(question: Question, found: System) -> System:
    return replace(found, asked=question.asked, configured=question.configured)


def _late(name: str, deadline_s: float) -> System:
    hint = f"It did not answer within {deadline_s:g} s: see whether it runs, and what it waits for."
    return System(name, "timeout", latency_ms=round(deadline_s * 1000), hint=hint)
