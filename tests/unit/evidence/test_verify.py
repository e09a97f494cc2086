"""A package is checked from its files alone, and nothing in it can change unseen."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.evidence.folder_store import FolderStore
from adapters.evidence.verify import verify_package
from factory.errors import Malformed, Missing, Refused
from factory.model.audit import canonical_json
from factory.model.evidence import Evidence, Package, Quality
from factory.ports.evidence import PackageFiles, Problem
from factory.rules.package import statement
from tests.unit.rules.made import at_qa, item

RUN = "run_1"
QUALITY = Quality(100, 80, "sufficient")


def frozen(home: Path, name: str = "qa-1", approved: Package | None = None) -> PackageFiles:
    """A package of two pieces of evidence, one of them used twice."""
    store = FolderStore(home)
    evidence = tuple(
        stored(store, key, text) for key, text in (("a1", "13 passed"), ("log", "ok"), ("a1", "13 passed"))
    )
    body = statement(replace(at_qa(), evidence=evidence), QUALITY, "qa", "now", "0.1.0", "e" * 64, approved)
    return store.freeze(RUN, name, body, [piece.path for piece in evidence])


def stored(store: FolderStore, name: str, text: str) -> Evidence:
    """A piece of evidence that is in the store."""
    captured = store.capture_text(RUN, f"{name}.log", text)
    return item(name, path=captured.path, sha256=captured.sha256, size=captured.size)


@pytest.fixture
def package(home: Path) -> Path:
    return frozen(home).path


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's evidence folder with two packages and a copied folder."""
    home = tmp_path_factory.mktemp("home")
    qa = frozen(home)
    approved = Package(id="pkg_1", run=RUN, phase="qa", n=1, digest=qa.digest)
    final = frozen(home, "final-1", approved)
    acceptance = home / "acceptance"
    acceptance.mkdir()
    (acceptance / "test_a.py").write_text("assert True\n")
    FolderStore(home).capture_tree(RUN, "accept", acceptance)
    return final.path.parent


def codes(found: tuple[int, tuple[Problem, ...]]) -> set[tuple[str, str]]:
    """The problems as pairs."""
    return {(problem.path, problem.code) for problem in found[1]}


def evidence_in(package: Path) -> list[str]:
    """The evidence files of a package, as the manifest names them."""
    return sorted(f"evidence/{path.name}" for path in (package / "evidence").iterdir())


def test_a_frozen_package_is_whole(package: Path) -> None:
    assert verify_package(package) == (3, ())
    assert verify_package(package / "package.json") == (3, ())


def test_it_can_be_moved_anywhere(package: Path, tmp_path: Path) -> None:
    shutil.move(package, tmp_path / "elsewhere")
    assert verify_package(tmp_path / "elsewhere") == (3, ())


def test_plain_sha256sum_agrees(package: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "MANIFEST.sha256"], cwd=package, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"{name}: OK" for name in (*evidence_in(package), "package.json")]


def test_a_runs_folder_is_checked_whole(run_folder: Path) -> None:
    assert verify_package(run_folder) == (2 * 3 + 2 + 1, ())


@given(st.data())
def test_flipping_any_bit_of_any_file_is_a_problem(run_folder: Path, data: st.DataObject) -> None:
    files = sorted(path for path in run_folder.rglob("*") if path.is_file())
    file = data.draw(st.sampled_from(files))
    before = file.read_bytes()
    place, bit = data.draw(st.integers(0, len(before) - 1)), data.draw(st.integers(0, 7))
    after = bytearray(before)
    after[place] ^= 1 << bit
    file.write_bytes(after)
    try:
        assert verify_package(run_folder)[1]
        package = file.parent.parent if file.parent.name == "evidence" else file.parent
        if (package / "package.json").exists():
            assert verify_package(package)[1]
    finally:
        file.write_bytes(before)


@given(st.data())
def test_cutting_any_file_short_is_a_problem(run_folder: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(path for path in run_folder.rglob("*") if path.is_file())))
    before = file.read_bytes()
    file.write_bytes(before[: data.draw(st.integers(0, len(before) - 1))])
    try:
        assert verify_package(run_folder)[1]
    finally:
        file.write_bytes(before)


def test_what_is_gone_and_what_was_added_is_named(package: Path) -> None:
    first = evidence_in(package)[0]
    (package / first).unlink()
    (package / "evidence" / ".extra").write_text("x")
    assert codes(verify_package(package)) == {(first, "missing"), ("evidence/.extra", "unlisted")}


def test_links_are_named(package: Path, tmp_path: Path) -> None:
    first = evidence_in(package)[0]
    (package / first).rename(tmp_path / "same.log")
    (package / first).symlink_to(tmp_path / "same.log")
    (package / "out").symlink_to(tmp_path)
    assert codes(verify_package(package)) == {(first, "link"), ("out", "link")}


def test_a_linked_folder_is_named(package: Path, tmp_path: Path) -> None:
    (package / "evidence").rename(tmp_path / "evidence")
    (package / "evidence").symlink_to(tmp_path / "evidence")
    assert {code for _, code in codes(verify_package(package))} == {"link"}


