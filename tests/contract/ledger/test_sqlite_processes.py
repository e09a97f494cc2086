"""Several processes, and several threads of one, on the same ledger."""

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from adapters.clock import SystemClock
from adapters.ledger import ledger as ledger_module
from adapters.ledger.audit import verify
from adapters.ledger.open import open_ledger
from factory.errors import Unreachable
from factory.model.run import Run
from factory.ports.ledger import Transaction
from tests.contract.ledger.books import RUN, put

ROOT = Path(__file__).parents[3]
OPENS = """
import sys
from adapters.clock import SystemClock
from adapters.ledger.open import open_ledger
from factory.model.run import Run
print("ready", flush=True)
for path in sys.stdin:
    ledger = open_ledger(path.strip(), SystemClock())
    for n in range(int(sys.argv[2])):
        ledger.write(sys.argv[1], lambda tx: tx.put(Run(id=f"run_{sys.argv[1]}_{n}", goal="g"), "run.start"))
        ledger.write("both", lambda tx: tx.note("once", str(n)), key=f"key:{n}")
    print(ledger.head().count, flush=True)
"""


def run_at_once(names: str, writes: int, *paths: Path) -> None:
    """One process for each name, all of them let go at the same moment for each path."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPENS, name, str(writes)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in names
    ]  # fmt: skip
    assert [answer(process) for process in processes] == ["ready"] * len(names)
    for path in paths:
        for process in processes:
            assert process.stdin is not None
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
        assert [answer(process).isdigit() for process in processes] == [True] * len(names)
    problems = [process.communicate(timeout=60)[1] for process in processes]
    assert problems == [""] * len(names)


def answer(process: "subprocess.Popen[str]") -> str:
    """The next line that a process says; its errors when it has ended."""
    assert process.stdout is not None
    assert process.stderr is not None
    return process.stdout.readline().strip() or process.stderr.read()


def test_processes_that_start_at_once_make_one_ledger(tmp_path: Path) -> None:
    paths = [tmp_path / str(n) / "ledger.db" for n in range(10)]
    run_at_once("abc", 0, *paths)
    for path in paths:
        with closing(open_ledger(path, SystemClock(), create=False)) as ledger:
            assert ledger.head().count == 0


def test_processes_that_write_at_once_make_one_chain_and_use_each_key_once(tmp_path: Path) -> None:
    run_at_once("ab", 60, tmp_path / "ledger.db")
    with closing(open_ledger(tmp_path / "ledger.db", SystemClock())) as ledger:
        audit = verify(ledger)
        assert (audit.problem, audit.head.count) == (None, 180)
        assert len(ledger.find(Run)) == 120
        assert sum(event.action == "once" for event in ledger.events()) == 60


def test_threads_that_write_at_once_make_one_chain(tmp_path: Path) -> None:
    with closing(open_ledger(tmp_path / "ledger.db", SystemClock())) as ledger:

        def write(name: str) -> None:
            for n in range(20):
                put(ledger, Run(id=f"run_{name}_{n}", goal="g"))
                assert ledger.head().count > n

        threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (verify(ledger).problem, ledger.head().count) == (None, 80)


def test_a_write_inside_a_write_ends_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "TURN_TIMEOUT_S", 0.01)
    with closing(open_ledger(tmp_path / "ledger.db", SystemClock())) as ledger:

        def work(tx: Transaction) -> None:
            tx.put(RUN, "run.start")
            put(ledger, RUN)

        with pytest.raises(Unreachable, match="Another thread") as locked:
            ledger.write("a", work)
        assert locked.value.code == "locked"
        assert ledger.head().count == 0
        put(ledger, RUN)
