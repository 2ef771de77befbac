"""Routes are compiled and sorted once a process, not once a test.

Werkzeug takes the text of every route of every app apart and writes and compiles two small functions for
it, then builds a tree of them all. A test builds an app of its own, so that nine tenths of building it were
the same two hundred routes again. What comes out depends on nothing but the routes' words, so one result
serves all apps with the same routes; an app that adds one gets a tree of its own.
"""

from collections.abc import Callable
from threading import RLock
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.routing.rules import RuleFactory

Builder = Callable[..., tuple[str, str]]
_kept: dict[Any, tuple[list[Any], list[Any], dict[str, Any], set[str], Builder, Builder]] = {}
_maps: dict[Any, Map] = {}
_one_at_a_time = RLock()
_compile, _add, _update = Rule.compile, Map.add, Map.update


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


def _note(routes: Map, factory: RuleFactory) -> None:
    """In place of `Map.add`: routes wait until somebody asks for one."""
    rules = list(factory.get_rules(routes))
    for rule in rules:
        if rule.map is not None:
            raise RuntimeError(f"url rule {rule!r} already bound to map {rule.map!r}")
    routes.__dict__.setdefault("_waiting", []).extend(rules)


def _settle(routes: Map) -> None:
    """In place of `Map.update`, which everything that reads a map begins with."""
    if "_waiting" in routes.__dict__:
        with _one_at_a_time:
            if "_waiting" in routes.__dict__:
                _place(routes, routes.__dict__["_waiting"])
                del routes.__dict__["_waiting"]
    _update(routes)


def _place(routes: Map, waiting: list[Rule]) -> None:
    options = (routes.default_subdomain, routes.strict_slashes, routes.merge_slashes, routes.host_matching)
    shares = routes.converters == Map.default_converters and not routes._rules_by_endpoint
    key = (options, tuple(map(_words, waiting)))
    if shares and key in _maps:
        known = _maps[key]
        routes._matcher, routes._remap = known._matcher, False
        routes._rules_by_endpoint = {name: list(rules) for name, rules in known._rules_by_endpoint.items()}
        return
    if not shares:  # what it had may be the tree of others too
        waiting = [*map(_copy, routes._rules), *waiting]
        routes._matcher, routes._rules_by_endpoint = type(routes._matcher)(routes.merge_slashes), {}
    for rule in waiting:
        _add(routes, rule)
    _update(routes)
    if shares:
        _maps[key] = routes


def _words(rule: Rule) -> tuple[Any, ...]:
    """All that makes one route another one."""
    assert rule.redirect_to is None or isinstance(rule.redirect_to, str)
    methods = frozenset(rule.methods or ()) if rule.methods is not None else None
    told = (rule.strict_slashes, rule.merge_slashes, rule.build_only, rule.alias, rule.websocket)
    defaults = repr(sorted((rule.defaults or {}).items()))
    automatic = getattr(rule, "provide_automatic_options", None)
    return (
        *(rule.rule, rule.endpoint, rule.subdomain, rule.host, rule.redirect_to),
        *(methods, told, defaults, automatic),
    )


def _copy(rule: Rule) -> Rule:
    copied = rule.empty()
    copied.__dict__["provide_automatic_options"] = getattr(rule, "provide_automatic_options", None)
    return copied


def keep() -> None:
    """From now on, in this process."""
    Rule.compile = _once  # type: ignore[method-assign]
    Map.add, Map.update = _note, _settle  # type: ignore[method-assign]
