"""A Mission Control with 5,000 tasks: how soon its requests are on screen, and what it is asked for meanwhile."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.screens import SIZE
from tests.bench.stage import stage
from tests.support.fake_mission_control import OPERATOR, PASSWORD, FakeMissionControl
from tests.support.loopback import served
from tests.tools.tuimeter import Session, dist, opened

TASKS, OURS = 5_000, 40
LIST_S = 0.176
"""What the real server took for a list of one status among 5,000 tasks; our fake waits as long."""
REST_S = 130.0
"""Two polls are in it."""
PLACE = "COCKPIT_BENCH_PASSWORD"

_ABOUT = """\
A worker and a cockpit (200×50) beside a fake of Mission Control with 5,000 tasks, 40 of them for us. The fake takes as
long for each list as the real server was measured to take. *First requests on screen*: from the worker's first call to
the cockpit's line that says that requests wait, log-in, checks and stream included; bare: the answer to one list of
a live status. *Change to screen*: somebody makes a task there; from that moment to the new count on screen."""


class SlowMission(FakeMissionControl):
    """The fake, with lists as slow as the real one's; it notes when it was called first."""

    called_at = 0.0

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as the fake does, later."""
        self.called_at = self.called_at or time.perf_counter()
        if request.method == "GET" and request.url.path == "/api/tasks":
            time.sleep(LIST_S)
        return super().answer(request)


def measure_mission(folder: Path, changes: int = 40, rest_s: float = REST_S) -> Benchmark:
    """Start, change after change, then rest."""
    fake = SlowMission()
    for number in range(TASKS):
        who = "cockpit" if number % (TASKS // OURS) == 0 else "somebody"
        fake.books.create({"title": f"Task {number}", "assigned_to": who}, "Ana")
    with served(fake.answer) as url, _home(folder, url) as screen:
        first_s = (screen.wait(r"\b\d+ requests? waits?\b", 20) or 0.0) - fake.called_at
        all_s = _shown(screen, OURS) - fake.called_at
        times = [_change(fake, screen, OURS + number + 1) for number in range(changes)]
        before = len(fake.calls)
        screen.pump(time.perf_counter() + rest_s)
        calls = len(fake.calls) - before
        bare_s = _bare(url)
        fake.hang_up()
    seen = dist([time for time in times if time]) or {}
    lists = [httpx.URL(path) for _, path in fake.calls if "limit=" in path]
    largest = max(int(url.params.get("limit", 0)) for url in lists)
    return Benchmark(
        "Mission Control with 5,000 tasks",
        _ABOUT,
        (Ratio("first requests on screen", 1000 * first_s, 1000 * bare_s, "ms", Budget("≤", 2)),),
        (
            Part("all 40 requests on screen", 1000 * all_s, "ms"),
            Part("change there to screen: median", seen.get("p50", 0), "ms"),
            Part("change there to screen: 95 of 100", seen.get("p95", 0), "ms", Budget("≤", 300)),
            Part("changes that never came to the screen", times.count(0.0), "", Budget("≤", 0)),
            Part("requests a minute at rest", calls / rest_s * 60, "/min", Budget("≤", 30)),
            Part("tasks of the largest list that was asked for", largest, "", Budget("≤", 200)),
            Part("calls that it must never get", len(fake.sins), "", Budget("≤", 0)),
        ),
    )


@contextmanager
def _home(folder: Path, url: str) -> Iterator[Session]:
    """A cockpit on a home whose worker listens there."""
    home = folder / "stage" / "home"
    home.mkdir(parents=True)
    os.environ[PLACE] = PASSWORD
    text = f'[mission]\nurl = "{url}"\nuser = "{OPERATOR.username}"\nsecret = "env:{PLACE}"\n'
    (home / "config.toml").write_text(text)
    command = [sys.executable, "-P", "-m", "cockpit", "--home", str(home)]
    spec = {"name": "cockpit", "cmd": command, "ready": "LIVE", "size": SIZE, "timeout": 90, "quit": ["<esc>", "q"]}
    with opened(spec) as session, stage(folder / "stage"):
        yield session


def _shown(screen: Session, count: int) -> float:
    """When the screen said that so many requests wait; 0 when it did not."""
    return screen.wait(rf"\b{count} requests? waits?\b", 20) or 0.0


def _change(fake: FakeMissionControl, screen: Session, count: int) -> float:
    """Milliseconds from a new task there to its count on screen; 0 when it never came."""
    screen.pump(time.perf_counter() + 0.3)
    made = time.perf_counter()
    with fake.turn:
        fake.books.create({"title": f"New {count}", "assigned_to": "cockpit"}, "Ana")
    seen = _shown(screen, count)
    return 1000 * (seen - made) if seen else 0.0


def _bare(url: str) -> float:
    """Seconds for one list of a live status, the median of five."""
    with httpx.Client(base_url=url, trust_env=False) as client:
        client.post("/api/auth/login", json={"username": OPERATOR.username, "password": PASSWORD}).raise_for_status()
        times = []
        for _ in range(5):
            began = time.perf_counter()
            client.get("/api/tasks", params={"status": "assigned", "limit": 200}).raise_for_status()
            times.append(time.perf_counter() - began)
    return sorted(times)[2]
