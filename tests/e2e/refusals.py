"""Calls that have to be refused, and how."""

from dataclasses import dataclass

from tests.e2e.product import Answer, Cockpit

GOAL = "Fix the api of the parser"
AGENTS = ("--coder", "command:true", "--verifier", "command:false")
ACCEPT = ("--accept", "A1: it holds :: false")


@dataclass(frozen=True)
class Refusal:
    """What a bad call is answered with."""

    exit_code: int
    code: str
    names: str
    """Part of the sentence: the thing."""
    fix: str
    """Part of the sentence or of the hint: what to do."""


def refused(at: Cockpit, wanted: Refusal, *words: str, stdin: bytes = b"") -> Answer:
    """Make a call that has to be refused this way, and see that it left nothing."""
    before = at.ok("audit", "verify")["head"]
    answer = at.call(*words, stdin=stdin)
    check(answer, wanted)
    assert at.ok("audit", "verify")["head"] == before, "nothing half-done"
    assert not (at.home / "worker.lock").exists(), "no worker was started for it"
    return answer


def check(answer: Answer, wanted: Refusal) -> None:
    """Exit code, code, sentence and fix; the same sentence is on stderr."""
    assert (answer.exit_code, answer.code) == (wanted.exit_code, wanted.code), answer
    error = answer.value["error"]
    assert wanted.names in error["message"], error
    assert wanted.fix in f"{error['message']} {error['hint']}", error
    assert error["message"].splitlines()[0] in answer.said
