"""Routes are compiled once a process, not once a test.

Werkzeug writes, parses and compiles a small function for every route of every app. A test builds an app
of its own, so that nine tenths of building it were the same two hundred routes again. What such a
function does depends on nothing but the route's text and defaults, so one serves all apps.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
_kept: dict[Any, Builder] = {}
_compile = Rule._compile_builder


def _once(rule: Rule, append_unknown: bool = True) -> Builder:
    defaults = repr(sorted((rule.defaults or {}).items()))
    key = (rule.rule, tuple(rule._trace), defaults, append_unknown)
    if key not in _kept:
        _kept[key] = _compile(rule, append_unknown)
    return _kept[key]


def keep() -> None:
    """From now on, in this process."""
    Rule._compile_builder = _once  # type: ignore[method-assign]
