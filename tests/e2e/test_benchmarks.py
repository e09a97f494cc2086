"""Every benchmark still measures what it says, with sizes that say nothing about speed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.agent_meter import measure_meter
from tests.bench.agent_start import measure_agent_start
from tests.bench.changes import measure_changes
from tests.bench.cockpit_screen import measure_screen
from tests.bench.cockpit_start import measure_start
from tests.bench.evidence_capture import measure_capture
from tests.bench.files import measure_files
from tests.bench.first_report import measure_first_report
from tests.bench.flight import measure_flight
from tests.bench.ledger_writes import measure_writes
from tests.bench.machine import Machine
from tests.bench.memory import measure_memory
from tests.bench.mission import measure_mission
from tests.bench.nav import measure_nav
from tests.bench.panes import measure_panes
from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.report import page, text
from tests.bench.stage import Stage, stage
from tests.bench.step_overhead import measure_steps
from tests.bench.systems import measure_systems
from tests.bench.tail import measure_tail
from tests.bench.timeline import PARTS
from tests.bench.type_filter import measure_typing

pytestmark = pytest.mark.slow

QUIET = Machine(2, "x86_64", "3.11.7", ("SQLite 3.40.1",), (0.1, 0.4))


def assert_all_measured(benchmark: Benchmark) -> None:
    assert benchmark.ratios
    for ratio in benchmark.ratios:
        assert ratio.ours > 0, ratio.what
        assert ratio.bare > 0, ratio.what
        assert f"{ratio.value:.2f}×" in text(benchmark)


def test_steps_are_measured(tmp_path: Path) -> None:
    assert_all_measured(measure_steps(tmp_path, rounds=1, steps=2))


def test_ledger_transactions_are_measured(tmp_path: Path) -> None:
    assert_all_measured(measure_writes(tmp_path, rounds=2, writes=2))


def test_recorded_runs_are_measured(tmp_path: Path) -> None:
    assert_all_measured(measure_flight(tmp_path, rounds=1, small=50, large=200))


def test_the_first_report_is_measured(tmp_path: Path) -> None:
    assert_all_measured(measure_first_report(tmp_path, rounds=1, runs=20))


def test_a_capture_is_measured_and_its_log_removed(tmp_path: Path) -> None:
    assert_all_measured(measure_capture(tmp_path, rounds=1, size=300_000))
    assert list(tmp_path.iterdir()) == []


def test_hearing_an_agent_is_measured_for_each_dialect(tmp_path: Path) -> None:
    found = measure_meter(tmp_path, rounds=1, size=1_000_000, enough_s=0.0001)
    assert_all_measured(found)
    assert [ratio.budget is not None for ratio in found.ratios] == [True, False] * 4


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("stage")) as live:
        yield live


def test_the_start_of_an_agent_is_measured_from_end_to_end(live: Stage, tmp_path: Path) -> None:
    found = measure_agent_start(live, tmp_path, rounds=1)
    assert_all_measured(found)
    parts = {part.what: part.value for part in found.parts}
    whole = sum(parts[name] for name in PARTS)
    assert whole == pytest.approx(found.ratios[0].ours, abs=1.0), "a part is missing, or is measured twice"


def test_the_cockpit_is_measured_in_a_terminal(live: Stage) -> None:
    found = measure_screen(live, rounds=1, keys=2, goals=2)
    assert_all_measured(found)
    assert found.parts[0].value == 0, "a key was never answered"


def test_a_mission_control_with_many_tasks_is_measured_on_screen(tmp_path: Path) -> None:
    found = measure_mission(tmp_path, changes=2, rest_s=1.0)
    assert_all_measured(found)
    parts = {part.what: part.value for part in found.parts}
    assert parts["changes that never came to the screen"] == 0
    assert parts["tasks of the largest list that was asked for"] <= 200
    assert parts["calls that it must never get"] == 0


def test_a_run_beside_systems_that_hang_is_measured_and_what_it_wrote_waits(tmp_path: Path) -> None:
    found = measure_systems(tmp_path, rounds=1)
    assert_all_measured(found)
    assert all(part.value > 0 for part in found.parts)


def test_the_page_says_what_does_not_hold_and_that_the_machine_was_busy() -> None:
    ratios = (Ratio("good", 1.0, 1.0, "ms", Budget("≤", 2.0)), Ratio("bad", 1.0, 4.0, "/s", Budget("≥", 0.5)))
    benchmark = Benchmark("Both", "One and the other.", ratios, (Part("memory", 12.0, "MB"),))
    written = page([benchmark], QUIET)
    assert "| good | 1.00 ms | 1.00 ms | 1.00× | ≤ 2× | holds |" in written
    assert "| bad | 1.00 /s | 4.00 /s | 0.25× | ≥ 0.5× | does not hold |" in written
    assert "| memory | 12.0 MB |" in written
    assert "repeat" not in written
    busy = Machine(2, "x86_64", "3.11.7", (), (0.1, 4.4))
    assert "repeat" in page([benchmark], busy)


def test_keys_are_measured_at_every_size(tmp_path: Path) -> None:
    found = measure_nav(tmp_path, sizes=((10, 10), (300, 2)), keys=4, held=6, plot=tmp_path / "latency.svg")
    assert_all_measured(found)
    assert "<polyline" in (tmp_path / "latency.svg").read_text(encoding="utf-8")


def test_letters_results_and_orders_come_to_the_screen(tmp_path: Path) -> None:
    found = measure_typing(tmp_path, runs=200, rounds=1)
    assert_all_measured(found)
    assert {part.what: part.value for part in found.parts}["letters, results and orders that never came"] == 0


def test_panes_and_sizes_are_measured(tmp_path: Path) -> None:
    found = measure_panes(tmp_path, keys=9, storms=1)
    assert_all_measured(found)
    assert [part.value for part in found.parts[1:]] == [0, 0], "a key or a size was never drawn"


def test_files_come_to_the_screen_and_none_is_missing(tmp_path: Path) -> None:
    found = measure_files(tmp_path, writes=3, folders=20, burst=(10, 20))
    assert_all_measured(found)
    assert [part.value for part in found.parts] == [0, 0, 0]


def test_the_end_of_a_log_is_followed(tmp_path: Path) -> None:
    found = measure_tail(tmp_path, lines=200, loaded_s=2)
    assert_all_measured(found)
    assert [part.value for part in found.parts[-2:]] == [0, 0], "a key was never answered, or the end not shown"


def test_memory_is_measured_at_every_size_and_under_load(tmp_path: Path) -> None:
    found = measure_memory(tmp_path, sizes=(30, 60), loaded_s=3)
    assert_all_measured(found)
    assert any(part.what == "growth in 3 s of 100 events/s" for part in found.parts)


def test_changes_come_to_the_screen(tmp_path: Path) -> None:
    found = measure_changes(tmp_path, events=2, loaded_s=2, rest_s=1)
    assert_all_measured(found)
    assert {part.what: part.value for part in found.parts}["events that never came to the screen"] == 0


def test_every_start_is_measured_to_its_end(tmp_path: Path) -> None:
    found = measure_start(tmp_path, rounds=1, goals=3, very_many=5, events=1000)
    assert_all_measured(found)
    times = {ratio.what.removeprefix("start, "): ratio.ours for ratio in found.ratios}
    for name in ("empty", "many goals", "5 goals", "ledger held", "replay"):
        assert times[f"{name}: first paint"] <= times[f"{name}: useful"] <= times[f"{name}: first key answered"]
    assert times["5 goals: useful"] <= times["5 goals: all loaded"]
