"""The pictures of the repository: one picture drawn twice is the same bytes, and each has a name of its own."""

import pytest

from tests.screenshots import PICTURES, Picture, draw, pixels

QUICK = ("main-80x24", "timeline-200x50")


@pytest.mark.parametrize("file", QUICK)
def test_a_picture_drawn_twice_is_the_same_bytes(file: str) -> None:
    picture = next(one for one in PICTURES if one.file == file)
    first, second = draw(picture), draw(picture)
    assert first == second
    assert pixels(first) == pixels(second)


def test_each_picture_has_a_name_of_its_own() -> None:
    names = [picture.file for picture in PICTURES]
    assert sorted(set(names)) == sorted(names)


def test_two_pictures_differ() -> None:
    drawn: list[Picture] = [one for one in PICTURES if one.file in {"main-80x24", "main-ascii-80x24"}]
    assert len({draw(one) for one in drawn}) == 2
