"""A home whose one goal is hostile in every text and file: what agents, repositories and servers could plant."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from adapters.engine.lock import Holder, WorkerLock
from cockpit.settings import Settings
from cockpit.version import program_version
from cockpit.wiring import opened_ports
from factory.model.blocker import Blocker
from factory.model.evidence import Evidence
from factory.model.identity import Entity
from factory.model.outbox import OutboxItem
from factory.model.run import Agent, Criterion
from factory.ports.ledger import Transaction
from tests.app import sample

MARK = "owned"
"""Stands in every planted string that a terminal would take without showing it."""
SGR = "1;38;5;199"
"""A colour that the cockpit never asks for."""
TRICKS = (
    f"\x1b[{SGR}m[red]pink[/red]\x1b[0m",
    f"\x1b]0;{MARK}\x07", f"\x1b]2;{MARK}\x1b\\", f"\x1b]52;c;{MARK}\x07",
    f"\x1b]8;;https://{MARK}.example\x07click\x1b]8;;\x07",
    f"\x1bP+q{MARK}\x1b\\", f"\x1b_{MARK}\x1b\\", f"\x9d0;{MARK}\x9c", f"\x9b{SGR}m",
    "abc \u202etxt.exe \u2066hidden\u2069 \x00\x07\x08\x0e", "e" + "\u0301" * 50, "[@click=app.quit]go[/]",
)  # fmt: skip
LINE = " ".join(TRICKS)
TEXT = "\n".join((f"planted {LINE}", *TRICKS, "x" * 1_000_000, "last"))
BYTES = TEXT.encode() + b"\n\xff\xfe\x80 \x9b1;38;5;199m broken\n"
GOAL = f"planted {LINE} ".ljust(10_000, "g")
RUN = sample.RUN


@contextmanager
def hostile_home(home: Path) -> Iterator[Path]:
    """The home. Its worker's lock is held, so that no real one starts and meddles."""
    with opened_ports(Settings(home), "operator:me") as ports:
        ports.ledger.write(f"worker {LINE}", lambda tx: _plant(tx, home))
    lock = WorkerLock(home)
    lock.take(Holder(pid=0, version=program_version(), ready=True, agents=1))
    try:
        yield home
    finally:
        lock.release()


def _plant(tx: Transaction, home: Path) -> None:
    for entity in _entities(home):
        tx.put(replace(entity, version=0), f"{type(entity).__name__.lower()}.create", {"said": LINE})


def _entities(home: Path) -> Iterator[Entity]:
    view, agent = sample.VIEW, Agent(f"command:{LINE}", LINE)
    criteria = tuple(Criterion(one.id, LINE, (LINE,)) for one in view.run.criteria)
    yield replace(view.run, goal=GOAL, coder=agent, verifier=replace(agent, company=f"b{LINE}"), criteria=criteria,
                  domain=LINE, repo=LINE)  # fmt: skip
    yield from (replace(one, assigned=LINE, state_reason=LINE) for one in view.steps)
    for attempt in view.attempts:
        folder = home / "agents" / attempt.id
        folder.mkdir(parents=True)
        (folder / "out.log").write_bytes(BYTES[-60_000:] + f"planted {LINE}\n".encode())
        yield replace(attempt, agent=LINE, company=LINE, end_reason=LINE, summary=LINE, folder=str(folder))
    yield from (replace(one, coder=LINE, verifier=LINE) for one in view.threads)
    yield from (replace(one, body=TEXT, sender=LINE) for one in view.messages)
    yield from _evidence(home / "evidence" / RUN)
    yield from (*view.gates, *view.packages, *view.budgets)
    yield from (replace(one, agent=LINE, model=LINE) for one in view.costs)
    yield Blocker(id="blk", run=RUN, code=LINE, severity="block", message=f"planted {LINE}", opened_at=sample.NOW)
    payload = json.dumps({"ref": f"{RUN}/status", "text": f"planted\n{TEXT}\n# {LINE}\n- {LINE}\n```\n{LINE}\n```"})
    yield OutboxItem(id="out", run=RUN, target="knowledge", op="page", dedupe_key="k", last_error=LINE, payload=payload)


def _evidence(root: Path) -> Iterator[Evidence]:
    """Every kind of file, the patch last: the diff is made of it."""
    (root / "store").mkdir(parents=True)
    patch = b"diff --git a/[red].py b/[red].py\n@@ -1,9 +1,99 @@\n" + b"\n".join(
        b"+" + line for line in BYTES.split(b"\n")
    )
    files = {"a.log": BYTES, "b.json": json.dumps({TEXT: [TEXT]}).encode(), "c.md": BYTES, "d.patch": patch}
    for n, (name, data) in enumerate(files.items()):
        path = f"store/{n}-\x1b[{SGR}m\u202e{name}"
        (root / path).write_bytes(data)
        base = sample.VIEW.evidence[n]
        kind = "log" if name.endswith(".log") else "file"
        yield replace(base, kind=kind, path=path, sha256=sha256(data).hexdigest(), size=len(data), tests=None,  # type: ignore[arg-type]
                      command=None, title=f"{LINE} {name}", baseline=False)  # fmt: skip
