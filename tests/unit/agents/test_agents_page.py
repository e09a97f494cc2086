"""docs/agents.md says of each kind what the code says."""

from pathlib import Path

import pytest

from adapters.agents.kinds import KINDS, OWN
from adapters.agents.listing import works
from adapters.agents.programs import PROGRAMS
from adapters.agents.settings import AgentSettings

PAGE = (Path(__file__).parents[3] / "docs" / "agents.md").read_text()


@pytest.mark.parametrize("name", OWN)
def test_the_page_names_the_tested_version_the_package_and_what_works(name: str) -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}[:MODEL]` ")]
    known = PROGRAMS[name]
    assert f"`{name}` {known.tested} " in line
    assert f"`{known.package}`" in line
    assert (f"(Node {known.node})" in line) == bool(known.node)
    assert f"| {', '.join(works(name, name, AgentSettings(name)))} |" in line


@pytest.mark.parametrize("name", [*(name for name in PROGRAMS if name not in OWN), *(f"`{kind}" for kind in KINDS)])
def test_every_kind_and_every_program_that_is_known_stands_there(name: str) -> None:
    assert name in PAGE
