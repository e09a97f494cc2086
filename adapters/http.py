"""HTTP to another system: one client for each, and its failures in the factory's words.

Only who talks to such a system imports this: httpx costs 25 ms that no other start need pay.
"""

import json
import logging
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from adapters.whole_answer import WholeAnswer
from factory.errors import Malformed, Missing, Refused, Unreachable
from factory.rules.redaction import redact
from factory.rules.visible import one_line

W = TypeVar("W", bound=BaseModel)

CONNECT_S = 2.0
WHOLE_S = 60.0
_SHOWN_CHARS = 200
_LOOKED_AT_BYTES = 20 * _SHOWN_CHARS
_DISTRUSTED = (
    "Add who signed its certificate to this machine, or name that file in SSL_CERT_FILE; then restart the worker."
)
logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs each address, and that of a webhook may hold its key
_OUTAGES = (408, 425, 429)
"""Refusals that end by themselves, as every 5xx does."""
_OF_ONE_REQUEST = (405, 413, 414)
"""Refusals of this one request, also without a word about it."""


def open_client(
    base_url: str,
    headers: Mapping[str, str] | None = None,
    read_s: float = 15.0,
    *,
    cookies: bool = False,
    whole_s: float = WHOLE_S,
    transport: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client for one system; whoever opens it closes it. It follows no redirect.

    Args:
        cookies: Keep them, for a log-in; for some servers a cookie that a page has set is stronger than the token.
        read_s: How long it may be silent.
        whole_s: How long a whole answer may take; a stream of events may go on.
        transport: For tests; the network unless given.
    """
    return httpx.Client(
        base_url=base_url,
        headers={"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})},
        timeout=httpx.Timeout(read_s, connect=CONNECT_S),
        transport=WholeAnswer(transport or httpx.HTTPTransport(trusted(), trust_env=False), whole_s),
        trust_env=False,
        cookies=CookieJar(None if cookies else DefaultCookiePolicy(allowed_domains=())),
    )


@cache
def trusted() -> ssl.SSLContext:
    """The authorities that httpx brings and those of this machine, or of `SSL_CERT_FILE`: teams sign for themselves."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


@contextmanager
def speaking_to(system: str) -> Iterator[None]:
    """Turns what httpx and pydantic raise into the factory's errors.

    Raises:
        Unreachable: no answer (`unreachable`, `timeout`), `unauthorised`, `busy` (429), or 5xx.
        Missing: 404. Refused: any other 4xx of its own. Malformed: an answer in no form that we know.
    """
    try:
        yield
    except httpx.TimeoutException as error:
        raise Unreachable(f"{system} did not answer in time.", "It is tried again by itself.", "timeout") from error
    except httpx.HTTPStatusError as error:
        raise refusal(system, error.response) from error
    except httpx.HTTPError as error:
        why = one_line(str(error))[:_SHOWN_CHARS] or type(error).__name__
        hint = _DISTRUSTED if "CERTIFICATE_VERIFY_FAILED" in why else "Start it, or correct its url in config.toml."
        raise Unreachable(f"{system} does not answer: {why}", hint) from error
    except httpx.InvalidURL as error:
        raise Unreachable(f"{system} has no usable url: {error}", "Correct its url in config.toml.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = one_line(".".join(map(str, first["loc"])))[:_SHOWN_CHARS] or "the answer"
        raise Malformed(f"{system} answered in a form that is not known ({key}: {first['msg']}).") from error


def refusal(system: str, response: httpx.Response) -> Unreachable | Missing | Refused:
    """What an answer of 300 and more means."""
    status, said = response.status_code, words(response)
    if 300 <= status < 400:
        return Unreachable(f"{system} leads elsewhere ({status}).", "Correct its url in config.toml.")
    if status in (401, 403):
        hint = "Renew its credentials, or what they may do."
        return Unreachable(f"{system} does not let us in ({status}): {said}", hint, "unauthorised")
    if status >= 500:  # what it says then can be a statement of its database, for nobody here to read
        return Unreachable(f"{system} cannot answer now ({status}).", after_s=retry_after(response))
    if status in _OUTAGES:
        code = "busy" if status == 429 else ""
        return Unreachable(f"{system} cannot answer now ({status}): {said}", "", code, retry_after(response))
    if status == 404 and is_json(response):
        return Missing(f"{system} does not have it: {said}")
    if not is_json(response) and status not in _OF_ONE_REQUEST:  # of what stands in front of it, and of no item
        code = "no_route" if status == 404 else ""
        return Unreachable(f"{system} answers with a web page ({status}).", "Correct its url in config.toml.", code)
    return Refused(f"{system} will not take it ({status}): {said}")


def read(wire: type[W], response: httpx.Response) -> W:
    """The answer as a wire model. Raises what `speaking_to` turns into one of our errors."""
    response.raise_for_status()
    return wire.model_validate_json(_with_whole_characters(response.content))


def _with_whole_characters(content: bytes) -> bytes:
    r"""JSON in which no escape stands for half a character (`\ud83d`), as cut texts have and strict readers refuse."""
    if b"\\ud" not in content and b"\\uD" not in content:
        return content
    try:
        said = json.dumps(json.loads(content), ensure_ascii=False)
    except (ValueError, RecursionError):  # the strict reader says what is wrong with it
        return content
    return said.encode("utf-8", "replace")


def is_json(response: httpx.Response) -> bool:
    """Whether it says that it is JSON: what stands in front of a server answers with web pages."""
    return "json" in response.headers.get("content-type", "")


def retry_after(response: httpx.Response) -> float:
    """Seconds after which the server wants to be asked again; 0 = it did not say, or not in seconds."""
    try:
        return min(max(0.0, float(response.headers.get("retry-after", "0"))), 3600.0)  # NaN is 0 in this order
    except ValueError:
        return 0.0


def words(response: httpx.Response) -> str:
    """What the server said, on one line, without what it was told in confidence; a web page is no word.

    It is read as UTF-8, as JSON is: the charset that a server names may be any codec of Python.
    """
    if not is_json(response):
        return "no JSON"
    said, _ = redact(response.content[:_LOOKED_AT_BYTES], tuple(_confided(response)))
    return one_line(said.decode("utf-8", "replace"))[:_SHOWN_CHARS]


def _confided(response: httpx.Response) -> Iterator[bytes]:
    """The credentials of the request: a server, or what stands in front of it, may quote them in its refusal."""
    try:
        request = response.request
    except RuntimeError:  # nobody asked
        return
    for value in filter(None, map(request.headers.get, ("authorization", "x-api-key", "cookie"))):
        for part in (value, value.rpartition(" ")[2], *re.split("[ :=]", value)):
            yield part.encode()
    with suppress(ValueError, AttributeError, httpx.RequestNotRead):
        yield str(json.loads(request.content).get("password", "")).encode()
