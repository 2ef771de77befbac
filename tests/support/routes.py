"""Routes are compiled once a process, not once a test.

Werkzeug takes the text of every route of every app apart and writes and compiles two small functions for
it. A test builds an app of its own, so that nine tenths of building it were the same two hundred routes
again. What comes out depends on nothing but the route's text and defaults, so one result serves all apps.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule

Builder = Callable[..., tuple[str, str]]
_kept: dict[Any, tuple[list[Any], list[Any], dict[str, Any], set[str], Builder, Builder]] = {}
_compile = Rule.compile


def _once(rule: Rule) -> None:
    assert rule.map is not None
    if rule.map.host_matching or rule.map.converters != Map.default_converters:
        _compile(rule)
        return
    defaults = repr(sorted((rule.defaults or {}).items()))
    key = (rule.rule, rule.subdomain, rule.merge_slashes, defaults)
    if key not in _kept:
        _compile(rule)
        builders = (rule._build.__func__, rule._build_unknown.__func__)  # type: ignore[attr-defined]
        _kept[key] = (rule._parts, rule._trace, rule._converters, set(rule.arguments), *builders)
        return
    parts, trace, converters, arguments, build, build_unknown = _kept[key]
    rule._parts, rule._trace, rule._converters = list(parts), list(trace), dict(converters)
    rule.arguments.update(arguments)
    rule._build = build.__get__(rule, None)  # type: ignore[attr-defined]
    rule._build_unknown = build_unknown.__get__(rule, None)  # type: ignore[attr-defined]


def keep() -> None:
    """From now on, in this process."""
    Rule.compile = _once  # type: ignore[method-assign]
