"""Whose fault a failure is: that of the models behind the server, or of the document."""

from adapters.memory.lightrag_watch import ROUNDS, Watched
from adapters.memory.lightrag_wire import WireDocument

AWAY = "RetryError[<Future state=finished raised APIConnectionError>]"


def document(status: str, at: int, said: str = "") -> WireDocument:
    return WireDocument(id="doc-1", status=status, updated_at=f"2026-11-23T04:41:{at:02}", error_msg=said)


def test_models_are_away_until_something_is_processed_after_the_failure() -> None:
    watched = Watched()
    watched.saw_failed("b", document("failed", 5, AWAY))
    watched.saw_processed("a", document("processed", 3))
    assert watched.models_are_away
    watched.saw_processed("c", document("processed", 6))
    assert not watched.models_are_away


def test_a_document_is_at_fault_that_fails_again_while_others_are_processed() -> None:
    watched = Watched()
    assert watched.saw_failed("b", document("failed", 5, AWAY)) == 0
    watched.saw_processed("c", document("processed", 6))
    rounds = [watched.saw_failed("b", document("failed", at, AWAY)) for at in range(7, 7 + ROUNDS)]
    assert rounds == list(range(1, ROUNDS + 1))
    assert not watched.models_are_away


def test_a_failure_that_is_seen_twice_counts_once() -> None:
    watched = Watched()
    assert [watched.saw_failed("b", document("failed", 5, "BadRequestError")) for _ in range(3)] == [1, 1, 1]


def test_what_no_model_does_is_the_fault_of_the_document_at_once() -> None:
    watched = Watched()
    assert watched.saw_failed("b", document("failed", 5, "BadRequestError: context length")) == 1
    assert not watched.models_are_away
