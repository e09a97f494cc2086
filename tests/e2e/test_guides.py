"""The shell blocks of the guides, typed line by line by a newcomer: a new home, a repository, two agents."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.product import PROGRAM, WAIT_S, agent, make_repository, verifier

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
CODER = """
    import json, os, pathlib
    pathlib.Path("prices.py").write_text("def check(price):\\n    if price < 0:\\n        raise ValueError(price)\\n")
    pathlib.Path(os.environ["COCKPIT_RESULT_FILE"]).write_text(json.dumps({"summary": "Refused.", "cost_usd": 0.01}))
"""
FILES = {
    "prices.py": "def check(price):\n    pass\n",
    "tests/test_prices.py": "import pytest\nfrom prices import check\n\n"
    "def test_negative():\n    with pytest.raises(ValueError):\n        check(-1)\n",
}
OFTEN_NOT_ALL_UP = ("cockpit doctor",)
"""A check that found something ends with 3, which is no failure of the guide."""


def lines(guide: str, *headings: str) -> Iterator[str]:
    """The lines of the shell blocks under these headings, whole ones."""
    for section in re.split(r"^## ", (ROOT / guide).read_text(), flags=re.MULTILINE)[1:]:
        if section.splitlines()[0] in headings:
            for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL):
                yield from (line for line in block.replace("\\\n", " ").splitlines() if line.strip())


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Path]:
    """Where the newcomer sits: `my-coder` and `my-verifier` are here, the repository is in `~/src/shop`."""
    agent(tmp_path, "my-coder", CODER)
    verifier(tmp_path, "my-verifier", command="python -m pytest tests/test_prices.py")
    for name in ("my-coder", "my-verifier"):
        program = (tmp_path / f"{name}.py").rename(tmp_path / name)
        program.write_text(f"#!{sys.executable}\n{program.read_text()}")
        program.chmod(0o755)
    make_repository(tmp_path / "src" / "shop", FILES)
    yield tmp_path
    typed(tmp_path, "cockpit worker --stop")


def typed(where: Path, line: str) -> "subprocess.CompletedProcess[str]":
    """One line in a shell."""
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(where), "COCKPIT_HOME": str(where / "home")}
    return subprocess.run(
        ["bash", "-c", line], cwd=where, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=WAIT_S, check=False,
    )  # fmt: skip


def follow(where: Path, guide: str, *headings: str) -> int:
    """Type everything; how many lines there were."""
    whole = list(lines(guide, *headings))
    for line in whole:
        if "DIGEST" in line:
            card = json.loads(typed(where, "cockpit review last --json").stdout)
            assert "digest" in card, (card, typed(where, "cockpit status last").stdout)
            line = line.replace("DIGEST", card["digest"])
        if line.startswith("cockpit land") and "--yes" not in line:
            line = line.replace("land", "land --yes")  # at a terminal it asks, and this is none
        done = typed(where, line)
        allowed = (0, 3) if line.startswith(OFTEN_NOT_ALL_UP) else (0,)
        assert done.returncode in allowed, f"{line}\n{done.stdout}{done.stderr}"
    return len(whole)


def branches(where: Path) -> str:
    return typed(where, "git -C ~/src/shop branch --list").stdout


def test_the_first_page_leads_to_a_branch(newcomer: Path) -> None:
    assert follow(newcomer, "README.md", "Your own repository") > 8
    assert "cockpit/" in branches(newcomer)


def test_the_guide_of_the_operator_leads_to_a_branch(newcomer: Path) -> None:
    assert follow(newcomer, "docs/operating.md", "From a goal to done", "What to do when…") > 15
    assert "cockpit/" in branches(newcomer)


def test_the_guide_of_the_administrator_can_be_followed(newcomer: Path) -> None:
    assert follow(newcomer, "docs/administration.md", "The home", "The worker", "Backup") > 4
