"""A whole run by the command line beside a Mission Control that fails on the way: real processes, a real socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.clock import SystemClock
from adapters.ledger.open import open_ledger
from factory.model.outbox import OutboxItem
from tests.e2e.crash.house import until
from tests.e2e.test_cli_whole_run import Cockpit
from tests.support.fake_mission_control import PASSWORD, FakeMissionControl

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def cockpit(tmp_path: Path) -> Iterator[Cockpit]:
    made = Cockpit(tmp_path)
    yield made
    made.call("worker", "--stop")


def configured(cockpit: Cockpit, url: str) -> None:
    """A mirror, and a secret beside it."""
    cockpit.home.mkdir(mode=0o700)
    secret = cockpit.home / "mission.password"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    text = (
        f'[mission]\nurl = "{url}"\nuser = "operator1"\nsecret = "file:mission.password"\n[outbox]\nfirst_retry_s = 1\n'
    )
    (cockpit.home / "config.toml").write_text(text)


def test_a_run_ends_while_the_server_is_away_and_is_there_once_when_it_is_back(cockpit: Cockpit) -> None:
    fake = FakeMissionControl()
    with fake.served() as url:
        configured(cockpit, url)
        assert cockpit.start("--json").returncode == 0
        until("the goal's task", lambda: fake.books.tasks)
        fake.faults.set("broken", has_effect=True)
        run = cockpit.json("wait", "last")["run"]
        cockpit.json("verify", run)
        assert cockpit.json("wait", run)["state"] == "awaiting_qa"
        digest = cockpit.json("review", run)["digest"]
        cockpit.json("approve", run, "--digest", digest)
        assert cockpit.json("wait", run, "--for", "done")["reached"]
        fake.faults.clear()
        until("the mirror", lambda: _is_all_there(cockpit))
    kinds = sorted((task["metadata"]["kind"], task["status"]) for task in fake.books.tasks.values())
    assert kinds == [("gate", "done"), ("goal", "done")]
    assert sorted(each["cost"]["cost_usd"] for each in fake.books.runs.values()) == [0.01, 0.25]
    assert fake.sins == []
    log = (cockpit.home / "log" / "worker.log").read_text()
    assert PASSWORD not in log
    assert "/api/" not in log


def _is_all_there(cockpit: Cockpit) -> bool:
    """Whether nothing waits for the mirror; a process for each look would take longer than the mirror does."""
    ledger = open_ledger(cockpit.home / "ledger.db", SystemClock())
    items = ledger.find(OutboxItem, target="mission")
    ledger.close()
    return bool(items) and {item.state for item in items} == {"delivered"}
