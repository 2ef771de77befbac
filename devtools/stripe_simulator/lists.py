"""Lists as the API gives them: newest first, filtered, cut into pages; and the fields a caller may expand."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from devtools.simulators_common.store import Store
from devtools.stripe_simulator import objects
from devtools.stripe_simulator.errors import ApiError, ParameterError, missing_object
from devtools.stripe_simulator.webhooks import PENDING

Json = dict[str, Any]

DEFAULT_LIMIT, MAX_LIMIT = 10, 100
_CONTROLS = frozenset({"limit", "starting_after", "ending_before", "expand", "created"})
# kind -> field -> kind of what the id in that field names
EXPANDABLE: dict[str, dict[str, str]] = {
    "checkout.session": {"payment_intent": "payment_intent", "line_items": "item"},
    "payment_intent": {"latest_charge": "charge"},
    "charge": {"payment_intent": "payment_intent", "refunds": "refund"},
    "refund": {"charge": "charge", "payment_intent": "payment_intent"},
}


def page(records: list[Json], params: Json, url: str) -> Json:
    """One page of records (oldest first in `records`, newest first in the answer)."""
    newest = [r for r in reversed(records) if _in_range(r["created"], params.get("created"))]
    return cut(newest, params, url)


def cut(rows: list[Json], params: Json, url: str) -> Json:
    """The part of the rows that `limit`, `starting_after` and `ending_before` ask for."""
    limit = params.get("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MAX_LIMIT:
        message = f"Invalid integer: {limit}; must be between 1 and {MAX_LIMIT}"
        raise ParameterError(message, "limit", "parameter_invalid_integer")
    if "ending_before" in params and "starting_after" in params:
        raise ParameterError(
            "You may only specify one of starting_after and ending_before.", "starting_after"
        )
    ids = [row["id"] for row in rows]
    if before := params.get("ending_before"):
        end = _position(ids, before, "ending_before")
        start = max(0, end - limit)
        return objects.listing(url, rows[start:end], has_more=start > 0)
    after = params.get("starting_after")
    start = _position(ids, after, "starting_after") + 1 if after else 0
    return objects.listing(url, rows[start : start + limit], has_more=len(rows) > start + limit)


def _position(ids: list[str], wanted: str, param: str) -> int:
    if wanted not in ids:
        raise missing_object("object", wanted, param)
    return ids.index(wanted)


def _in_range(value: int, wanted: Any) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, dict):
        checks = {"gt": value.__gt__, "gte": value.__ge__, "lt": value.__lt__, "lte": value.__le__}
        return all(checks[name](bound) for name, bound in wanted.items())
    return value == int(wanted)


def matching(records: list[Json], params: Json) -> list[Json]:
    """Records whose fields equal the filters among the parameters (`status`, `payment_intent`, …)."""
    filters = {k: v for k, v in params.items() if k not in _CONTROLS}
    if details := filters.pop("customer_details", None):
        records = [r for r in records if (r["customer_details"] or {}).get("email") == details["email"]]
    return [r for r in records if all(r.get(k) == v for k, v in filters.items())]


def matching_events(store: Store, params: Json) -> list[Json]:
    """Events of the asked types (`checkout.session.*` works) and success of delivery."""
    if "type" in params and "types" in params:
        raise ParameterError("You may only specify one of type and types.", "types")
    patterns = params.get("types") or ([params["type"]] if "type" in params else ["*"])
    events = [e for e in store.all("event") if any(fnmatchcase(e["type"], p) for p in patterns)]
    wanted = params.get("delivery_success")
    if wanted is None:
        return events
    return [e for e in events if (store.get(PENDING, e["id"]) is None) == wanted]


def expanded(store: Store, record: Json, paths: list[str]) -> Json:
    """A public copy of a record (or list of records) with the fields at these dotted paths filled in."""
    copy: Json = objects.public(record)
    for path in paths:
        _expand(store, copy, path.split("."), path)
    return copy


def _expand(store: Store, target: Json, names: list[str], path: str) -> None:
    if target["object"] == "list":
        if names[0] != "data":
            raise _unexpandable(path)
        for item in target["data"]:
            if len(names) > 1:
                _expand(store, item, names[1:], path)
        return
    name = names[0]
    kind = EXPANDABLE.get(target["object"], {}).get(name)
    if kind is None:
        raise _unexpandable(path)
    if not isinstance(target.get(name), dict):
        target[name] = _filled(store, target, name, kind)
    if len(names) > 1 and target[name]:
        _expand(store, target[name], names[1:], path)


def _filled(store: Store, target: Json, name: str, kind: str) -> Any:
    if name == "line_items":
        items = (store.get("checkout.session", target["id"]) or {"_items": []})["_items"]
        return objects.public(objects.listing(f"/v1/checkout/sessions/{target['id']}/line_items", items))
    if name == "refunds":
        own = [r for r in reversed(store.all("refund")) if r["charge"] == target["id"]]
        return objects.public(objects.listing(f"/v1/charges/{target['id']}/refunds", own))
    return objects.public(store.get(kind, target.get(name) or ""))


def _unexpandable(path: str) -> ApiError:
    return ApiError(400, f"This property cannot be expanded ({path}).", param="expand", saved=False)
