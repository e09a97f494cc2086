"""How a replay and a comparison look at the two designed sizes. `pytest --snapshot-update` takes the pictures again."""

from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.replay_app import ReplayApp
from cockpit.screens.output_tail import OutputTail
from tests.app.driving import until
from tests.app.flight_sample import replayed
from tests.app.pages_driving import shows

SIZES = [(80, 24), (200, 50)]


async def refuted(pilot: Pilot[Any]) -> None:
    """The moment at which the counterexample was captured; the start is marked."""
    await at_rest(pilot)
    await pilot.press("equals_sign", "right_parenthesis", "comma")
    await at_rest(pilot)
    pilot.app.say("")  # type: ignore[attr-defined]
    await pilot.pause()


async def compared(pilot: Pilot[Any]) -> None:
    """What differs between the start and that moment."""
    await refuted(pilot)
    await pilot.press("equals_sign")
    await shows(pilot, "Compare", "Steps")


async def at_rest(pilot: Pilot[Any]) -> None:
    """Wait until the wanted moment is on screen, with what the agent had written."""
    app = pilot.app
    assert isinstance(app, ReplayApp)
    await until(pilot, lambda: app.is_shown and app.main.query_one(OutputTail).is_read)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "200x50"])
@pytest.mark.parametrize("scene", [refuted, compared], ids=["replay", "compare"])
def test_the_replay_looks_as_it_did(snap_compare: Any, scene: Any, size: tuple[int, int]) -> None:
    assert snap_compare(replayed(), terminal_size=size, run_before=scene)


def test_the_replay_in_ascii_looks_as_it_did(snap_compare: Any) -> None:
    assert snap_compare(replayed(in_ascii="marks"), terminal_size=(80, 24), run_before=refuted)
