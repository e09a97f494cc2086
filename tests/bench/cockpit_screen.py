"""The cockpit in a real terminal: how soon it is there and how soon it answers, against an empty Textual app."""

import sys
from pathlib import Path
from typing import Any

from tests.bench import floor_app
from tests.bench.ratio import Benchmark, Part, Ratio
from tests.bench.stage import Stage
from tests.tools.tuimeter import run_suite

_ABOUT = """\
`cockpit` on a home with a few runs and a live worker, in a pseudo terminal of 80×24, against the smallest Textual app
(one line of text that counts keys). First paint: the first cell that is not blank; ready: the list of goals with a run
in it. A key moves the cursor in that list, or counts one more; it is answered when the screen looks different. There is
no budget yet."""


def measure_screen(stage: Stage, rounds: int = 5, keys: int = 40, goals: int = 5) -> Benchmark:
    """Start, and `j` and `k` in turn."""
    for _ in range(goals):
        stage.end(stage.launch().run)
    key = {"name": "move", "send": ["j", "k"], "n": keys, "expect": "cells"}
    report = run_suite(
        {
            "rounds": rounds,
            "defaults": {"size": "80x24", "keys": [key], "quit": ["q"], "cwd": str(stage.home)},
            "targets": [
                {"name": "floor", "cmd": [sys.executable, str(Path(floor_app.__file__))], "ready": "ready"},
                {
                    "name": "cockpit",
                    "cmd": [sys.executable, "-P", "-m", "cockpit", "--home", str(stage.home)],
                    "ready": stage.goal,
                    # The first picture shows goals before there are keys.
                    "prelude": [{"wait": r"NEXT +(?!reading)\S"}],
                },
            ],
        },
        None,
        _heard_by_nobody,
    )
    floor, ours = report["targets"]
    return Benchmark("Cockpit start and key latency", _ABOUT, _ratios(ours, floor), _parts(ours, floor))


def _ratios(ours: dict[str, Any], floor: dict[str, Any]) -> tuple[Ratio, ...]:
    def start(what: str, name: str) -> Ratio:
        return Ratio(what, ours["startup"][name]["p50"], floor["startup"][name]["p50"], "ms")

    def key(what: str, name: str) -> Ratio:
        return Ratio(what, ours["keys"]["move"]["latency_ms"][name], floor["keys"]["move"]["latency_ms"][name], "ms")

    return (
        start("cockpit start: first paint", "first_paint"),
        start("cockpit start: ready", "ready"),
        start("cockpit start: CPU until it is quiet", "cpu_ms"),
        key("key to screen, median", "p50"),
        key("key to screen, 95 of 100", "p95"),
    )


def _parts(ours: dict[str, Any], floor: dict[str, Any]) -> tuple[Part, ...]:
    return (
        Part("keys that were never answered", ours["keys"]["move"]["missed"], ""),
        Part("memory of the cockpit (RSS)", ours["end_rss_mb"], "MB"),
        Part("memory of the empty app (RSS)", floor["end_rss_mb"], "MB"),
    )


def _heard_by_nobody(_: str) -> None:
    """Progress is not printed."""
