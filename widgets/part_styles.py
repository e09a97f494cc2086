"""Styles of the parts of a widget, each worked out when something is drawn in it for the first time."""

from textual.css.styles import RenderStyles
from textual.dom import DOMNode
from textual.widget import Widget


class PartStyles(Widget):
    """Takes the place of Textual's `COMPONENT_CLASSES`: any class name is a part, and costs nothing until it is drawn.

    Textual works out every part of every widget whenever a class changes, which was most of the time of a start.
    """

    def get_component_styles(self, *names: str) -> RenderStyles:
        """The styles of these parts together (Textual's hook)."""
        for name in names:
            if name not in self._component_styles:
                self._component_styles[name] = self._part(name)
        return super().get_component_styles(*names)

    def notify_style_update(self) -> None:
        """Work the parts out again that were drawn, and draw again if one looks different now (Textual's hook)."""
        super().notify_style_update()
        drawn = dict(self._component_styles)
        self._component_styles.update((name, self._part(name)) for name in drawn)
        if self._component_styles != drawn:
            self.refresh()

    def _part(self, name: str) -> RenderStyles:
        node = DOMNode(classes=name)
        node._attach(self)
        self.app.stylesheet.apply(node)
        return node.styles
