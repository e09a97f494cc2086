"""Knowledge pages from the templates of the factory: Markdown with front matter, a generated block, and notes."""

import logging
import shlex
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.knowledge.facts import facts
from adapters.knowledge.plain import BEGIN, END, Safe
from factory.errors import Missing
from factory.model.view import RunView
from factory.ports.knowledge import Rows
from factory.rules.figures import Chapter
from factory.rules.flags import Flag

if TYPE_CHECKING:
    from jinja2 import Environment

_LOG = logging.getLogger(__name__)
ROLES = ("request", "status", "evidence", "postflight")
TEMPLATE_VERSION = "1"
OWN_WRITES = (
    "the run's own worktrees and clone, below the home of the cockpit",
    "the source repository only after an approved write gate: one branch, no checkout, no push",
)
HOW_TO_VERIFY = """\
cd {package}
sha256sum -c MANIFEST.sha256
sha256sum package.json    # the digest above
cockpit evidence verify {package}"""


class JinjaPages:
    """`Pages` over `factory/templates`.

    Args:
        own: Folder of the operator; a template in there is taken instead of ours of the same name.

    `extra` may hold, all optional: `status` (Status), `quality` (Quality), `hints` (of Hint), `asked` (Asked), `diff`
    (Diff), `timeline` (of Event), `plan`, `architecture`, `scope_in`, `scope_out` (texts), `questions`, `follow_ups`,
    `allowed_writes` (of text), `lessons` (of mappings with `text`, `evidence`, `change`), `package` (Package; else the
    newest with a digest), `digest` and `generated` (texts; else those of the package and of the view). What is missing
    prints "not recorded". Every value is shown as text, never as Markdown.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._own = own

    @cached_property
    def _templates(self) -> "Environment":
        # Every command makes a JinjaPages; few of them render a page.
        from adapters.knowledge.templates import page_templates

        return page_templates(self._own)

    def render(self, role: str, view: RunView, extra: Mapping[str, Any] | None = None) -> str:
        """The page as Markdown.

        Raises:
            Missing: there is no template for this role.
        """
        if role not in ROLES:
            raise Missing(f"There is no page template {role!r}.", f"Templates: {', '.join(ROLES)}.")
        given = dict(extra or {})
        values = _about(view) | facts(view, given) | given
        present = {name: value for name, value in values.items() if value is not None}
        words = {"role": role, "template_version": TEMPLATE_VERSION, "begin": Safe(BEGIN), "end": Safe(END)}
        return self._filled(role, present | words)

    def _filled(self, role: str, values: Mapping[str, Any]) -> str:
        """The page. A template of the operator that cannot be filled gives way to ours: a run never waits for it."""
        from jinja2 import TemplateError

        from adapters.knowledge.templates import page_templates

        file = self._own / f"{role}.md.j2" if self._own else None
        try:
            return self._templates.get_template(f"{role}.md.j2").render(values)
        except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            if file is None or not file.exists():
                raise
            _LOG.warning("%s cannot be filled, ours is taken: %s: %s", file, type(error).__name__, error)
            return page_templates().get_template(f"{role}.md.j2").render(values)

    def metrics(self, title: str, chapters: Sequence[Chapter], flags: Sequence[Flag], rows: Rows = ()) -> str:
        """Metrics as Markdown, without a time of writing: the same numbers make the same page."""
        template = self._templates.get_template("metrics.md.j2")
        return template.render(
            title=title,
            chapters=chapters,
            flags=flags,
            rows=rows,
            template_version=TEMPLATE_VERSION,
            begin=Safe(BEGIN),
            end=Safe(END),
        )

    def ref(self, role: str, run: str) -> str:
        """`<run>/<role>`, below the root of the knowledge target."""
        return f"{run}/{role}"


def _about(view: RunView) -> dict[str, Any]:
    """What is so for every run."""
    packages = [package.path for package in view.packages if package.path]
    package = shlex.quote(packages[-1]) if packages else "PACKAGE"
    return {"own_writes": OWN_WRITES, "how_to_verify": HOW_TO_VERIFY.format(package=package)}
