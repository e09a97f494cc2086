"""A result file is read for what is usable in it; what is not is said, and nothing in it can break the reader."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.agents.claims import Claims, read_claims
from adapters.agents.small_files import LARGEST_RESULT
from factory.model.step import Tokens

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("summary", "cost_usd", "tokens", "model", "session", "request_review", "verdict")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "result.json"


def read(file: Path, **found: Any) -> Claims:
    """What is read when an agent wrote this."""
    file.write_text(json.dumps(found))
    return read_claims(file)


def test_a_whole_result_is_read(file: Path) -> None:
    verdict = {"verdict": "pass", "subject": "abc", "criteria": [{"id": "A1", "status": "supported"}]}
    claims = read(
        file, summary="Done, čok.", cost_usd=0.0184, tokens={"input": 5, "output": 7, "more": 1}, model="m",
        session="s", request_review=True, verdict=verdict, unknown=1,
    )  # fmt: skip
    assert claims == Claims("Done, čok.", 18_400, Tokens(5, 7), "m", "s", True, verdict)


def test_without_a_file_there_are_no_claims_and_no_problem(file: Path) -> None:
    assert read_claims(file) == Claims()


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (b"", "not valid JSON"),
        (b"all tests pass", "not valid JSON"),
        (b"[]", "does not hold a JSON object"),
        (b'{"cost_usd": NaN}', "NaN is not a number of JSON"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"summary": "' + b"x" * LARGEST_RESULT + b'"}', "larger than 1048576 bytes"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(written: bytes, problem: str, file: Path) -> None:
    file.write_bytes(written)
    claims = read_claims(file)
    assert claims == Claims(problem=claims.problem)
    assert claims.problem.startswith("The result file ")
    assert problem in claims.problem


def test_a_folder_in_its_place_is_no_result(file: Path) -> None:
    file.mkdir()
    assert read_claims(file) == Claims(problem="The result file is not a regular file.")


def test_a_link_is_not_followed(file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text('{"summary": "not mine"}')
    file.symlink_to(tmp_path / "other")
    assert read_claims(file).summary == ""
    assert "cannot be opened" in read_claims(file).problem


@pytest.mark.parametrize("cost", ["-1", '"0.5"', "true", "10001", "[]", "1e400", "1e999999999"])
def test_a_cost_that_is_no_amount_is_unknown_not_zero(cost: str, file: Path) -> None:
    file.write_text(f'{{"summary": "kept", "cost_usd": {cost}}}')
    claims = read_claims(file)
    assert (claims.cost_micros, claims.summary) == (None, "kept")
    assert "cost_usd" in claims.problem


@pytest.mark.parametrize(("usd", "micros"), [("0", 0), ("0.0000004", 0), ("1.005", 1_005_000), ("10000", 10**10)])
def test_dollars_become_whole_micro_dollars(usd: str, micros: int, file: Path) -> None:
    file.write_text(f'{{"cost_usd": {usd}}}')
    assert read_claims(file) == Claims(cost_micros=micros)


def test_parts_of_the_wrong_kind_are_named_and_the_rest_is_kept(file: Path) -> None:
    claims = read(file, summary=7, tokens={"input": -1, "output": 3}, verdict="pass", request_review="yes", model="m")
    assert (claims.summary, claims.tokens, claims.verdict, claims.model) == ("", Tokens(0, 3), None, "m")
    assert not claims.request_review
    assert claims.problem == (
        "The result file is unusable in part: summary is not text; tokens.input is not a count; "
        "verdict is not an object."
    )


def test_secrets_are_cut_out_of_everything_it_says(file: Path) -> None:
    secret = "gh" + "p_0123456789abcdefghijABCD"
    claims = read(file, summary=f"used {secret}", verdict={"findings": [{"text": secret}], secret: 1})
    assert secret not in repr(claims)
    assert claims.summary == "used [redacted:github_token]"


def test_given_values_are_cut_out_too(file: Path) -> None:
    file.write_text('{"summary": "used wave-through"}')
    assert read_claims(file, [b"wave-through"]).summary == "used [redacted:value]"


def test_numbers_beyond_every_float_stay_readable(file: Path) -> None:
    file.write_text('{"verdict": {"a": 1e400, "b": 0.5}}')
    assert read_claims(file).verdict == {"a": "1E+400", "b": 0.5}


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_whatever_it_says_the_claims_can_be_stored(found: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        claims = read(Path(folder) / "result.json", **found)
    json.dumps(claims.verdict, allow_nan=False).encode()
    (claims.summary + claims.model + claims.session).encode()
    assert isinstance(claims.cost_micros, int | None)
