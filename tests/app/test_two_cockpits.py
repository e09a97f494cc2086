"""Two operators on one ledger: they see the same, one decision counts, and the other learns who took it and when."""

from pathlib import Path

from cockpit.screens.review import Review
from tests.app.driving import settled, until
from tests.app.two_cockpits import Operator, SqliteFloor, at_the_gate, operator
from widgets.amounts import time_of_day


def _code(floor: SqliteFloor) -> str:
    return floor.gate.package_digest[:4]


async def _approve(who: Operator, floor: SqliteFloor) -> None:
    await who.press(*_code(floor), "enter")
    await settled(who.pilot)


async def test_of_two_operators_who_approve_the_same_gate_one_wins_and_the_other_learns_who_and_when(
    tmp_path: Path,
) -> None:
    floor = await at_the_gate(tmp_path)
    async with operator(floor, "ana") as ana, operator(floor, "ben") as ben:
        await ana.open_card()
        await ben.open_card()
        await ben.press(*_code(floor))
        _deaf(ben)
        await _approve(ana, floor)
        assert not isinstance(ana.app.screen, Review)
        await ben.press("enter")
        await settled(ben.pilot)
        (made,) = floor.view.approvals
        assert made.actor == "operator:ana"
        assert f"operator:ana approved this gate at {made.created_at}" in " ".join(ben.text.split())
        await _approve(ben, floor)
    assert len(floor.view.approvals) == 1


async def test_in_two_cockpits_of_one_operator_the_second_approval_is_the_first_and_is_said_to_be(
    tmp_path: Path,
) -> None:
    floor = await at_the_gate(tmp_path)
    async with operator(floor, "ana") as ana, operator(floor, "ana") as again:
        await ana.open_card()
        await again.open_card()
        _deaf(again)
        await _approve(ana, floor)
        await _approve(again, floor)
        (made,) = floor.view.approvals
        assert "is closing now" in ana.app.said.text
        when = time_of_day(made.created_at)
        assert again.app.said.text == f"operator:ana approved {made.run[-4:]} at {when} already; nothing changed."


async def test_an_approval_comes_too_late_after_somebody_rejected_and_says_who(tmp_path: Path) -> None:
    floor = await at_the_gate(tmp_path)
    async with operator(floor, "ana") as ana, operator(floor, "ben") as ben:
        await ana.open_card()
        await ben.open_card()
        _deaf(ben)
        await ana.press("n")
        await ana.press(*"not_like_this", "enter")
        await settled(ana.pilot)
        await _approve(ben, floor)
        assert "operator:ana rejected this gate at" in " ".join(ben.text.split())
    assert [made.decision for made in floor.view.approvals] == ["reject"]


async def test_an_open_card_closes_with_the_next_look_and_names_who_decided(tmp_path: Path) -> None:
    floor = await at_the_gate(tmp_path)
    async with operator(floor, "ana") as ana, operator(floor, "ben") as ben:
        await ana.open_card()
        await ben.open_card()
        await _approve(ana, floor)
        await ben.look()
        await until(ben.pilot, lambda: "approved this package" in ben.text)
        (made,) = floor.view.approvals
        assert f"operator:ana approved this package at {time_of_day(made.created_at)}" in " ".join(ben.text.split())
        await _approve(ben, floor)
    assert len(floor.view.approvals) == 1


async def test_two_cockpits_show_the_same_one_look_after_a_change(tmp_path: Path) -> None:
    floor = await at_the_gate(tmp_path)
    async with operator(floor, "ana") as ana, operator(floor, "ben") as ben:
        await ana.open_card()
        await _approve(ana, floor)
        for who in (ana, ben):
            await who.look()
        rows = [who.app.store.snapshot.rows for who in (ana, ben)]
        views = [who.app.store.snapshot.selected for who in (ana, ben)]
    assert rows[0] == rows[1]
    assert rows[0][0].state == "closing"
    assert views[0] is not None
    assert views[1] is not None
    assert (views[0].run, views[0].approvals, views[0].head) == (views[1].run, views[1].approvals, views[1].head)


def _deaf(who: Operator) -> None:
    """This cockpit reads nothing more of the ledger: a decision that happens within one turn of its feed."""
    for worker in who.app.workers:
        if worker.group == "feed":
            worker.cancel()
    who.app.look_now = lambda: None  # type: ignore[method-assign]
