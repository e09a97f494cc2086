"""The promises of `EvidenceStore`, kept by the folder and by the fake."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from adapters.evidence.folder_store import FolderStore
from factory.errors import Missing, Refused
from factory.ports.evidence import Captured, EvidenceStore, Problem
from tests.fakes.evidence import FakeEvidence

RUN = "run_1"


@pytest.fixture(params=["folder", "fake"])
def store(request: pytest.FixtureRequest, home: Path) -> EvidenceStore:
    return FolderStore(home) if request.param == "folder" else FakeEvidence(home)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A file that can be evidence."""
    file = tmp_path / "pytest.log"
    file.write_bytes(b"13 passed\n")
    return file


def about(captured: Captured) -> dict[str, Any]:
    """The least that a package says of one piece of evidence."""
    path = captured.path.replace("store/", "evidence/")
    return {"subject": [{"name": path, "digest": {"sha256": captured.sha256}}]}


def test_what_is_captured_lies_in_the_runs_folder_under_its_digest(store: EvidenceStore, log: Path) -> None:
    captured = store.capture(RUN, "verify-1.log", log)
    kept = store.root(RUN) / captured.path
    assert kept.read_bytes() == b"13 passed\n"
    assert captured.sha256 == sha256(b"13 passed\n").hexdigest()
    assert captured.size == 10
    assert captured.path == f"store/{captured.sha256[:16]}-verify-1.log"
    assert store.root(RUN).is_absolute()


def test_capturing_the_same_again_changes_nothing(store: EvidenceStore, log: Path) -> None:
    first = store.capture(RUN, "a.log", log)
    assert store.capture(RUN, "a.log", log) == first
    assert len(list((store.root(RUN) / "store").iterdir())) == 1


def test_the_copy_outlives_its_source(store: EvidenceStore, log: Path) -> None:
    captured = store.capture(RUN, "a.log", log)
    log.unlink()
    assert store.problems(RUN, [(captured.path, captured.sha256)]) == ()


def test_a_text_is_captured(store: EvidenceStore) -> None:
    captured = store.capture_text(RUN, "answer.json", "šta piše")
    assert (store.root(RUN) / captured.path).read_text(encoding="utf-8") == "šta piše"


def test_runs_do_not_share_evidence(store: EvidenceStore, log: Path) -> None:
    captured = store.capture(RUN, "a.log", log)
    assert store.problems("run_2", [(captured.path, captured.sha256)]) == (Problem(captured.path, "missing"),)


def test_a_file_that_is_not_there_is_missing(store: EvidenceStore, tmp_path: Path) -> None:
    with pytest.raises(Missing) as missing:
        store.capture(RUN, "a.log", tmp_path / "nothing.log")
    assert "nothing.log" in missing.value.message


def test_a_folder_a_link_an_empty_file_and_a_memory_are_no_evidence(
    store: EvidenceStore, log: Path, tmp_path: Path
) -> None:
    link, empty = tmp_path / "link.log", tmp_path / "empty.log"
    link.symlink_to(log)
    empty.touch()
    for source in (tmp_path, link, empty, Path("memory://lesson-1")):
        with pytest.raises(Refused) as refused:
            store.capture(RUN, "a.log", source)
        assert refused.value.code == "inadmissible_source"
        assert refused.value.hint
    with pytest.raises(Refused) as refused:
        store.capture_text(RUN, "a.log", "")
    assert refused.value.code == "inadmissible_source"


def test_a_file_outside_its_root_is_no_evidence(store: EvidenceStore, log: Path, tmp_path: Path) -> None:
    root = tmp_path / "worktree"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    with pytest.raises(Refused) as refused:
        store.capture(RUN, "a.log", root / "out" / log.name, root=root)
    assert refused.value.code == "inadmissible_source"


def test_a_folder_is_captured_whole(store: EvidenceStore, tmp_path: Path) -> None:
    folder = tmp_path / "acceptance"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "__init__.py").touch()
    (folder / "deep" / "test_split.py").write_bytes(b"assert True\n")
    captured = store.capture_tree(RUN, "accept", folder)
    copy = store.root(RUN) / captured.path
    assert captured.size == 12
    assert (copy / "deep" / "test_split.py").read_bytes() == b"assert True\n"
    assert (copy / "deep" / "__init__.py").exists()
    assert store.capture_tree(RUN, "accept", folder) == captured
    (folder / "deep" / "test_split.py").write_bytes(b"assert False\n")
    assert store.capture_tree(RUN, "accept", folder).path != captured.path


