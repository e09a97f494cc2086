"""The program under the shim that talks to one agent, in a process of its own. Run as `python -I driver.py`.

Its folder is that of the shim (`COCKPIT_HOLD`): it reads `job.json` and `inbox/`, and writes `events.jsonl`,
`stream.jsonl`, `live.json` and `result.json` there. What it prints is the log that people read.
"""

import asyncio
import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.agents.dialects.dialect import Dialect
    from adapters.agents.driving.orders import Orders
    from adapters.agents.driving.record import Record
    from factory.model.agent_event import Finished
    from factory.rules.meter import Meter, PriceOf, SizeOf

NOT_OURS = 64
"""Exit code for orders that cannot be read."""


def main() -> int:
    """Drive the agent of the folder to its end."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # run by its path: nothing set it up
    from adapters.agents.dialects.known import DIALECTS
    from adapters.agents.driving.aloud import say_aloud
    from adapters.agents.driving.orders import read_orders

    folder = Path(os.environ["COCKPIT_HOLD"])
    try:
        orders = read_orders(folder)
        dialect = DIALECTS[orders.dialect]
    except (OSError, ValueError, TypeError, KeyError) as error:
        say_aloud(f"driver: {folder / 'job.json'} cannot be read: {error!r}\n".encode("utf-8", "replace"))
        return NOT_OURS
    from adapters.agents.driving.record import Record

    record = Record(folder, [os.fsencode(os.environ.get(name, "")) for name in orders.secret_names])
    finished, meter = asyncio.run(_drive(dialect, orders, folder, record))
    record.close(meter)
    _leave_result(folder, finished, meter, record.secrets)
    return 0


async def _drive(dialect: "Dialect", orders: "Orders", folder: Path, record: "Record") -> "tuple[Finished, Meter]":
    """See the agent through to its end. What goes wrong with that is an end, too."""
    from adapters.agents.driving.aloud import say_aloud
    from adapters.agents.driving.drive import Drive
    from adapters.agents.driving.inbox import Inbox

    drive = Drive(dialect, orders, record, Inbox(folder), _price_of(orders), _size_of(orders))
    try:
        start = dialect.start(orders.job)
        for name, text in start.files.items():
            _write_inside(orders.job.home, name, text)
        return await drive.run(start, dict(os.environ)), drive.meter
    except Exception as error:  # noqa: BLE001 - whatever it is, the one last word has to come
        say_aloud(traceback.format_exc().encode("utf-8", "replace"))
        return drive.fail(f"its driver failed: {error!r}"), drive.meter


def _write_inside(home: Path, name: str, text: str) -> None:
    file = home / name
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _price_of(orders: "Orders") -> "PriceOf":
    """Declared prices first, then the list; None for what neither knows."""
    from adapters.prices import micros_of

    return lambda model, tokens: micros_of(model, tokens, orders.prices, orders.declared_free)


def _size_of(orders: "Orders") -> "SizeOf":
    """By the list; what runs on the operator's own machine or terms may have less than its name promises."""
    from adapters.prices import window_of

    return lambda model: 0 if orders.declared_free or model in orders.prices else window_of(model)


def _leave_result(folder: Path, finished: "Finished", meter: "Meter", secrets: "Sequence[bytes]") -> None:
    from adapters.agents.claims import plain
    from adapters.agents.driving.result import result_object
    from adapters.agents.small_files import write_private

    said = plain(result_object(finished, meter), secrets)
    write_private(folder / "result.json", json.dumps(said).encode("utf-8", "replace"))


if __name__ == "__main__":
    sys.exit(main())
