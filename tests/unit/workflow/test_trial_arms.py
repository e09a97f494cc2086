"""A run gets its arm before its work starts, and nobody who looks at the run can see which."""

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from cockpit.cli.launch_text import launch_text
from factory.model.audit import canonical_json
from factory.model.defaults import Defaults
from factory.model.trial import Assignment
from factory.operations import inspect
from factory.operations.results import Started
from tests.unit.workflow.floor import Floor

TRIAL = Defaults(trial=True)


def test_no_run_is_assigned_without_a_trial(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    floor.launch()
    assert floor.ledger.find(Assignment) == ()


def test_the_arm_is_there_at_the_start_and_nowhere_that_a_run_is_shown(tmp_path: Path) -> None:
    floor = Floor(tmp_path, TRIAL)
    run = floor.launch(priority="M", domain="frontend", goal="Change the css of the page")
    (given,) = floor.ledger.find(Assignment)
    assert (given.given_to, given.why) == (run, "")
    assert given.arm in ("A", "B")
    shown = [asdict(floor.view), asdict(inspect.status(floor.ports, run))]
    assert given.id not in json.dumps(shown, default=str)
    (event,) = (one for one in floor.ledger.events() if one.object == given.id)
    assert (event.run, event.detail) == ("", {})
    assert event.seq < next(one.seq for one in floor.ledger.events() if one.action == "run.ready")


def test_the_digest_of_the_workflow_is_that_of_the_one_that_the_run_keeps(tmp_path: Path) -> None:
    for trial in (False, True):
        floor = Floor(tmp_path / str(trial), Defaults(trial=trial))
        floor.launch(priority="M", domain="frontend", goal="Change the css of the page")
        assert floor.run.definition.auto_verify == trial
        kept = canonical_json(asdict(floor.run.definition)).encode()
        assert floor.run.workflow_sha256 == sha256(kept).hexdigest()


def test_what_is_printed_at_the_start_does_not_tell_the_arm(tmp_path: Path) -> None:
    floor = Floor(tmp_path, TRIAL)
    for _ in range(4):  # a whole block: both arms
        floor.launch(priority="M", domain="frontend", goal="Change the css of the page")
        text = launch_text(Started(floor.run_id, "ready", created=True), floor.view, ())
        assert "priority M, how it is checked is withheld (trial)" in text


def test_a_run_that_needs_a_verifier_by_rule_is_left_out(tmp_path: Path) -> None:
    floor = Floor(tmp_path, TRIAL)
    floor.launch(priority="H")
    (given,) = floor.ledger.find(Assignment)
    assert given.arm == ""
    assert given.why.startswith("A verifier is required: ")
