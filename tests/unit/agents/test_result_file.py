"""The file that an agent wrote as its result is kept without secrets, and says the same as before."""

import json
from pathlib import Path

import pytest

from adapters.agents import cleaning
from adapters.agents.claims import read_claims
from adapters.agents.cleaning import clean_of
from adapters.agents.result_file import clean
from adapters.agents.small_files import LARGEST_RESULT

KEY = 'the-"key"-4711'
TOKEN = "ghp_" + "aB3" * 12


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "result.json"


def test_what_is_read_before_and_after_is_the_same(file: Path) -> None:
    verdict = {"verdict": "pass", "subject": "c0ffee", "commands": [f"curl -H {KEY}"], "findings": []}
    said = {"summary": f"Used {KEY} and {TOKEN}.", "cost_usd": 0.012345, "verdict": verdict, KEY: [1, None, True]}
    file.write_text(json.dumps(said))
    before = read_claims(file, [KEY.encode()])
    clean(file, [KEY.encode()])
    assert "4711" not in file.read_text()
    assert TOKEN not in file.read_text()
    assert read_claims(file, [KEY.encode()]) == before
    assert "[redacted:" in before.summary


@pytest.mark.parametrize("text", ['{"summary": "all is well"}', "no JSON", ""])
def test_a_file_without_secrets_is_left_as_it_is(file: Path, text: str) -> None:
    file.write_text(text)
    was = file.stat().st_ino
    clean(file, [KEY.encode()])
    assert (file.read_text(), file.stat().st_ino) == (text, was)


@pytest.mark.parametrize("text", [f"no JSON, but {TOKEN}", f'["{TOKEN}"]', f'"{TOKEN}"'])
def test_what_is_no_object_is_cleaned_too(file: Path, text: str) -> None:
    file.write_text(text)
    clean(file, [])
    assert TOKEN not in file.read_text()


def test_no_file_and_a_link_are_left_alone(file: Path, tmp_path: Path) -> None:
    clean(file, [])
    assert not file.exists()
    (tmp_path / "elsewhere").write_text(TOKEN)
    file.symlink_to(tmp_path / "elsewhere")
    clean(file, [])
    assert (tmp_path / "elsewhere").read_text() == TOKEN


def test_one_that_is_too_large_to_be_read_is_cleaned_as_well(file: Path) -> None:
    before, after = b"x" * LARGEST_RESULT, b"y" * 100
    file.write_bytes(before + f" {TOKEN} {KEY} ".encode() + after)
    claims = read_claims(file, [KEY.encode()])
    clean(file, [KEY.encode()])
    kept = file.read_bytes()
    assert TOKEN.encode() not in kept
    assert b"4711" not in kept
    assert kept.startswith(before)
    assert kept.endswith(after)
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_claims(file, [KEY.encode()]) == claims


def test_of_a_huge_one_the_beginning_is_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "MOST", LARGEST_RESULT + 10)
    file.write_bytes(b"x" * (LARGEST_RESULT + 5000))
    clean(file, [])
    assert file.stat().st_size == LARGEST_RESULT + 10


def test_an_output_loses_values_that_its_shim_did_not_know(file: Path) -> None:
    file.write_bytes(b"a" * cleaning.CHUNK + KEY.encode() + b"b" * 10)
    clean_of(file, [KEY.encode()])
    assert file.read_bytes() == b"a" * cleaning.CHUNK + b"[redacted:value]" + b"b" * 10


@pytest.mark.parametrize("values", [[], [b"", b"another value"]])
def test_an_output_without_them_is_left_as_it_is(file: Path, values: list[bytes]) -> None:
    file.write_text(f"{TOKEN} was cut out by its shim, or is none of these")
    was = file.stat().st_ino
    clean_of(file, values)
    assert file.stat().st_ino == was
