"""A home among all the systems, a run in it, and what each system holds of that run."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.knowledge.bookstack import ALL_RUNS
from factory.model.outbox import METRICS
from tests.e2e.product import WAIT_S
from tests.e2e.stage import ACCEPT, GOAL, Stage, stage_in
from tests.support.town import Town, configuration

ROLES = ("request", "status", "evidence", "postflight")


@contextmanager
def staged(home: Path, folder: Path, town: Town, kind: str = "file") -> Iterator[Stage]:
    """A stage whose home is configured for the town, with secrets from files, or from the environment (`env`)."""
    with town.urls() as urls, stage_in(home, folder) as stage:
        if kind == "env":
            stage.at.environment.update(town.keys.by_place())
        else:
            town.keys.write(home)
        with (home / "config.toml").open("a") as config:
            config.write(configuration(urls, town.keys.user, kind))
        yield stage


def run_to_done(stage: Stage) -> str:
    """A run, from start to done; its id."""
    run = stage.at.start(GOAL, stage.repository, "--accept", ACCEPT)
    stage.at.drive(run)
    assert stage.at.approve(run).exit_code == 0
    assert stage.at.ok("wait", run, "--for", "done", "--timeout", str(WAIT_S))["reached"] == "done"
    return run


def all_arrived(stage: Stage) -> list[dict[str, Any]]:
    """The items of the outbox, once every one was delivered; the page over all runs is queued after the run's end."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        items: list[dict[str, Any]] = stage.at.ok("outbox", "list")["items"]
        is_measured = any(item["ref"].endswith(f"{METRICS}.md") for item in items)
        if is_measured and {item["state"] for item in items} == {"delivered"}:
            return items
        time.sleep(0.2)
    raise AssertionError([(item["target"], item["state"], item["error"]) for item in items])


def all_is_there_once(town: Town, home: Path, run: str) -> None:
    """Each system holds what it should of the only run, a single time."""
    pages = [{tag["name"]: tag["value"] for tag in page["tags"]} for page in town.wiki.pages.values()]
    assert Counter(page["factory-page"] for page in pages) == Counter((*ROLES, METRICS))
    assert {page["factory-run"] for page in pages} == {run, ALL_RUNS}
    assert len(town.wiki.things["books"]) == len(town.wiki.things["shelves"]) == 1
    assert [document["status"] for document in town.rag.documents.stored.values()] == ["processed"]
    tasks = sorted((task["metadata"]["kind"], task["status"]) for task in town.mission.books.tasks.values())
    assert tasks == [("gate", "done"), ("goal", "done")]
    assert sorted(each["cost"]["cost_usd"] for each in town.mission.books.runs.values()) == [0.01, 0.01]
    said = [comment["content"] for comment in town.mission.books.comments]
    assert len(said) == len(set(said))
    assert town.mission.sins == []
    tool = [line for line in (home / "tool.jsonl").read_text().splitlines() if line]
    assert set(town.hooked) == {json.loads(line)["key"].replace("tool", "hive", 1) for line in tool}


def alerts(stage: Stage) -> dict[str, list[str]]:
    """What was announced of each system, oldest first."""
    told: dict[str, list[str]] = {}
    for event in stage.at.events():
        if event["action"] in ("port.outage", "port.recovered"):
            told.setdefault(event["object"], []).append(event["action"])
    return told
