"""A whole run, by real processes, while a BookStack and a webhook fail; in the end all is there once."""

import base64
import json
import shlex
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.product import WAIT_S
from tests.e2e.stage import ACCEPT, GOAL, Stage, stage_in
from tests.support.fake_bookstack import TOKEN, FakeBookStack
from tests.support.faults import Fault, Faults
from tests.support.loopback import served

pytestmark = pytest.mark.e2e

HOOK_SECRET = "hook-secret-of-the-whole-run"
WIKI_SECRET = TOKEN.split(":")[1]
ROLES = {"request", "status", "evidence", "postflight"}


@dataclass
class Town:
    """The systems around the home."""

    wiki: FakeBookStack = field(default_factory=FakeBookStack)
    wiki_faults: Faults = field(default_factory=Faults)
    hook_faults: Faults = field(default_factory=Faults)
    hooked: Counter[str] = field(default_factory=Counter)

    def hook(self, request: httpx.Request) -> httpx.Response:
        """Take an item."""
        self.hooked[json.loads(request.content)["key"]] += 1
        return httpx.Response(202)

    def fail(self, wiki: Fault, hook: Fault) -> None:
        """Fail until told otherwise."""
        self.wiki_faults.set(wiki)
        self.hook_faults.set(hook)

    def recover(self) -> None:
        """Work again."""
        self.wiki_faults.clear()
        self.hook_faults.clear()


@contextmanager
def staged(home: Path, folder: Path, town: Town) -> Iterator[Stage]:
    """A stage whose home is configured for the town."""
    program = shlex.join([sys.executable, "-c", "import sys; print(sys.stdin.read(), file=open('tool.jsonl', 'a'))"])
    with (
        served(town.wiki.answer, town.wiki_faults) as wiki_url,
        served(town.hook, town.hook_faults) as hook_url,
        stage_in(home, folder) as stage,
    ):
        stage.at.environment["WIKI_TOKEN"] = TOKEN
        with (home / "config.toml").open("a") as config:
            config.write(
                f"[knowledge]\nurl = '{wiki_url}'\ntoken = 'env:WIKI_TOKEN'\nshelf = 'Factory'\n"
                f"[sinks.hive]\nurl = '{hook_url}/hook'\nsecret = 'file:hive.key'\n"
                f"[sinks.tool]\ncommand = {json.dumps(program)}\n"
                "[outbox]\nfirst_retry_s = 0.5\nlongest_retry_s = 2\n"
            )
        (home / "hive.key").write_text(HOOK_SECRET)
        (home / "hive.key").chmod(0o600)
        yield stage


def run_to_done(stage: Stage) -> str:
    """A run, from start to done; its id."""
    run = stage.at.start(GOAL, stage.repository, "--accept", ACCEPT)
    stage.at.drive(run)
    assert stage.at.approve(run).exit_code == 0
    assert stage.at.ok("wait", run, "--for", "done", "--timeout", str(WAIT_S))["reached"] == "done"
    return run


def all_arrived(stage: Stage) -> list[dict[str, Any]]:
    """The items of the outbox, once every one was delivered."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        items: list[dict[str, Any]] = stage.at.ok("outbox", "list")["items"]
        if {item["state"] for item in items} == {"delivered"}:
            return items
        time.sleep(0.2)
    raise AssertionError([(item["target"], item["state"], item["error"]) for item in items])


def test_a_run_is_done_while_the_systems_fail_and_all_is_there_once_afterwards(home: Path, tmp_path: Path) -> None:
    town = Town()
    with staged(home, tmp_path, town) as stage:
        town.fail(wiki="broken", hook="cut")
        run = run_to_done(stage)
        assert town.wiki.pages == {}
        waiting = {item["target"] for item in stage.at.ok("outbox", "list")["items"] if item["state"] != "delivered"}
        assert waiting >= {"bookstack", "sink:hive"}
        town.recover()
        items = all_arrived(stage)
        events = stage.at.events()
    assert {item["target"] for item in items} == {"knowledge", "memory", "bookstack", "sink:hive", "sink:tool"}
    pages = [{tag["name"]: tag["value"] for tag in page["tags"]} for page in town.wiki.pages.values()]
    assert Counter(page["factory-page"] for page in pages) == Counter(ROLES)
    assert {page["factory-run"] for page in pages} == {run}
    assert len(town.wiki.things["books"]) == len(town.wiki.things["shelves"]) == 1
    assert set(town.hooked) == {json.loads(line)["key"].replace("tool", "hive", 1) for line in tool_lines(home)}
    alerts = Counter(
        (e["action"], e["object"]) for e in events if e["action"].startswith("port.") and e["action"] != "port.seen"
    )
    assert alerts == {
        (action, name): 1 for action in ("port.outage", "port.recovered") for name in ("bookstack", "sink:hive")
    }
    assert secrets_below(home) == []


def tool_lines(home: Path) -> list[str]:
    """What the command sink was given, one item a line."""
    return [line for line in (home / "tool.jsonl").read_text().splitlines() if line]


def secrets_below(home: Path) -> list[str]:
    """Files with one of the secrets, plain or in base64, beside the one that it is kept in."""
    plain = [WIKI_SECRET.encode(), HOOK_SECRET.encode()]
    forms = [*plain, *(base64.b64encode(secret)[:-4] for secret in [*plain, TOKEN.encode()])]
    files = [file for file in home.rglob("*") if file.is_file() and file.name != "hive.key"]
    return [str(file) for file in files if any(form in file.read_bytes() for form in forms)]
