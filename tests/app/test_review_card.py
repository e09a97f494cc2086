"""The review card: opening it decides nothing, and only the whole sequence of design §7 does."""

from dataclasses import replace
from typing import Any

from textual import events

from cockpit.screens.review import Review
from factory.model.status import ClaimLine, ReviewCard
from tests.app import sample
from tests.app.driving import ready, until
from tests.app.fakes import NotedOperations, Seconds, cockpit
from tests.app.open_card import CODE, card


async def test_the_code_and_enter_approve_exactly_the_package_on_screen() -> None:
    async with card() as opened:
        await opened.press(*CODE, "enter")
        await opened.settled()
        assert not opened.is_open
    ((run, digest, viewed, open_ms),) = opened.operations.done("approve")
    assert (run, digest, viewed, open_ms) == (sample.RUN, sample.DIGEST, ("A1", "A2", "A3"), 1300)


async def test_nothing_less_than_code_and_enter_approves() -> None:
    async with card() as opened:
        for keys in LESS:
            await opened.press(*keys)
            await opened.settled()
            assert opened.is_open, keys
            await opened.press(*["backspace"] * 4)
    assert opened.operations.done("approve") == []
    assert opened.operations.done("reject") == []


LESS = (
    ("y",),
    ("enter",),
    ("a",),
    ("a", "a"),
    ("y", "enter"),
    ("space",),
    ("enter", "enter"),
    CODE,
    (*CODE[:3], "enter"),
)


async def test_a_wrong_code_approves_nothing_and_says_so() -> None:
    async with card() as opened:
        await opened.press("0", "0", "0", "0", "enter")
        assert "0000 is not the code" in opened.text
        assert opened.operations.done("approve") == []


async def test_a_whole_digest_from_a_terminal_that_marks_no_paste_approves_nothing() -> None:
    async with card() as opened:
        await opened.burst(*sample.DIGEST, "enter")
        assert f"{sample.DIGEST[:4]}… is not the code" in opened.text
        await opened.press("enter")
        await opened.settled()
        assert "_ _ _ _" in opened.text
    assert opened.operations.done("approve") == []


async def test_the_code_and_enter_in_one_burst_approve_nothing_until_enter_is_pressed_again() -> None:
    async with card() as opened:
        await opened.burst(*CODE, "enter", "enter")
        await opened.settled()
        assert "Press Enter again." in opened.text
        assert " ".join(CODE) in opened.text
        assert opened.operations.done("approve") == []
        await opened.press("enter")
        await opened.settled()
    assert len(opened.operations.done("approve")) == 1


async def test_a_burst_with_an_n_in_it_rejects_nothing() -> None:
    async with card() as opened:
        await opened.burst(*"not_a_reason_that_was_typed", "enter")
        await opened.settled()
        assert "Press Enter again." in opened.text
        assert opened.operations.done("reject") == []
        await opened.press("enter")
        await opened.settled()
    assert opened.operations.done("reject") == [(sample.RUN, "ot_a_reason_that_was_typed", sample.DIGEST)]


async def test_opening_the_card_decides_nothing() -> None:
    async with card() as opened:
        await opened.press("escape")
        assert not opened.is_open
    assert [name for name, *_ in opened.operations.asked] == ["review"]


async def test_input_of_the_first_400_ms_is_dropped() -> None:
    async with card() as opened:
        opened.seconds.now += 0.399
        await opened.pilot.press(*CODE, "enter", "n", "escape")
        await opened.settled()
        assert opened.is_open
        assert not opened.app.screen.has_class("-rejecting")
        assert "_ _ _ _" in opened.text
    assert opened.operations.done("approve") == []


async def test_a_key_that_waited_in_a_queue_counts_from_when_it_was_pressed() -> None:
    async with card() as opened:
        early = [events.Key(key, key if len(key) == 1 else None) for key in (*CODE, "enter")]
        for event in early:
            event.time = opened.seconds.now + 0.1
        opened.seconds.now += 5
        for event in early:
            opened.app.screen.post_message(event)
        await opened.pilot.pause()
        await opened.settled()
        assert opened.is_open
    assert opened.operations.done("approve") == []


async def test_type_ahead_before_the_card_is_drawn_is_dropped() -> None:
    operations, seconds = NotedOperations(), Seconds()
    app = cockpit(operations=operations, seconds=seconds)
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("a", *CODE, "enter")
        await until(pilot, lambda: isinstance(app.screen, Review) and app.screen._guard)
        seconds.now += 5
        await pilot.pause()
        assert isinstance(app.screen, Review)
    assert operations.done("approve") == []


async def test_pasted_text_is_dropped() -> None:
    async with card() as opened:
        opened.seconds.now += 1
        opened.app.post_message(events.Paste(sample.DIGEST[:4] + "\n"))
        await opened.pilot.pause()
        assert "Pasted text is dropped" in opened.text
        assert "_ _ _ _" in opened.text
        await opened.press("enter")
    assert opened.operations.done("approve") == []


async def test_pasted_text_is_no_reason() -> None:
    async with card() as opened:
        await opened.press("n")
        opened.app.post_message(events.Paste("a reason that nobody typed"))
        await opened.pilot.pause()
        await opened.press("enter")
        await opened.settled()
    assert opened.operations.done("reject") == []


def _claims(count: int, **last: Any) -> ReviewCard:
    claims = [ClaimLine(f"A{n}", f"claim {n}", True, "supported", 100) for n in range(1, count + 1)]
    return replace(sample.CARD, claims=(*claims[:-1], replace(claims[-1], **last)))


async def test_the_code_opens_only_when_every_required_claim_was_on_screen() -> None:
    async with card(_claims(40)) as opened:
        assert "not on screen yet" in opened.text
        await opened.press(*CODE, "enter")
        await opened.settled()
        assert opened.operations.done("approve") == []
        for _ in range(8):
            await opened.press("space")
        assert "then Enter" in opened.text
        await opened.press(*CODE, "enter")
        await opened.settled()
    ((_, _, viewed, _),) = opened.operations.done("approve")
    assert len(viewed) == 40


async def test_an_optional_claim_off_screen_does_not_shut_the_code() -> None:
    async with card(_claims(12, required=False, text="words " * 400)) as opened:
        assert "then Enter" in opened.text


async def test_refuted_and_unsupported_claims_come_first() -> None:
    states = {"A1": "supported", "A2": "stale", "A3": "unsupported", "A4": "refuted"}
    claims = tuple(ClaimLine(id_, f"claim {id_}", True, state, 0) for id_, state in states.items())
    shown = replace(sample.CARD, claims=claims, sufficient=False, reasons=("A4 is refuted.",))
    async with card(shown) as opened:
        text = opened.text
    places = [text.index(f"claim {id_}") for id_ in ("A4", "A3", "A2", "A1")]
    assert places == sorted(places)


async def test_an_insufficient_package_cannot_be_approved_and_says_why() -> None:
    shown = replace(sample.CARD, sufficient=False, reasons=("A2 is refuted.",))
    async with card(shown) as opened:
        assert "A2 is refuted." in opened.text
        assert "code shut" in opened.text
        await opened.press(*CODE, "enter")
        await opened.settled()
    assert opened.operations.done("approve") == []


async def test_the_card_shows_what_the_decision_is_about() -> None:
    async with card() as opened:
        text = opened.text
    for part in ("SUFFICIENT", "score 100, 80 needed", "verifier says pass", "1 file +6 −2", "$0.31 of $5", "high",
                 sample.DIGEST, "marks it self-approved", "verify-2-A1.junit.xml", "scripted agents"):  # fmt: skip
        assert part in text
