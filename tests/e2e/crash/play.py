"""Whole runs under fire: an operator who calls again what was cut off, and somebody who kills the worker."""

import json
import random
import threading
import time

from adapters.engine.lock import holder
from factory.model.view import RunView
from factory.rules.moves import awaits_request
from tests.e2e.crash.house import House

LONGEST_S = 240.0
BREATH_S = 0.05
CLIENT_S = (0.2, 1.4)
"""How long a client lives that is cut off: from before it reads its words until after it has spoken."""
REFUSED, NO_WORKER = 3, 5


class Reaper(threading.Thread):
    """Kills the worker at random moments that are spread over the whole of its work.

    Args:
        kills: How many.
        events: How far the ledger grows at least until everything is done.
    """

    def __init__(self, house: House, chance: random.Random, kills: int, events: int) -> None:
        super().__init__(name="reaper", daemon=True)
        self._house, self._chance = house, chance
        self._points = sorted(chance.sample(range(1, events), kills))
        self._over = threading.Event()
        self.kills = 0

    def run(self) -> None:
        """One kill after the other, each some time after the ledger has reached a certain length."""
        for point in self._points:
            while self._house.ledger.head().count < point and not self._over.wait(BREATH_S):
                pass
            self._over.wait(self._chance.choice((0.0, 0.1, 0.8)) * self._chance.random())
            while not self._over.is_set() and not self._house.kill_worker():
                self._over.wait(BREATH_S)
            self.kills += not self._over.is_set()

    def rest(self) -> None:
        """No kill after this."""
        self._over.set()
        self.join()


class Operator:
    """Starts runs and decides about them; calls are cut off in the middle first, then made again.

    Args:
        cuts: How likely it is that a call is cut off before it is made again.
    """

    def __init__(self, house: House, chance: random.Random | None = None, cuts: float = 0.0) -> None:
        self._house, self._chance, self._cuts = house, chance or random.Random(0), cuts
        self._digests: dict[str, str] = {}
        self.runs: dict[str, str] = {}
        """Run by key."""
        self.cut_off = 0

    def start(self, *keys: str) -> None:
        """Start a run for each key."""
        for key in keys:
            if self._cuts:
                self._cut_off(*self._house.start_words(key))
            self._maybe_cut_off(*self._house.start_words(key))
            self._attach(key)
            while key not in self.runs:
                self._attach(key)

    def send_all(self) -> None:
        """Send what the coders deliver to the verifiers, as soon as they do."""
        for run in self.runs.values():
            self._house.await_artefacts(run)
            self._say("verify", run)

    def play(self) -> None:
        """Until every run is done and written back."""
        end, seen = time.monotonic() + LONGEST_S, None
        while True:
            assert time.monotonic() < end, self._how_it_stands()
            if holder(self._house.home) is None:
                self._attach(self._chance.choice(list(self.runs)))
            if (head := self._house.ledger.head()) == seen:
                time.sleep(BREATH_S)
            elif not self._act_on_all():
                return
            seen = head

    def repeat_all(self) -> None:
        """Every decision once more, now that all is over: each is answered, and changes nothing."""
        for key, run in self.runs.items():
            assert self._house.json(*self._house.start_words(key)) | {"outputs": 0} == {
                "run": run, "state": "done", "created": False, "outputs": 0,
            }  # fmt: skip
            assert self._house.json("approve", run, "--digest", self._digests[run])["state"] == "done"

    def _attach(self, key: str) -> None:
        """The same key: the same run, and a worker for it, unless that was killed while it started."""
        done = self._house.call(*self._house.start_words(key), "--json")
        assert done.returncode in (0, NO_WORKER), done.stdout + done.stderr
        if done.returncode == 0:
            run = json.loads(done.stdout)["run"]
            assert self.runs.setdefault(key, run) == run

    def _act_on_all(self) -> bool:
        """Do what the runs wait for; False when all are through."""
        views = [self._house.view(run) for run in self.runs.values()]
        for view in views:
            self._act(view)
        return not all(_is_through(view) for view in views)

    def _act(self, view: RunView) -> None:
        run = view.run.id
        assert view.run.state != "blocked", [blocker.message for blocker in view.open_blockers]
        if awaits_request(view):
            self._say("verify", run)
        elif view.run.state == "awaiting_qa":
            gate = view.gate("qa")
            assert gate is not None
            self._digests[run] = gate.package_digest
            self._say("approve", run, "--digest", gate.package_digest)

    def _say(self, *words: str) -> None:
        """Cut off, perhaps, and then once more. What the first call did already is refused, or the same again."""
        self._maybe_cut_off(*words)
        done = self._house.call(*words, "--json")
        refused_again = done.returncode == REFUSED and ("no_artifacts" in done.stdout or "already" in done.stdout)
        assert done.returncode in (0, NO_WORKER) or refused_again, f"{words}: {done.stdout}{done.stderr}"

    def _cut_off(self, *words: str) -> None:
        """Cut a call off for certain: each one that was faster is made again and gets half the time."""
        after_s = self._chance.uniform(*CLIENT_S)
        while not self._house.cut(after_s, *words):
            after_s /= 2
        self.cut_off += 1

    def _maybe_cut_off(self, *words: str) -> None:
        while self._chance.random() < self._cuts:
            self.cut_off += self._house.cut(self._chance.uniform(*CLIENT_S), *words)

    def _how_it_stands(self) -> str:
        """For a run that hangs: what it waits for."""
        lines = []
        for run in self.runs.values():
            view = self._house.view(run)
            steps = ", ".join(f"{step.kind} {step.state}" for step in view.steps)
            writes = ", ".join(f"{item.target} {item.state} {item.next_at}{item.lease_until}" for item in view.outbox)
            lines.append(f"{run} is {view.run.state}: {steps}; {writes}")
        return "\n".join(["the runs are not through in time", *lines])


def _is_through(view: RunView) -> bool:
    return view.run.state == "done" and all(item.state == "delivered" for item in view.outbox)
