"""What the operator marked, muted, sorted and filtered is there again in the next cockpit of the same home."""

import json
from pathlib import Path

import pytest

from cockpit.app import CockpitApp
from cockpit.choices import Choices
from cockpit.kept_choices import NAME, Kept, keep, read_kept
from cockpit.ordering import Order
from cockpit.surroundings import Surroundings
from factory.errors import Malformed
from tests.app import sample
from tests.app.driving import ready, screen_text, until
from tests.app.fakes import cockpit

RUNNING, WAITING, STALLED, PAUSED, DONE = (row.id for row in sample.ROWS)
SOME = Kept(frozenset({RUNNING}), frozenset({PAUSED}), "invoice", Order("cost", True))


def in_home(home: Path) -> CockpitApp:
    return cockpit(surroundings=Surroundings(choices=home / NAME))


def test_what_is_written_is_read_again_and_is_the_owners_alone(tmp_path: Path) -> None:
    keep(tmp_path / NAME, SOME)
    assert read_kept(tmp_path / NAME) == SOME
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [NAME]


def test_without_a_file_nothing_was_kept(tmp_path: Path) -> None:
    assert read_kept(tmp_path / NAME) == Kept()


GOOD = {"form": "cockpit-choices-1", "marked": [], "muted": [], "words": "", "order": "newest", "reversed": False}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "[" * 5000, '{"form": "another"}', "\x00\xff", json.dumps({**GOOD, "marked": "abc"}),
     json.dumps({**GOOD, "muted": [1]}), json.dumps({**GOOD, "order": "nothing"}), json.dumps({**GOOD, "order": []})],
    ids=range(10),
)  # fmt: skip
def test_a_foreign_file_is_named_and_raises_nothing_else(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="latin-1")
    with pytest.raises(Malformed, match=NAME):
        read_kept(tmp_path / NAME)


def test_a_link_or_a_folder_is_not_followed(tmp_path: Path) -> None:
    keep(tmp_path / "elsewhere", SOME)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "folder").mkdir()
    for name in ("link", "folder"):
        with pytest.raises(Malformed):
            read_kept(tmp_path / name)


def test_two_cockpits_do_not_take_each_others_marks_away() -> None:
    base = Kept(marked=frozenset({"a", "b"}))
    theirs, mine = Kept(marked=frozenset({"a", "b", "c"})), Kept(marked=frozenset({"b", "d"}))
    assert theirs.after(base, mine).marked == {"b", "c", "d"}


def test_what_was_chosen_while_the_file_was_read_stays() -> None:
    begun = SOME.given_to(Choices(words="crawler", marked=frozenset({DONE})))
    assert (begun.words, begun.order) == ("crawler", SOME.order)
    assert begun.marked == {RUNNING, DONE}


async def test_marks_mutes_order_and_filter_survive_a_restart(tmp_path: Path) -> None:
    first = in_home(tmp_path)
    async with first.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("x", "j", "m", "S")
        await until(pilot, lambda: first.keeping.has_read)
    second = in_home(tmp_path)
    async with second.run_test() as pilot:
        await until(pilot, lambda: second.choices.marked)
        assert second.choices.marked == {RUNNING}
        assert second.choices.muted == {WAITING}
        assert second.choices.order == Order(is_reversed=True)
        assert "As you left it: 1 marked · 1 muted · sorted by newest reversed" in screen_text(second)


async def test_it_is_written_while_the_cockpit_runs(tmp_path: Path) -> None:
    app = in_home(tmp_path)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("x")
        await until(pilot, (tmp_path / NAME).exists)
        assert read_kept(tmp_path / NAME).marked == {RUNNING}


async def test_a_file_that_cannot_be_read_is_said_once_and_replaced_by_the_next_choice(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("not ours", encoding="utf-8")
    app = in_home(tmp_path)
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, RUNNING)
        await until(pilot, lambda: "are left out" in app.said.text)
        await pilot.press("x")
        await until(pilot, lambda: (tmp_path / NAME).read_text(encoding="utf-8") != "not ours")
    assert read_kept(tmp_path / NAME).marked == {RUNNING}


async def test_a_home_that_cannot_be_written_is_said_and_ends_nothing(tmp_path: Path) -> None:
    app = in_home(tmp_path / "gone")
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, RUNNING)
        await pilot.press("x")
        await until(pilot, lambda: "are not kept" in app.said.text)
        assert app.choices.marked == {RUNNING}
