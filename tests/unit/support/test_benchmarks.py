"""A benchmark that ends half way takes nothing from the others, and is not passed over."""

from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.ratio import Benchmark, Ratio


def test_the_others_are_kept_and_the_run_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def half_way(_: Path) -> Benchmark:
        raise TimeoutError("never seen: a key\na picture")

    good = Benchmark("Good", "", (Ratio("good", 1, 1, "ms"),))
    monkeypatch.setitem(bench.ALONE, "steps", half_way)
    monkeypatch.setitem(bench.ALONE, "ledger", lambda _: good)
    found = list(bench.measured(tmp_path, ["steps", "ledger"]))
    assert [one.title for one in found] == ["steps: not measured", "Good"]
    assert "never seen: a key" in found[0].about
    assert [any(each.is_broken for each in bench.checked(one)) for one in found] == [True, False]
