"""What a canary holds of the caps that runs share is given back, also when it was killed."""

from pathlib import Path

import pytest

from cockpit.canary_home import FOLDER, alone, clear_up
from factory.model.cost import Budget
from factory.model.defaults import Defaults
from factory.operations.canary_holds import HELD, SETTLED, hold, release_abandoned, settle
from factory.ports.bundle import Ports
from tests.unit.workflow.floor import Floor

AT = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def ports(tmp_path: Path) -> Ports:
    return Floor(tmp_path, Defaults(day_cap_micros=1_000_000, namespace_cap_micros=2_000_000)).ports


def held(ports: Ports, call: str) -> int:
    """What the call holds for a verdict now."""
    return ports.ledger.write("operator:ana", lambda tx: hold(tx, ports, call, AT, 250_000)) or 0


def settled(ports: Ports, call: str, spent: int | None) -> None:
    """That verdict is there."""
    ports.ledger.write("operator:ana", lambda tx: settle(tx, ports, call, AT, 250_000, spent))


def money(ports: Ports) -> list[tuple[int, int]]:
    """Reserved and spent, of the day and of the namespace."""
    return [(cap.reserved_micros, cap.spent_micros) for cap in ports.ledger.find(Budget, run="")]


def test_a_killed_one_holds_nothing_any_more_and_is_cleared_once(ports: Ports) -> None:
    assert held(ports, "cny_1") == 250_000
    settled(ports, "cny_1", 20_000)
    held(ports, "cny_1")  # and is killed
    assert money(ports) == [(250_000, 20_000)] * 2
    assert release_abandoned(ports) == 250_000
    assert money(ports) == [(0, 20_000)] * 2
    assert release_abandoned(ports) == 0
    held(ports, "cny_2")
    assert release_abandoned(ports) == 250_000


def test_after_midnight_the_day_that_it_was_held_of_gets_it_back(ports: Ports) -> None:
    held(ports, "cny_1")
    ports.ledger.write("operator:ana", lambda tx: hold(tx, ports, "cny_2", "2026-01-02T00:00:00.000Z", 250_000))
    assert [cap.subject for cap in ports.ledger.find(Budget, scope="day")] == [
        "default:2026-01-01",
        "default:2026-01-02",
    ]
    assert release_abandoned(ports) == 500_000
    assert {reserved for reserved, _ in money(ports)} == {0}


def test_a_verdict_without_a_price_keeps_its_reservation(ports: Ports) -> None:
    held(ports, "cny_1")
    settled(ports, "cny_1", None)
    assert release_abandoned(ports) == 0
    assert money(ports) == [(250_000, 0)] * 2


def test_where_no_cap_is_shared_nothing_is_noted(tmp_path: Path) -> None:
    ports = Floor(tmp_path).ports
    assert held(ports, "cny_1") == 250_000
    settled(ports, "cny_1", 1)
    assert ports.ledger.events(actions=(HELD, SETTLED)) == ()
    assert release_abandoned(ports) == 0


def test_a_worker_that_starts_clears_up_unless_a_canary_is_at_work(ports: Ports, tmp_path: Path) -> None:
    other = tmp_path / FOLDER
    held(ports, "cny_1")
    clear_up(ports, tmp_path)
    assert not other.exists(), "a home without canaries stays without"
    other.mkdir()
    with alone(other):
        clear_up(ports, tmp_path)
        assert money(ports) == [(250_000, 0)] * 2
    clear_up(ports, tmp_path)
    assert money(ports) == [(0, 0)] * 2
