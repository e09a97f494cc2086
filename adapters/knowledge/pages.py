"""Knowledge pages from the templates of the factory: Markdown with front matter, a generated block, and notes."""

import shlex
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from adapters.knowledge.facts import facts
from adapters.knowledge.plain import BEGIN, END, Safe
from factory.errors import Missing
from factory.model.view import RunView

if TYPE_CHECKING:
    from jinja2 import Environment

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

    `extra` may hold, all optional: `status` (Status), `quality` (Quality), `hints` (of Hint), `diff` (Diff), `timeline`
    (of Event), `plan`, `architecture`, `scope_in`, `scope_out` (texts), `questions`, `follow_ups`, `allowed_writes`
    (of text), `lessons` (of mappings with `text`, `evidence`, `change`), `package` (Package; else the newest with a
    digest), `digest` and `generated` (texts; else those of the package and of the view). What is missing prints "not
    recorded". Every value is shown as text, never as Markdown.
    """

    @cached_property
    def _templates(self) -> "Environment":
        # Every command makes a JinjaPages; few of them render a page.
        from adapters.knowledge.templates import page_templates

        return page_templates()

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
        template = self._templates.get_template(f"{role}.md.j2")
        return template.render(present, role=role, template_version=TEMPLATE_VERSION, begin=Safe(BEGIN), end=Safe(END))

    def ref(self, role: str, run: str) -> str:
        """`<run>/<role>`, below the root of the knowledge target."""
        return f"{run}/{role}"


def _about(view: RunView) -> dict[str, Any]:
    """What is so for every run."""
    packages = [package.path for package in view.packages if package.path]
    package = shlex.quote(packages[-1]) if packages else "PACKAGE"
    return {"own_writes": OWN_WRITES, "how_to_verify": HOW_TO_VERIFY.format(package=package)}
