"""What chance did to a run is gone: two runs that differ only in that are the same, and nothing else is changed."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from cockpit.film.canon import Canon

FIRST, SECOND = "run_01m8chhcym644n71my2r1f7pmp", "run_01m8cht3zw1bagpy0hq2afz99m"
STEP, OTHER_STEP = "stp_01m8chhcym644n71my2r1fgqgd", "stp_01m8cht3zw1bagpy0hq2afzn1k"
DIGEST, OTHER_DIGEST = sha256(b"1").hexdigest(), sha256(b"2").hexdigest()


@dataclass(frozen=True)
class Thing:
    """Something of a run."""

    id: str
    path: Path
    sha256: str = ""
    size: int = 0
    version: int = 3
    created_at: str = ""
    started_at: str = ""
    parts: tuple[str, ...] = ()


def canon(home: str = "/tmp/x") -> Canon:
    return Canon({home: "/home/you"}, lambda time: f"T{time[:4]}")


@pytest.mark.parametrize(
    ("run", "step", "digest", "took"), [(FIRST, STEP, DIGEST, "0.03"), (SECOND, OTHER_STEP, OTHER_DIGEST, "12.50")]
)
def test_two_runs_are_the_same_text(run: str, step: str, digest: str, took: str) -> None:
    made = canon()
    made.value((run, step, digest))
    text = f"{run} build-1-{step[-4:]}.patch store/{digest[:16]}-a qa-1-{digest[:8]} {digest[:7]} 2 passed in {took}s"
    assert made.text(text) == canon_of_first()


def canon_of_first() -> str:
    made = canon()
    made.value((FIRST, STEP, DIGEST))
    text = f"{FIRST} build-1-{STEP[-4:]}.patch store/{DIGEST[:16]}-a qa-1-{DIGEST[:8]} {DIGEST[:7]} 2 passed in 0.03s"
    return made.text(text)


def test_the_same_thing_has_the_same_name_everywhere_and_two_things_have_two() -> None:
    made = canon()
    assert made.text(FIRST) == made.text(FIRST) != made.text(SECOND)
    assert made.text(DIGEST) == made.text(DIGEST) != made.text(OTHER_DIGEST)
    assert made.text(DIGEST[:40]) != made.text(DIGEST)


@pytest.mark.parametrize(
    "text", ["split(10, 4) = [2, 2, 2, 4]", "exit 1", "-p no:cacheprovider", "5 of 13", "$0.05", "1234567"]
)
def test_what_agents_and_commands_said_stays_as_it_is(text: str) -> None:
    made = canon()
    made.value((FIRST, STEP, DIGEST))
    assert made.text(text) == text


def test_a_value_keeps_its_shape_and_every_text_in_it_is_changed() -> None:
    made = canon().value(Thing(FIRST, Path("/tmp/x/evidence"), DIGEST, parts=(STEP, "2026-01-01T10:00:00.000Z")))
    assert (made.id[:4], made.path, made.version) == ("run_", Path("/home/you/evidence"), 1)
    assert made.id not in (FIRST, SECOND)
    assert made.parts[1] == "T2026"
    assert len(made.sha256) == 64


def test_what_began_by_another_clock_began_when_it_was_created() -> None:
    made = canon().value(Thing("", Path(), created_at="2026-01-01T10:00:00Z", started_at="2027-01-01T10:00:00Z"))
    assert made.started_at == made.created_at == "T2026"


def test_a_file_has_the_digest_and_the_size_that_it_has_in_the_film() -> None:
    made = canon()
    assert made.learn(DIGEST, b"four") == sha256(b"four").hexdigest()
    thing = made.value(Thing("", Path(), DIGEST, size=99))
    assert (thing.sha256, thing.size) == (sha256(b"four").hexdigest(), 4)
