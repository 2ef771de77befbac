"""Is what a page says in JSON-LD what search engines want?

Their required and recommended properties, after Google's documentation of product, event, breadcrumb,
organisation and site-name markup: what a type must have, what it should have, what its values look like.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from tests.support.html import Page


class Rule(NamedTuple):
    """Properties of a type that are required, and those that are merely wanted."""

    required: tuple[str, ...]
    recommended: tuple[str, ...] = ()


RULES = {
    "Product": Rule(("name", "offers", "image"), ("description", "sku", "brand")),
    "Offer": Rule(
        ("price", "priceCurrency", "availability"),
        ("url", "itemCondition", "seller", "hasMerchantReturnPolicy", "priceValidUntil"),
    ),
    "AggregateOffer": Rule(("lowPrice", "priceCurrency"), ("highPrice", "offerCount", "offers")),
    "AggregateRating": Rule(("ratingValue", "reviewCount"), ("bestRating", "worstRating")),
    "Review": Rule(("author", "reviewRating"), ("datePublished", "reviewBody")),
    "Rating": Rule(("ratingValue",), ("bestRating", "worstRating")),
    "MerchantReturnPolicy": Rule(("applicableCountry", "returnPolicyCategory", "merchantReturnDays")),
    "BreadcrumbList": Rule(("itemListElement",)),
    "ListItem": Rule(("position", "name")),
    "Event": Rule(
        ("name", "startDate", "location"),
        ("endDate", "description", "eventStatus", "eventAttendanceMode", "organizer"),
    ),
    "Place": Rule(("name", "address")),
    "PostalAddress": Rule(("addressCountry",), ("streetAddress",)),
    "Organization": Rule(("name",)),
    "WebSite": Rule(("name", "url", "potentialAction")),
    "SearchAction": Rule(("target", "query-input")),
    "EntryPoint": Rule(("urlTemplate",)),
    "CollectionPage": Rule(("name", "url", "mainEntity"), ("inLanguage",)),
    "ItemList": Rule(("numberOfItems", "itemListElement")),
    "Brand": Rule(("name",)),
    "Person": Rule(("name",)),
    "Country": Rule(("name",)),
}
VALUES = {
    "priceCurrency": r"IDR",
    "availability": r"https://schema\.org/(InStock|OutOfStock|PreOrder)",
    "itemCondition": r"https://schema\.org/NewCondition",
    "eventStatus": r"https://schema\.org/Event\w+",
    "eventAttendanceMode": r"https://schema\.org/\w+EventAttendanceMode",
    "applicableCountry": r"[A-Z]{2}",
    "addressCountry": r"[A-Z]{2}",
    "inLanguage": r"id|en",
}
DATES = ("startDate", "endDate", "datePublished", "priceValidUntil", "availabilityStarts")
ADDRESSES = ("url", "item", "image", "logo", "merchantReturnLink")
NUMBERS = (
    "price",
    "lowPrice",
    "highPrice",
    "offerCount",
    "ratingValue",
    "reviewCount",
    "position",
    "numberOfItems",
)


def facts_of(page: Page) -> list[dict[str, Any]]:
    """Every block of JSON-LD on a page."""
    scripts = page.all("script", type="application/ld+json")
    return [json.loads("".join(str(child) for child in script.children)) for script in scripts]


def of_type(page: Page, kind: str) -> dict[str, Any]:
    """The only block of this type."""
    (found,) = [facts for facts in facts_of(page) if facts["@type"] == kind]
    return found


def faults(page: Page) -> list[str]:
    """What is wrong with the JSON-LD of a page; an empty list for a good one."""
    found = []
    for facts in facts_of(page):
        if facts.get("@context") != "https://schema.org":
            found.append(f"{facts.get('@type')}: no @context")
        found += wrong(facts, str(facts.get("@type")))
    return found


def wrong(facts: dict[str, Any], place: str = "") -> Iterator[str]:
    """What is wrong with one block."""
    if set(facts) == {"@id"}:  # points to what was said before
        return
    rule = RULES.get(str(facts.get("@type")))
    if rule is None:
        yield f"{place}: unknown type {facts.get('@type')}"
        return
    yield from (f"{place}: no {name}" for name in (*rule.required, *rule.recommended) if name not in facts)
    for name, value in facts.items():
        yield from _value_faults(name, value, f"{place}.{name}")


def _value_faults(name: str, value: Any, place: str) -> Iterator[str]:
    if value in ("", None, [], {}):
        yield f"{place}: empty"
    if isinstance(value, dict):
        yield from wrong(value, place)
        return
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield from wrong(each, place)
        elif name in VALUES and not re.fullmatch(VALUES[name], str(each)):
            yield f"{place}: {each}"
        elif name in DATES and not _is_date(str(each)):
            yield f"{place}: {each} is no date"
        elif name in ADDRESSES and not re.match(r"https?://", str(each)):
            yield f"{place}: {each} is no absolute address"
        elif name in NUMBERS and (isinstance(each, bool) or not isinstance(each, int | float) or each < 0):
            yield f"{place}: {each!r} is no number"


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
