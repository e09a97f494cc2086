"""Styles of the parts of a widget, each worked out when something is drawn in it for the first time."""

from collections.abc import Collection, Hashable

from textual.css.model import RuleSet
from textual.css.styles import RenderStyles
from textual.dom import DOMNode
from textual.widget import Widget


class PartStyles(Widget):
    """Takes the place of Textual's `COMPONENT_CLASSES`: any class name is a part, and costs nothing until it is drawn.

    Textual works out every part of every widget whenever a class changes, which was most of the time of a start.
    """

    parts_version = 0
    """Grows when a part that was drawn looks different."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rules: list[RuleSet] = []
        self._worked_out: dict[Hashable, dict[str, RenderStyles]] = {}
        """By the state of the widget and of all above it: who has the focus again needs nothing worked out again."""

    def get_component_styles(self, *names: str) -> RenderStyles:
        """The styles of these parts together (Textual's hook)."""
        missing = [name for name in names if name not in self._component_styles]
        if missing:
            self._component_styles |= self._parts(missing)
        return super().get_component_styles(*names)

    def notify_style_update(self) -> None:
        """Find the parts again that were drawn, and draw again if one looks different now (Textual's hook)."""
        super().notify_style_update()
        if drawn := self._component_styles:
            self._component_styles = self._parts(drawn)
            if self._component_styles != drawn:
                self.parts_version += 1
                self.refresh()

    def _parts(self, names: Collection[str]) -> dict[str, RenderStyles]:
        if self._rules is not self.app.stylesheet.rules:  # another theme, or a screen that brought rules of its own
            self._rules = self.app.stylesheet.rules
            self._worked_out.clear()
        state = tuple((node.classes, node.pseudo_classes) for node in self.css_path_nodes)
        known = self._worked_out.setdefault(state, {})
        for name in names:
            if name not in known:
                known[name] = self._part(name)
        return {name: known[name] for name in names}

    def _part(self, name: str) -> RenderStyles:
        node = DOMNode(classes=name)
        node._attach(self)
        self.app.stylesheet.apply(node)
        return node.styles
