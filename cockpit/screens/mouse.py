"""Who has the mouse: the cockpit, or the terminal with its own selection."""

from textual.app import App


def report_mouse(app: App[None], wanted: bool) -> bool:
    """Turn the terminal's mouse reports on or off, also for after a suspension; False where there are none."""
    driver = app._driver
    turn = getattr(driver, "_enable_mouse_support" if wanted else "_disable_mouse_support", None)
    if driver is None or turn is None:
        return False
    driver._mouse = True  # the methods do nothing without it
    turn()
    driver._mouse = wanted
    return True
