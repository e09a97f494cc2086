"""Which systems the worker opens, and that clients open none."""

import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.config import load
from cockpit.settings import Settings
from cockpit.system_targets import with_systems
from cockpit.systems import copies
from factory.errors import Missing
from factory.ports.bundle import Ports
from factory.rules.outbox import outbox_item
from tests.fakes.clock import FixedClock
from tests.fakes.ledger import MemoryLedger
from tests.unit.knowledge.post_room import ports_of

LIGHTRAG = '[memory]\nurl = "http://127.0.0.1:9"\nkey = "env:NO_SUCH_KEY"\nproject = "shop"\n'


def told(home: Path, text: str) -> Settings:
    (home / "config.toml").write_text(text)
    return load(home, {})


@pytest.fixture
def ports() -> Ports:
    clock = FixedClock()
    return ports_of(clock, MemoryLedger(clock))


def test_nothing_is_opened_that_is_not_configured(tmp_path: Path, ports: Ports) -> None:
    assert with_systems(ports, told(tmp_path, "")) is ports


def test_a_configured_lightrag_gets_lessons_and_is_asked(tmp_path: Path, ports: Ports) -> None:
    settings = told(tmp_path, LIGHTRAG)
    opened = with_systems(ports, settings)
    assert copies(settings)["remember"] == ("lightrag",)
    assert list(opened.targets) == ["lightrag"]
    assert opened.at_once == {"lightrag": 4}
    assert opened.memory.owns("rag://anything")


def test_a_configured_mission_control_gets_goals(tmp_path: Path, ports: Ports) -> None:
    settings = told(tmp_path, '[mission]\nurl = "http://127.0.0.1:9"\nuser = "ana"\nsecret = "env:NO_SUCH_WORD"\n')
    assert copies(settings)["goal"] == ("mission",)
    assert list(with_systems(ports, settings).targets) == ["mission"]


def test_a_secret_that_is_not_there_is_named_when_it_is_needed(tmp_path: Path, ports: Ports) -> None:
    target = with_systems(ports, told(tmp_path, LIGHTRAG)).targets["lightrag"]
    with pytest.raises(Missing, match="env:NO_SUCH_KEY"):
        target.deliver(outbox_item("run_1", "lightrag", "remember", {"id": "n", "text": "t"}))


def test_no_client_imports_what_speaks_to_other_systems() -> None:
    asked = (
        "import sys, cockpit.wiring; print([name for name in ('httpx', 'httpx_sse', 'keyring') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
