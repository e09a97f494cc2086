"""Two looks at the ledger at a time: whoever asks for one beside the feed's own."""

import asyncio
from dataclasses import replace
from threading import Event

import pytest

from factory.model.audit import ChainHead
from tests.app import sample
from tests.app.test_feeds import Reading


async def test_of_two_looks_at_a_time_the_later_one_does_not_bring_back_what_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading = Reading()
    await reading.look()
    reading.ledger.change(replace(sample.ROWS[0], spent_micros=77))
    head, change, is_taken, looks = reading.ledger.head, reading.store.change, Event(), iter((False, True))

    def late() -> ChainHead:
        if next(looks):
            is_taken.wait(60)  # the first look is in the store by now
        return head()

    def taken(**changes: object) -> None:
        change(**changes)
        is_taken.set()

    monkeypatch.setattr(reading.ledger, "head", late)
    monkeypatch.setattr(reading.store, "change", taken)
    await asyncio.gather(reading.feed.refresh(), reading.feed.refresh())
    assert reading.store.snapshot.rows[0].spent_micros == 77
