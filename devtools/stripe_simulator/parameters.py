"""Reads form-encoded parameters and checks them against the client library's own type declarations.

The `stripe` package ships one TypedDict per call, generated from the API's specification. Using these keeps
the simulator as strict as the API of the very version the shop has installed.
"""

from __future__ import annotations

import re
import sys
import types
import typing
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import typing_extensions
from stripe import RequestOptions
from stripe._stripe_object import UntypedStripeObject

from devtools.stripe_simulator.errors import ParameterError

Json = dict[str, Any]

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_INTEGER = re.compile(r"-?\d{1,18}")
_CLIENT_OPTIONS = frozenset(RequestOptions.__annotations__)


def parse(declaration: Any, pairs: Iterable[tuple[str, str]]) -> Json:
    """Typed parameters of one call (ints as int, true/false as bool, lists as list).

    Raises ParameterError for an unknown, missing, empty or wrongly typed parameter, named as Stripe names it:
    `line_items[0][price_data][currency]`.
    """
    return _object(declaration, unflatten(pairs), "")


def unflatten(pairs: Iterable[tuple[str, str]]) -> Json:
    """`a[b][0]=x` becomes `{"a": {"b": {"0": "x"}}}`; `a[]=x` counts upwards. Lists stay dicts here."""
    root: Json = {}
    for key, value in pairs:
        match = _KEY.fullmatch(key)
        if not match:
            raise ParameterError(f"Invalid parameter name: {key}", key)
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        _put(root, path, value, key)
    return root


def _put(root: Json, path: list[str], value: str, key: str) -> None:
    place = root
    for part in path[:-1]:
        place = place.setdefault(part or str(len(place)), {})
        if not isinstance(place, dict):
            raise ParameterError(f"Invalid hash: {key}", key)
    last = path[-1] or str(len(place))
    if isinstance(place.get(last), dict):
        raise ParameterError(f"Invalid hash: {key}", key)
    place[last] = value


@lru_cache(maxsize=256)
def _fields(declaration: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """Parameter types of a TypedDict, and the required ones, without the options of the client itself."""
    own = {k: v for k, v in declaration.__annotations__.items() if k not in _CLIENT_OPTIONS}
    holder = types.SimpleNamespace(__annotations__=own)
    # A TypedDict forgets which module its parents came from, so names are looked up in its own module only.
    hints = typing.get_type_hints(holder, globalns=vars(sys.modules[declaration.__module__]))
    return hints, frozenset(declaration.__required_keys__ - _CLIENT_OPTIONS)


def _object(declaration: Any, data: Json, path: str) -> Json:
    hints, required = _fields(declaration)
    unknown = [_join(path, name) for name in data if name not in hints]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        message = f"Received unknown parameter{plural}: {', '.join(unknown)}"
        raise ParameterError(message, unknown[0], "parameter_unknown")
    for name in sorted(required):
        if name not in data:
            param = _join(path, name)
            raise ParameterError(f"Missing required param: {param}.", param, "parameter_missing")
    return {name: _value(hints[name], value, _join(path, name)) for name, value in data.items()}


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _value(expected: Any, value: Any, path: str) -> Any:
    origin = typing.get_origin(expected)
    if origin in (typing.Union, types.UnionType):
        return _union(typing.get_args(expected), value, path)
    if origin is typing.Literal:
        return _choice(typing.get_args(expected), value, path)
    if typing_extensions.is_typeddict(expected):
        if not isinstance(value, dict):
            raise ParameterError("Invalid object", path)
        return _object(expected, value, path)
    if origin is list:
        return _array(typing.get_args(expected)[0], value, path)
    if origin in (dict, UntypedStripeObject):
        return _hash(value, path)
    return _scalar(expected, value, path)


def _union(members: tuple[Any, ...], value: Any, path: str) -> Any:
    """The member that fits the value's shape. Enums are typed `Literal[...] | str`: the literals count."""
    if isinstance(value, dict):
        shaped = [m for m in members if _is_container(m)]
        return _value(shaped[0] if shaped else str, value, path)
    literals = [c for m in members if typing.get_origin(m) is typing.Literal for c in typing.get_args(m)]
    if value in literals:
        return value
    if any(choice != "" for choice in literals):
        return _choice(tuple(literals), value, path)
    plain = [m for m in members if not _is_container(m) and typing.get_origin(m) is not typing.Literal]
    return _value(plain[0] if plain else members[-1], value, path)


def _is_container(expected: Any) -> bool:
    origin = typing.get_origin(expected)
    return origin in (list, dict, UntypedStripeObject) or typing_extensions.is_typeddict(expected)


def _choice(choices: tuple[Any, ...], value: Any, path: str) -> Any:
    if value in choices:
        return value
    names = [str(c) for c in choices if c != ""]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, or {names[-1]}"
    raise ParameterError(f"Invalid {path}: must be one of {listed}", path)


def _array(member: Any, value: Any, path: str) -> list[Any]:
    if not isinstance(value, dict) or not all(key.isdecimal() for key in value):
        raise ParameterError("Invalid array", path)
    items = sorted(value.items(), key=lambda item: int(item[0]))
    return [_value(member, item, f"{path}[{index}]") for index, item in items]


def _hash(value: Any, path: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise ParameterError("Invalid hash", path)
    return value


def _scalar(expected: Any, value: Any, path: str) -> Any:
    if not isinstance(value, str):
        raise ParameterError(f"Invalid {getattr(expected, '__name__', 'value')}", path)
    if value == "":
        message = (
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a "
            f"field; however '{path}' cannot be unset. You should remove '{path}' from your request or "
            "supply a non-empty value."
        )
        raise ParameterError(message, path, "parameter_invalid_empty")
    if expected is int:
        return _integer(value, path)
    if expected is bool:
        if value not in ("true", "false"):
            raise ParameterError(f"Invalid boolean: {value}", path)
        return value == "true"
    if expected in (float, Decimal):
        return _decimal(value, path)
    return value


def _integer(value: str, path: str) -> int:
    if not _INTEGER.fullmatch(value):
        raise ParameterError(f"Invalid integer: {value}", path, "parameter_invalid_integer")
    return int(value)


def _decimal(value: str, path: str) -> str:
    try:
        Decimal(value)
    except InvalidOperation:
        raise ParameterError(f"Invalid decimal: {value}", path) from None
    return value
