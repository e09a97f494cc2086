"""The templates of the factory, ready to be filled. Imported late: only who renders one pays for Jinja."""

from pathlib import Path

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

from adapters.knowledge import prompts
from adapters.knowledge.plain import FILTERS, MISSING, Absent, Safe, is_missing, plain


class Unnamed(Absent, ChainableUndefined):
    """What a template finds where nobody gave a value, however deep it looks."""


def page_templates(own: Path | None = None) -> Environment:
    """The templates; those in the folder `own` come before ours of the same name.

    Not HTML: every printed value goes through `plain`, unless a filter made it ready for the page."""
    ours = PackageLoader("factory", "templates")
    templates = Environment(
        loader=ChoiceLoader([FileSystemLoader(own), ours] if own else [ours]),
        autoescape=False,
        finalize=plain,
        undefined=Unnamed,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters.update(FILTERS)
    templates.globals["none_or_missing"] = _none_or_missing
    return templates


def prompt_templates() -> Environment:
    """Those of prompts: every printed value goes through `said`, unless a filter quoted or fenced it."""
    templates = Environment(
        loader=PackageLoader("factory", "templates"),
        autoescape=False,
        finalize=prompts.said,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters.update(prompts.FILTERS)
    return templates


def _none_or_missing(values: object) -> Safe:
    """What an empty list says: that nobody gave it, or that it has nothing in it."""
    return Safe(MISSING if is_missing(values) else "none")
