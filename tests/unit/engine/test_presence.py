"""Open clients, as the worker sees them."""

from pathlib import Path

import pytest

from adapters.engine.presence import Presence, is_somebody_here
from factory.errors import Unreachable


def test_nobody_is_in_a_home_that_no_client_ever_opened(home: Path) -> None:
    assert not is_somebody_here(home)


def test_somebody_is_here_until_the_last_client_has_left(home: Path) -> None:
    with Presence(home):
        with Presence(home):
            assert is_somebody_here(home)
        assert is_somebody_here(home)
    assert not is_somebody_here(home)


def test_looking_keeps_nobody_out(home: Path) -> None:
    with Presence(home):
        pass
    assert not is_somebody_here(home)
    with Presence(home):
        assert is_somebody_here(home)


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(Unreachable, match=r"clients\.lock cannot be used"), Presence(tmp_path / "home"):
        pass
    with pytest.raises(Unreachable, match=r"clients\.lock cannot be used"):
        is_somebody_here(tmp_path / "home")