def test_a_pipe_in_the_place_of_a_file_is_named_at_once(package: Path) -> None:
    first = evidence_in(package)[0]
    (package / first).unlink()
    os.mkfifo(package / first)
    assert codes(verify_package(package)) == {(first, "malformed")}


def rewritten(package: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change `package.json`, and the manifest with it, as a forger would."""
    body = json.loads((package / "package.json").read_bytes())
    change(body)
    (package / "package.json").write_bytes(canonical_json(body).encode())
    names = [*evidence_in(package), "package.json"]
    done = subprocess.run(["sha256sum", *names], cwd=package, capture_output=True, check=True)
    (package / "MANIFEST.sha256").write_bytes(done.stdout)


def test_an_honest_rewrite_is_no_problem(package: Path) -> None:
    rewritten(package, lambda body: body["predicate"]["run"].update(goal="another"))
    assert verify_package(package) == (3, ())


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(_type="https://in-toto.io/Statement/v0.1"),
        lambda body: body.update(predicateType="urn:other"),
        lambda body: body.update(predicate=[]),
        lambda body: body.update(subject={}),
        lambda body: body["subject"].append({"name": "x"}),
        lambda body: body["predicate"].update(evidence=None),
        lambda body: body["predicate"]["evidence"].append({"path": "evidence/x"}),
        lambda body: body["predicate"].update(approvedPackage={"digest": {}}),
        lambda body: body["predicate"]["quality"].update(score=99.5),
    ],
)
def test_a_statement_of_another_form_is_malformed(package: Path, change: Callable[[dict[str, Any]], None]) -> None:
    rewritten(package, change)
    assert codes(verify_package(package)) == {("package.json", "malformed")}


def test_a_statement_about_other_bytes_is_a_mismatch(package: Path) -> None:
    first = evidence_in(package)[0]
    rewritten(package, lambda body: body["subject"][0]["digest"].update(sha256="0" * 64))
    assert codes(verify_package(package)) == {(first, "digest_mismatch")}


def test_a_file_that_the_statement_does_not_speak_of_is_unlisted(package: Path) -> None:
    first = evidence_in(package)[0]
    rewritten(package, lambda body: body["subject"].pop(0))
    assert (first, "unlisted") in codes(verify_package(package))


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "./package.json", "evidence//x"])
def test_a_manifest_that_leads_out_is_malformed(package: Path, name: str) -> None:
    manifest = package / "MANIFEST.sha256"
    manifest.write_text(f"{'0' * 64}  {name}\n" + manifest.read_text())
    assert codes(verify_package(package)) == {("MANIFEST.sha256", "malformed")}


def test_json_that_is_deep_or_huge_or_none_is_malformed(package: Path) -> None:
    for body in (b"[" * 100_000, b"\xff", b"null", b'{"a":1,"a":1}', b"NaN"):
        (package / "package.json").write_bytes(body)
        assert ("package.json", "malformed") in codes(verify_package(package))


def test_a_final_package_whose_approved_one_is_gone_is_a_problem(run_folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(run_folder, tmp_path / "run")
    shutil.rmtree(copy / "qa-1")
    assert codes(verify_package(copy)) == {("final-1/package.json", "missing")}


def test_a_folder_without_a_package_is_named_and_nothing_is_missing(tmp_path: Path) -> None:
    assert codes(verify_package(tmp_path)) == {(str(tmp_path), "not_a_package")}
    (tmp_path / "file").write_text("x")
    assert codes(verify_package(tmp_path / "file")) == {(str(tmp_path / "file"), "not_a_package")}
    with pytest.raises(Missing):
        verify_package(tmp_path / "nothing")


def test_evidence_that_the_statement_does_not_name_is_not_frozen(home: Path) -> None:
    captured = FolderStore(home).capture_text(RUN, "a.log", "a")
    with pytest.raises(Refused) as refused:
        FolderStore(home).freeze(RUN, "qa-1", {"subject": []}, [captured.path])
    assert refused.value.code == "digest_mismatch"


@pytest.mark.parametrize("path", ["../run_2/store/x", "/etc/hostname", "record/status.json", "store/../x"])
def test_what_is_not_in_the_store_is_not_frozen(home: Path, path: str) -> None:
    with pytest.raises(Refused) as refused:
        FolderStore(home).freeze(RUN, "qa-1", {"subject": []}, [path])
    assert refused.value.code == "outside_store"
    assert not any((home / "evidence" / RUN).glob("*qa-1*"))


def test_a_package_holds_no_float_and_has_a_plain_name(home: Path) -> None:
    with pytest.raises(Malformed, match=r"cost"):
        FolderStore(home).freeze(RUN, "qa-1", {"subject": [], "cost": 0.1}, [])
    for name in ("../x", "store", "trees", "record", "", ".hidden"):
        with pytest.raises(Malformed):
            FolderStore(home).freeze(RUN, name, {"subject": []}, [])
