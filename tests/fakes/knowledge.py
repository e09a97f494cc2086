"""Fakes of the knowledge ports: a target and a memory that can be switched off, pages and routes without files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from adapters.knowledge.plain import BEGIN, END, MISSING, fenced
from factory.errors import Malformed, Missing, Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.model.run import Route
from factory.model.view import RunView
from factory.ports.knowledge import Hint, Known, Receipt, Rows, nothing_known
from factory.rules.admission import inadmissible_source
from factory.rules.companies import COMPANIES
from factory.rules.figures import Chapter
from factory.rules.flags import Flag
from factory.rules.outbox import URGENT
from factory.rules.words import words_of

Mood = Literal["up", "down", "refusing", "garbled"]
ROUTE = Route(
    domain="backend", builder="CodeCraft", verifier="Proveo", rule="a fake route", matched=("api",), score=3, margin=3
)


class FakeTarget:
    """A target in memory: idempotent by dedupe key, and as up, down or refusing as `mood` says.

    Args:
        slow: Accept first; `confirm` says yes only after `arrive`.
    """

    def __init__(self, name: str = "knowledge", slow: bool = False) -> None:
        self.name = name
        self.mood: Mood = "up"
        self.after_s = 0.0
        """When it is down: the time after which it wants to be asked again."""
        self.slow = slow
        self.warning = ""
        """What it says with each item."""
        self.calls: list[str] = []
        """Dedupe key of each call, also of those that failed."""
        self.answers: list[Mood] = []
        """How it answered each call, confirmations too."""
        self.told: list[str] = []
        """What each call was told of the item before it."""
        self.effects: list[OutboxItem] = []
        """What was really written, in order; the same item counts once."""
        self.arrived: set[str] = set()
        """Ids of the items that `confirm` says yes to."""

    def deliver(self, item: OutboxItem, known: Known = nothing_known) -> Receipt:
        """Write one item. Raises `Unreachable` and `Refused` as its mood is."""
        self.calls.append(item.dedupe_key)
        self.told.append(known(item.order_key))
        self._answer()
        if item.op not in ("page", "remember", *URGENT):
            raise Refused(f"It cannot {item.op!r}.", code="malformed")
        if item.dedupe_key not in {known.dedupe_key for known in self.effects}:
            self.effects.append(item)
        if not self.slow:
            self.arrive()
        return ("accepted" if self.slow else "delivered"), f"fake://{item.id}", self.warning

    def confirm(self, item: OutboxItem) -> bool:
        """Whether an item has arrived. Raises `Refused` for one that was never written."""
        self._answer()
        if item.id not in {known.id for known in self.effects}:
            raise Refused(f"There is no {item.id}.", code="gone")
        return item.id in self.arrived

    def arrive(self) -> None:
        """Let everything that was accepted arrive."""
        self.arrived |= {item.id for item in self.effects}

    def lose(self) -> None:
        """Forget what was accepted and has not arrived, as a server does that is killed."""
        self.effects = [item for item in self.effects if item.id in self.arrived]

    def texts(self) -> dict[str, str]:
        """What a reader finds: the newest text by reference or id."""
        payloads = [json.loads(item.payload) for item in self.effects]
        return {payload.get("ref") or payload["id"]: payload["text"] for payload in payloads}

    def _answer(self) -> None:
        self.answers.append(self.mood)
        if self.mood == "down":
            raise Unreachable(f"The {self.name} target does not answer.", after_s=self.after_s)
        if self.mood == "garbled":
            raise Malformed(f"The {self.name} target answers with a web page.")
        if self.mood == "refusing":
            raise Refused(f"The {self.name} target will not take it.", "Change it.")


class FakeMemory:
    """A memory of hints by shared words, and the target that fills it; down when `is_down`."""

    name = "memory"

    def __init__(self, *hints: Hint) -> None:
        self.hints = {hint.ref: hint for hint in hints}
        self.is_down = False

    def recall(self, text: str, limit: int = 5) -> tuple[Hint, ...]:
        """The hints with most words in common, best first. Raises `Unreachable` when it is down."""
        self._answer()
        asked = words_of(text)
        scored = [replace(hint, score=float(len(asked & words_of(hint.text)))) for hint in self.hints.values()]
        fitting = sorted((hint for hint in scored if hint.score), key=lambda hint: -hint.score)
        return tuple(fitting[: max(0, limit)])

    def owns(self, source: str) -> bool:
        """Whether a source is a reference to memory."""
        return bool(inadmissible_source(source))

    def deliver(self, item: OutboxItem, _known: Known = nothing_known) -> tuple[Literal["accepted", "delivered"], str]:
        """Remember one note. Raises `Unreachable`, and `Refused` for what is no note."""
        self._answer()
        payload = _payload(item, "remember", "id", "text")
        ref = f"memory://{payload['id']}"
        title = payload.get("title", "")
        self.hints[ref] = Hint(ref, f"{title}: {payload['text']}" if title else payload["text"])
        return "delivered", ref

    def confirm(self, item: OutboxItem) -> bool:
        """Whether a note is there. Raises `Refused` when it is not."""
        self._answer()
        ref = f"memory://{_payload(item, 'remember', 'id')['id']}"
        if ref not in self.hints:
            raise Refused(f"There is no {ref}.", code="gone")
        return True

    def _answer(self) -> None:
        if self.is_down:
            raise Unreachable("The memory does not answer.")


class FakePages:
    """Pages with the goal and what was handed in, without templates."""

    def __init__(self) -> None:
        self.rendered: list[tuple[str, str]] = []
        """Role and run of every page that was asked for, in order."""

    def render(self, role: str, view: RunView, extra: Mapping[str, Any] | None = None) -> str:
        """A small page. Raises `Missing` for an unknown role."""
        if role not in ("request", "status", "evidence", "postflight"):
            raise Missing(f"There is no page template {role!r}.")
        self.rendered.append((role, view.run.id))
        given = extra or {}
        front = f'---\ntemplate: "{role}"\nversion: "1"\nrun: "{view.run.id}"\n---'
        plan = fenced(given["plan"]) if given.get("plan") else MISSING
        body = f"# {role}\n\n{fenced(view.run.goal)}\n\n- State: {view.run.state}\n- Plan:\n\n{plan}"
        return f"{front}\n{BEGIN}\n{body}\n{END}\n\n## Notes\n\nYours.\n"

    def metrics(self, title: str, chapters: Sequence[Chapter], flags: Sequence[Flag], rows: Rows = ()) -> str:
        """A small page with every figure and flag."""
        figures = [f"- {figure.name}: {figure.words}" for chapter in chapters for figure in chapter.figures]
        lines = [f"# {title}", *figures, *(f"- {flag.code}" for flag in flags), *(f"- {row['run']}" for row in rows)]
        return f"{BEGIN}\n" + "\n".join(lines) + f"\n{END}\n"

    def ref(self, role: str, run: str) -> str:
        """`<run>/<role>`."""
        return f"{run}/{role}"


class FakeRouter:
    """Always the same route; `None` = nothing fits."""

    def __init__(self, route: Route | None = ROUTE) -> None:
        self._route = route

    def companies(self) -> tuple[str, ...]:
        """The known ones."""
        return COMPANIES

    def route(self, goal: str, domain: str = "", paths: Sequence[str] = ()) -> Route:
        """The route, with an explicit domain in it. Raises `Refused`: unrouted."""
        if self._route is None:
            raise Refused("No domain fits this goal.", "Choose one with --domain.", code="unrouted")
        return replace(self._route, domain=domain or self._route.domain, override=domain)


def _payload(item: OutboxItem, op: str, *needed: str) -> dict[str, str]:
    try:
        payload: dict[str, str] = json.loads(item.payload)
        present = all(isinstance(payload[name], str) for name in needed)
    except (ValueError, KeyError, TypeError):
        present = False
    if item.op != op or not present:
        raise Refused(f"{item.id} is no {op}.", code="malformed")
    return payload
