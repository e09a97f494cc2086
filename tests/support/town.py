"""The real systems around a home, as fakes on sockets of this machine, and what `config.toml` says of them."""

import json
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support import fake_bookstack, fake_mission_control
from tests.support.fake_bookstack import FakeBookStack
from tests.support.fake_lightrag import FakeLightRag
from tests.support.fake_mission_control import FakeMissionControl
from tests.support.faults import Answer, Fault, Faults
from tests.support.loopback import served

SYSTEMS = ("mission", "bookstack", "lightrag", "sink:hive")
"""Those that can fail; the command sink beside them cannot."""


@dataclass(frozen=True)
class Keys:
    """Every credential of the town."""

    mission: str = fake_mission_control.PASSWORD
    user: str = "operator1"
    """Who logs in to Mission Control; empty = its secret is an API key."""
    wiki: str = fake_bookstack.TOKEN
    rag: str = "rag-key-of-the-whole-run"
    hook: str = "hook-secret-of-the-whole-run"

    def by_place(self) -> dict[str, str]:
        """Each by the name of the variable, or of the file, that keeps it."""
        return {"MISSION": self.mission, "WIKI": self.wiki, "RAG": self.rag, "HOOK": self.hook}

    def write(self, home: Path) -> None:
        """Keep each in a file of the home."""
        for name, value in self.by_place().items():
            (home / name).write_text(value)
            (home / name).chmod(0o600)


@dataclass
class Town:
    """The systems. `Faults` by name."""

    keys: Keys = field(default_factory=Keys)
    mission: FakeMissionControl = field(default_factory=FakeMissionControl)
    wiki: FakeBookStack = field(default_factory=FakeBookStack)
    hooked: Counter[str] = field(default_factory=Counter)
    got: list[tuple[str, bytes]] = field(default_factory=list)
    """Address and body of everything that was sent, failed or not."""
    is_quoting: bool = False
    """It lets nobody in, and quotes in its refusal all that it was told."""

    def __post_init__(self) -> None:
        self.rag = FakeLightRag(key=self.keys.rag)
        self.faults: Mapping[str, Faults] = {name: Faults() for name in SYSTEMS}
        self.faults = {**self.faults, "mission": self.mission.faults}

    def fail(self, **faults: Fault) -> None:
        """Fail until told otherwise, also where the effect is there already. Systems by name; `hive` is the webhook."""
        for name, fault in faults.items():
            self.faults[f"sink:{name}" if name == "hive" else name].set(fault, has_effect=True)

    def recover(self) -> None:
        """Work again."""
        for faults in self.faults.values():
            faults.clear()

    @contextmanager
    def urls(self) -> Iterator[dict[str, str]]:
        """Where they are."""
        answers = {"mission": self.mission.answer, "bookstack": self.wiki.answer, "lightrag": self._remember}
        with ExitStack() as open_ones:
            yield {
                name: open_ones.enter_context(served(self._noting(answer), self.faults[name]))
                for name, answer in {**answers, "sink:hive": self._hook}.items()
            }

    def _noting(self, answer: Answer) -> Answer:
        def noted(request: httpx.Request) -> httpx.Response:
            self.got.append((str(request.url), request.content))
            return _quoted(request) if self.is_quoting else answer(request)

        return noted

    def _remember(self, request: httpx.Request) -> httpx.Response:
        """The server goes on with its work whenever it is asked."""
        self.rag.documents.work()
        return self.rag.answer(request)

    def _hook(self, request: httpx.Request) -> httpx.Response:
        self.hooked[json.loads(request.content)["key"]] += 1
        return httpx.Response(202)


def configuration(urls: Mapping[str, str], user: str = "operator1", kind: str = "file") -> str:
    """What `config.toml` says of the systems; their secrets are kept in files, or in variables (`env`)."""
    program = shlex.join([sys.executable, "-c", "import sys; print(sys.stdin.read(), file=open('tool.jsonl', 'a'))"])
    return (
        f"[mission]\nurl = '{urls['mission']}'\nuser = '{user}'\nsecret = '{kind}:MISSION'\n"
        f"[knowledge]\nurl = '{urls['bookstack']}'\ntoken = '{kind}:WIKI'\nshelf = 'Factory'\n"
        f"[memory]\nurl = '{urls['lightrag']}'\nkey = '{kind}:RAG'\n"
        f"[sinks.hive]\nurl = '{urls['sink:hive']}/hook'\nsecret = '{kind}:HOOK'\n"
        f"[sinks.tool]\ncommand = {json.dumps(program)}\n"
        "[outbox]\nfirst_retry_s = 0.5\nlongest_retry_s = 2\n"
    )


def _quoted(request: httpx.Request) -> httpx.Response:
    told = [*request.headers.values(), request.content.decode()]
    return httpx.Response(401, json={"error": {"code": 401, "message": f"Nobody of ours: {' '.join(told)}"}})