def test_a_captured_folder_is_handed_out_only_as_it_was(store: EvidenceStore, tmp_path: Path) -> None:
    folder = tmp_path / "acceptance"
    folder.mkdir()
    (folder / "test_split.py").write_bytes(b"assert False\n")
    captured = store.capture_tree(RUN, "accept", folder)
    tree = store.tree(RUN, captured.path)
    assert (tree / "test_split.py").read_bytes() == b"assert False\n"
    for name in ("test_split.py", "conftest.py"):
        before = (tree / name).read_bytes() if (tree / name).exists() else None
        (tree / name).write_bytes(b"assert True\n")
        with pytest.raises(Refused) as refused:
            store.tree(RUN, captured.path)
        assert refused.value.code == "digest_mismatch"
        if before is not None:
            (tree / name).write_bytes(before)
    (tree / "conftest.py").unlink()
    assert store.tree(RUN, captured.path) == tree


def test_a_folder_that_is_empty_or_leads_out_is_refused(store: EvidenceStore, log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "acceptance"
    with pytest.raises(Missing):
        store.capture_tree(RUN, "accept", folder)
    folder.mkdir()
    with pytest.raises(Refused):
        store.capture_tree(RUN, "accept", folder)
    (folder / "test_split.py").symlink_to(log)
    with pytest.raises(Refused) as refused:
        store.capture_tree(RUN, "accept", folder)
    assert refused.value.code == "inadmissible_source"


def test_a_record_is_replaced(store: EvidenceStore) -> None:
    assert store.record(RUN, "status.json", {"state": "running"}) == store.root(RUN) / "record" / "status.json"
    path = store.record(RUN, "status.json", {"state": "done"})
    assert json.loads(path.read_text()) == {"state": "done"}


def test_tampering_is_found(store: EvidenceStore, log: Path, tmp_path: Path) -> None:
    kept = [store.capture_text(RUN, f"{n}.log", f"log {n}") for n in range(5)]
    files = [store.root(RUN) / captured.path for captured in kept]
    files[0].write_bytes(b"14 passed\n")
    files[1].unlink()
    files[2].unlink()
    files[2].symlink_to(log)
    files[3].unlink()
    files[3].mkdir()
    items = [(captured.path, captured.sha256) for captured in kept]
    assert store.problems(RUN, [*items, ("../run_2/store/x", "0" * 64)]) == (
        Problem(kept[0].path, "digest_mismatch"),
        Problem(kept[1].path, "missing"),
        Problem(kept[2].path, "link"),
        Problem(kept[3].path, "malformed"),
        Problem("../run_2/store/x", "outside_store"),
    )


def test_a_frozen_package_bears_the_digest_of_its_bytes(store: EvidenceStore, log: Path) -> None:
    captured = store.capture(RUN, "a.log", log)
    frozen = store.freeze(RUN, "qa-1", about(captured), [captured.path])
    assert frozen.path == store.root(RUN) / "qa-1"
    assert frozen.digest == sha256((frozen.path / "package.json").read_bytes()).hexdigest()


def test_freezing_the_same_again_changes_nothing_and_another_content_is_refused(
    store: EvidenceStore, log: Path
) -> None:
    captured = store.capture(RUN, "a.log", log)
    frozen = store.freeze(RUN, "qa-1", about(captured), [captured.path])
    assert store.freeze(RUN, "qa-1", about(captured), [captured.path]) == frozen
    with pytest.raises(Refused, match="qa-1"):
        store.freeze(RUN, "qa-1", about(captured) | {"phase": "final"}, [captured.path])


def test_evidence_that_was_changed_is_not_frozen(store: EvidenceStore, log: Path) -> None:
    captured = store.capture(RUN, "a.log", log)
    (store.root(RUN) / captured.path).write_bytes(b"14 passed\n")
    with pytest.raises(Refused) as refused:
        store.freeze(RUN, "qa-1", about(captured), [captured.path])
    assert refused.value.code == "digest_mismatch"
    assert not (store.root(RUN) / "qa-1").exists()
