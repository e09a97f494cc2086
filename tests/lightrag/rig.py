"""An outbox that writes to a real LightRAG, on the clock of this machine."""

import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

from adapters.clock import SystemClock
from adapters.http import open_client, read
from adapters.memory.lightrag import AT_ONCE, LightRagTarget
from adapters.memory.lightrag_client import LightRagClient
from adapters.memory.lightrag_wire import WireDocument, WireList
from factory.model.outbox import OutboxItem
from factory.model.run import Run
from factory.rules.outbox import outbox_item
from factory.workflow.delivery import deliver_due
from tests.fakes.ledger import MemoryLedger
from tests.lightrag.server import KEY, RealServer
from tests.support.fake_models import FakeModels
from tests.support.faults import Faults
from tests.unit.knowledge.post_room import ports_of

LOST_S = 4.0
"""Shorter than for an operator, so that the test is."""
NUDGE_S = 2.0
PATIENCE_S = 90.0


class RealRoom:
    """One run whose lessons go to a real server."""

    def __init__(self, server: RealServer, models: FakeModels, faults: Faults) -> None:
        self.server, self.models, self.faults = server, models, faults
        clock = SystemClock()
        self.ledger = MemoryLedger(clock)
        self.ledger.write("operator", lambda tx: tx.put(Run(id="run_1", goal="g", state="closing"), "run.start"))
        self.client = LightRagClient(server.url, lambda: KEY)
        target = LightRagTarget(self.client, "shop", lost_s=LOST_S, nudge_every_s=NUDGE_S)
        self.ports = replace(ports_of(clock, self.ledger, target), at_once={"lightrag": AT_ONCE})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.client.close()

    def queue(self, text: str) -> OutboxItem:
        """Queue one lesson."""
        run = f"run_{len(self.ledger.find(OutboxItem))}"
        note = {"id": f"{run}-lesson", "title": "Split", "text": text, "run": run, "kind": "postflight"}
        stored = self.ledger.write(
            "worker", lambda tx: tx.put(outbox_item("run_1", "lightrag", "remember", note), "outbox.queue")
        )
        assert stored is not None
        return stored

    def look(self) -> None:
        """One pass of the worker."""
        deliver_due(self.ports, self.ports.clock.now(), lambda _tries, _key: 0.5)

    def states(self) -> list[str]:
        """How far each item is."""
        return [item.state for item in self.ledger.find(OutboxItem)]

    def live_until(self, is_so: Callable[[], bool]) -> None:
        """Let the worker go on until something is so. Raises `AssertionError` when it takes too long."""
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, self.ledger.find(OutboxItem)
            self.look()
            time.sleep(0.1)

    def until_delivered(self) -> None:
        """Let the worker go on until nothing is left to do."""
        self.live_until(lambda: set(self.states()) == {"delivered"})

    def documents(self) -> list[WireDocument]:
        """Every document that the server has, with whatever name."""
        with open_client(self.server.url, {"X-API-Key": KEY}) as http:
            return read(WireList, http.post("/documents/paginated", json={"page": 1, "page_size": 200})).documents
