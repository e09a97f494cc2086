"""Which version of Cockpit this is."""

from functools import cache


@cache
def program_version() -> str:
    """The version as installed, `0.1.0`; `0+source` when it runs from files that nobody installed."""
    from importlib.metadata import PackageNotFoundError, version  # 10 ms that most calls need not pay

    try:
        return version("factory-cockpit")
    except PackageNotFoundError:
        return "0+source"
