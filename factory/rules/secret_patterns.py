"""What a secret looks like in output, as data: where each kind begins and which bytes go on with it.

Only `re`, because the shim of every agent loads this. Each pattern starts with one literal byte, the rarest of its
secret, so that a search is a run through memory; the rest is a look around it, so that every place is judged by itself.
"""

import re
from collections.abc import Iterator

LONGEST = 1200
"""Bytes from its start by which the beginning of a secret is decided, whatever follows."""
BEHIND = 16
"""Bytes before its start that can matter to it."""

Rule = tuple[str, bytes, "re.Pattern[bytes]", int, str]
"""Kind, first literal byte, pattern, bytes of the secret before that byte, name of its tail."""

TAILS: dict[str, re.Pattern[bytes]] = {
    "none": re.compile(rb""),
    "word": re.compile(rb"[A-Za-z0-9_-]*"),
    "dotted": re.compile(rb"[A-Za-z0-9_.~+/=-]*"),
    "url": re.compile(rb"[^\s/@\"'<>]*"),
    '"': re.compile(rb"[^\"\n]*"),
    "'": re.compile(rb"[^'\n]*"),
    "\\": re.compile(rb"[^\"'\\\n]*"),
    "bare": re.compile(rb"[^\s\"'`,;&(){}\[\]<>|\\]*"),
    "pem": re.compile(rb"[A-Za-z0-9+/=\s\\\"',:>|-]*"),
}
"""What more belongs to a secret, however long it is. After a readable beginning the tail alone is cut out."""

READABLE = frozenset({"bearer", "url_password", "assignment"})
"""Kinds whose beginning (the name, the host) stays readable."""

_OPAQUE = rb"(?=[\w.~+/=-]{16})(?=[A-Za-z_.~+/-]{0,64}[0-9=])"
_NEW = rb"(?!\[redacted:)"
_TYPE = rb"(?!(?i:none|null|nil|true|false|str|bytes|int|string|undefined)\b)"
_VALUE = (
    rb"\d{0,2}\\?[\"'`]?[ \t]{0,8}(?::=|=>|[:=])[ \t]{0,8}(?:"
    rb"\\?\"" + _NEW + _TYPE + rb"(?=[^\"\s$<{\\][^\"\n]{3})|"
    rb"\\?'" + _NEW + _TYPE + rb"(?=[^'\s$<{\\][^'\n]{3})|"
    # Neither a comparison, nor a call, nor an index.
    rb"`?" + _NEW + _TYPE + rb"(?![\w.]{1,80}[(\[])(?=[^\s\"'`,;&(){}\[\]<>|\\$=][^\s\"'`,;&(){}\[\]<>|\\]{3}))"
)
_KEY = (
    rb"(?:(?<=(?i:apik))|(?<=(?i:(?:api|uth)[_-]k))|(?<=(?i:(?:access|secret)k))"
    rb"|(?<=(?i:(?:access|secret)[_-]k|privatek))|(?<=(?i:private[_-]k)))(?i:ey)"
)
_NAMES: dict[bytes, bytes] = {
    b"k": rb"(?:(?<=(?i:tok))(?i:en)|" + _KEY + rb")",
    b"w": rb"(?:(?<=(?i:passw))(?i:(?:or)?d)|(?<=[_-](?i:pw))(?i:d))",
    b"c": rb"(?<=(?i:sec))(?i:ret)",
}


def _rule(kind: str, first: bytes, rest: bytes, back: int = 0, tail: str = "word") -> Rule:
    return kind, first, re.compile(re.escape(first) + b"(?=(" + rest + b"))"), back, tail


def _assignments() -> Iterator[Rule]:
    """`password = …`, `"token": "…"`, `API_KEY=…`, in any case of letters."""
    for letter, name in _NAMES.items():
        for first in (letter, letter.upper()):
            yield _rule("assignment", first, name + _VALUE, tail="value")


RULES: tuple[Rule, ...] = (
    _rule("private_key", b"B", rb"(?<=-----B)EGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----", 5, "pem"),
    _rule("jwt", b"J", rb"(?<=(?<![\w-])eyJ)[\w-]{8,1000}\.[\w-]{8}", 2, "dotted"),
    _rule("aws_key", b"I", rb"(?<=(?<![A-Za-z0-9])A[KS]I)A[A-Z0-9]{16}(?![A-Za-z0-9])", 2, "none"),
    _rule("github_token", b"_", rb"(?<=(?<![A-Za-z0-9])gh[pousr]_)[A-Za-z0-9]{20}", 3),
    _rule("github_token", b"_", rb"(?<=(?<![A-Za-z0-9])github_pat_)[A-Za-z0-9_]{20}", 10),
    _rule("gitlab_token", b"-", rb"(?<=(?<![A-Za-z0-9])glpat-)[\w-]{16}", 5, "dotted"),
    _rule("slack_token", b"x", rb"(?<=(?<![A-Za-z0-9])x)(?:ox[abeoprs]|app)-[A-Za-z0-9-]{10}"),
    _rule("anthropic_key", b"-", rb"(?<=(?<![A-Za-z0-9])sk-)ant-[\w-]{16}", 2),
    _rule("openai_key", b"-", rb"(?<=(?<![A-Za-z0-9])sk-)(?!ant-)[\w-]{20}", 2),
    _rule("google_key", b"z", rb"(?<=(?<![A-Za-z0-9])AIz)a[\w-]{35}", 2),
    _rule("bearer", b"B", rb"(?:earer|EARER|asic) " + _OPAQUE, 0, "dotted"),
    _rule("bearer", b"b", rb"earer " + _OPAQUE, 0, "dotted"),
    _rule("url_password", b":", rb"//[^\s/@:\"'<>]{0,100}:" + _NEW + rb"(?=[^\s/@\"'<>]{1,256}@)", 0, "url"),
    *_assignments(),
)
NEEDS: dict[str, bytes] = {"url_password": b"@"}
"""A byte without which a kind does not occur."""
PEM_END = re.compile(rb"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
PEM_END_LONGEST = 96
PEM_LONGEST = 1 << 15
"""Where a private key without an end ends."""
