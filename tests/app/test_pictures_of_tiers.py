"""How the main screen looks at the smallest size with two columns, and on a wall."""

from typing import Any

import pytest

from tests.app.fakes import cockpit
from tests.app.test_pictures import main


@pytest.mark.parametrize("size", [(120, 30), (240, 60)], ids=["120x30", "240x60"])
def test_the_layout_looks_as_it_did(snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(cockpit(), terminal_size=size, run_before=main)
