"""Houses for the crash tests, and how a run ends that nobody disturbs."""

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.crash.ending import check_house, end_of, fingerprint
from tests.e2e.crash.house import House
from tests.e2e.crash.play import Operator


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A fresh house; its worker ends with the test. A test that fails shows what the worker said last."""
    made = House(tmp_path)
    yield made
    made.call("worker", "--stop")
    print(made.last_words())


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Any]:
    """The end of a run in which nothing was killed. Played once, also when several processes run the tests."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with (shared / "calm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = shared / "calm.json"
        if not kept.exists():
            kept.write_text(json.dumps(_undisturbed(tmp_path_factory.mktemp("calm"))))
    found: dict[str, Any] = json.loads(kept.read_text())
    return found


def _undisturbed(folder: Path) -> dict[str, Any]:
    house = House(folder)
    before = fingerprint(house.repo)
    operator = Operator(house)
    operator.start("calm")
    operator.play()
    house.call("worker", "--stop")
    check_house(house, operator.runs)
    assert fingerprint(house.repo) == before
    return end_of(house, operator.runs["calm"])
