"""Each fault is the same one to a client, with httpx's mock transport and on a socket."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from adapters.http import open_client, speaking_to
from factory.errors import Unreachable
from tests.support.faults import FAULTS, Fault, Faults, faulty
from tests.support.loopback import served

WAYS = pytest.mark.parametrize("way", ["mock", "socket"])


class Shop:
    """Counts what had its effect."""

    def __init__(self) -> None:
        self.sold = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.sold += 1
        return httpx.Response(
            200, json={"sold": self.sold, "asked": request.url.path, "sent": request.content.decode()}
        )


@contextmanager
def clients_of(way: str, shop: Shop, faults: Faults) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """One that soon gives up, for what never ends, and one with all the time that a busy machine needs."""
    if way == "mock":
        with open_client("http://shop.test", transport=faulty(shop.answer, faults)) as client:
            yield client, client
        return
    with (
        served(shop.answer, faults) as url,
        open_client(url, read_s=0.5, whole_s=0.6) as hasty,
        open_client(url) as patient,
    ):
        yield hasty, patient


def _until(holds: Callable[[], bool]) -> None:
    """Wait until something holds: whoever gave up may have done so before the server came to it."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@WAYS
def test_a_healthy_one_answers(way: str) -> None:
    with clients_of(way, Shop(), Faults()) as (_, client):
        said = client.post("/buy", json=1).json()
    assert said == {"sold": 1, "asked": "/buy", "sent": "1"}


@WAYS
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_when_it_is_cleared_and_says_what_it_did(way: str, fault: Fault) -> None:
    shop, faults = Shop(), Faults()
    with clients_of(way, shop, faults) as (hasty, patient):
        client = hasty if fault in ("hang", "drip") else patient
        faults.set(fault)
        with pytest.raises((Unreachable, ValueError)), speaking_to("The shop"):
            client.post("/buy").raise_for_status().json()
        _until(lambda: (shop.sold, faults.met) == (int(fault in ("cut", "drip")), 1))
        faults.set(fault, left=1, has_effect=True, only=lambda request: request.url.path == "/buy")
        assert patient.get("/look").json()["asked"] == "/look"
        before = shop.sold
        with pytest.raises((Unreachable, ValueError)), speaking_to("The shop"):
            client.post("/buy").raise_for_status().json()
        _until(lambda: shop.sold - before == int(fault not in ("refuse", "unauthorised")))
        assert patient.get("/look").status_code == 200
