"""`evidence`: listed, shown, added, checked."""

from pathlib import Path

import pytest

from tests.contract.command_line import CommandLine, Plant

KEYS = {"id", "kind", "path", "sha256", "polarity", "score", "claims"}


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


def test_evidence_is_listed_shown_added_and_checked(plant: Plant, tmp_path: Path) -> None:
    run = plant.delivered()
    items = plant.cli.json("evidence", "list", run).json["items"]
    assert items
    assert all(set(item) >= KEYS for item in items)
    shown = plant.cli.json("evidence", "show", items[0]["id"]).json
    assert (shown["id"], Path(shown["path"]).is_absolute()) == (items[0]["id"], True)
    note = tmp_path / "note.txt"
    note.write_text("measured by hand\n")
    added = plant.cli.json("evidence", "add", run, str(note), "--kind", "log", "--claim", "A1").json
    assert (added["kind"], added["claims"]) == ("log", ["A1"])
    checked = plant.cli.json("evidence", "verify", run).json
    assert (checked["ok"], checked["problems"]) == (True, [])
    assert checked["checked"] == len(items) + 1


def test_a_changed_piece_of_evidence_is_a_problem_and_exit_3(plant: Plant) -> None:
    run = plant.delivered()
    item = plant.cli.json("evidence", "list", run).json["items"][0]
    Path(item["path"]).write_text("all tests pass\n")
    answer = plant.cli.json("evidence", "verify", run)
    assert (answer.code, answer.json["ok"]) == (3, False)
    assert answer.json["problems"][0]["code"] == "digest_mismatch"


def test_memory_and_sentences_are_no_evidence(plant: Plant) -> None:
    run = plant.delivered()
    for source in ("memory://note-1", "All tests pass, trust me."):
        error = plant.cli.json("evidence", "add", run, source).failed(3, "inadmissible_source")
        assert source[:12] in error["message"]


def test_a_package_is_exported_to_an_empty_folder(plant: Plant, tmp_path: Path) -> None:
    run = plant.delivered()
    plant.cli.json("evidence", "export", run, str(tmp_path / "x")).failed(4, "not_found")
    plant.cli.json("verify", run)
    plant.work()
    exported = plant.cli.json("evidence", "export", run, str(tmp_path / "out")).json
    assert (Path(exported["path"]) / "package.json").is_file()
    plant.cli.json("evidence", "export", run, str(tmp_path / "out")).failed(3, "not_empty")
