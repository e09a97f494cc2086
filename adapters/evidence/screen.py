"""A quick look for secrets, many times faster than the search: it may cry wolf, and never misses what the search finds.

The patterns say of each rule in `factory/rules/secret_patterns.py` only what Rust's regular expressions can look for at
the speed of memory: no looking around. They run inside pydantic, which is here anyway.
"""

from pydantic_core import SchemaValidator, core_schema


def _screen(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))


# One pattern each, because each alone is searched by its literal parts and all in one would be walked byte by byte.
_SCREENS = (
    _screen(
        r"PRIVATE KEY|eyJ[A-Za-z0-9_-]{8}|AKIA[A-Z0-9]{16}|ASIA[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20}|github_pat_"
        r"|glpat-|xox[abeoprs]-|xapp-|sk-[A-Za-z0-9_-]{20}|AIza"
    ),
    _screen(r"(?:earer|EARER|asic) [A-Za-z0-9_.~+/=-]{16}"),
    _screen(r"://[^\s/@:\"'<>]{0,100}:[^\s/@\"'<>]+@"),
)
# `password = …`: the ends of the names are short enough to be literal in any case of letters, the names are not.
_IS = r"[0-9]{0,2}\\?[\"'`]?[ \t]{0,8}[:=]"
_ENDS = _screen(rf"(?i:key|ken|sword|swd|pwd|cret){_IS}")
_NAMES = _screen(rf"(?i:(?:api|uth|access|secret|private)[_-]?key|passw(?:or)?d|[_-]pwd|token|secret){_IS}")

# Bytes that are not ASCII become one that no literal part, but every `[^…]`, can be: text costs less than UTF-8 then.
_ASCII = bytes(byte if byte < 0x80 else 0x01 for byte in range(256))


def may_hold_secrets(data: bytes) -> bool:
    """False only when the search would find nothing in these bytes."""
    text = (data if data.isascii() else data.translate(_ASCII)).decode("ascii")
    if any(screen.isinstance_python(text) for screen in _SCREENS):
        return True
    return _ENDS.isinstance_python(text) and _NAMES.isinstance_python(text)
