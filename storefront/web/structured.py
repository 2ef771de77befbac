"""What pages say in schema.org's words (JSON-LD). Nothing that the page itself does not say.

Addresses are absolute and in the language of the page. Optional parts that are not known are left out:
search engines take an empty value for a mistake.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import current_app

from storefront.core import clock
from storefront.core.language import language
from storefront.web.meta import absolute, address, base_url

Facts = dict[str, Any]
CONTEXT = {"@context": "https://schema.org"}
RETURN_DAYS = 2
"""PP 80/2019: at least two working days after the goods arrived."""
AVAILABILITY = {
    "ready": "https://schema.org/InStock",
    "to_order": "https://schema.org/PreOrder",
    "none": "https://schema.org/OutOfStock",
}


def shop() -> list[Facts]:
    """Who sells, and how the shop is searched: for the first page."""
    return [CONTEXT | _organisation(), CONTEXT | _website()]


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> Facts:
    """The way to a page: (label, path) pairs, the page itself last."""
    return CONTEXT | {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": label, "item": address(path)}
            for position, (label, path) in enumerate(steps, 1)
        ],
    }


def collection(name: str, path: str, items: Iterable[tuple[str, str]], *, total: int) -> Facts:
    """A page that lists things: (name, path) pairs in their order; `total` counts those of all pages."""
    return CONTEXT | {
        "@type": "CollectionPage",
        "name": name,
        "url": address(path),
        "inLanguage": language(),
        "isPartOf": {"@id": f"{base_url()}/#website"},
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": total,
            "itemListElement": [
                {"@type": "ListItem", "position": position, "name": label, "url": address(item)}
                for position, (label, item) in enumerate(items, 1)
            ],
        },
    }


def offer(
    *, sku: str, price: int, availability: str, path: str, label: str = "", ready_by: date | None = None
) -> Facts:
    """One form of a product: price in rupiah, `availability` a key of AVAILABILITY."""
    facts = {
        "@type": "Offer",
        "sku": sku,
        "name": label,
        "price": price,
        "priceCurrency": "IDR",
        "priceValidUntil": (clock.today() + timedelta(days=30)).isoformat(),
        "availability": AVAILABILITY[availability],
        "availabilityStarts": ready_by.isoformat() if ready_by and availability == "to_order" else "",
        "itemCondition": "https://schema.org/NewCondition",
        "url": address(path),
        "seller": _organisation(),
        "hasMerchantReturnPolicy": _returns(),
    }
    return {name: value for name, value in facts.items() if value != ""}


def product(
    *,
    name: str,
    description: str,
    path: str,
    maker: str,
    offers: Sequence[Facts],
    category: str = "",
    pictures: Sequence[str] = (),
    rating: tuple[float, int] | None = None,
    reviews: Sequence[Facts] = (),
) -> Facts:
    """A thing on sale. `rating` is the mean of so many real reviews; without reviews there is none."""
    facts: Facts = CONTEXT | {
        "@type": "Product",
        "name": name,
        "description": description,
        "url": address(path),
        "sku": offers[0]["sku"] if offers else "",
        "image": [absolute(picture) for picture in pictures],
        "category": category,
        "brand": {"@type": "Brand", "name": maker},
        "manufacturer": {"@type": "Organization", "name": maker},
        "countryOfOrigin": {"@type": "Country", "name": "ID"},
        "offers": _offers(offers),
        "review": list(reviews),
    }
    if rating is not None and rating[1] > 0:
        facts["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(rating[0], 1),
            "reviewCount": rating[1],
            "bestRating": 5,
            "worstRating": 1,
        }
    return {key: value for key, value in facts.items() if value not in ("", [], {})}


def review(*, stars: int, text: str, author: str, day: date) -> Facts:
    """What a buyer wrote about a product; `author` is the name that the page shows."""
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": author},
        "datePublished": day.isoformat(),
        "reviewBody": text,
        "reviewRating": {"@type": "Rating", "ratingValue": stars, "bestRating": 5, "worstRating": 1},
    }


def event(
    *,
    name: str,
    path: str,
    first: date,
    last: date,
    venue: str,
    organiser: str,
    description: str = "",
    picture: str = "",
) -> Facts:
    """A fair on whole days, open to everybody at no charge of the shop."""
    facts = CONTEXT | {
        "@type": "Event",
        "name": name,
        "url": address(path),
        "description": description,
        "image": [absolute(picture)] if picture else [],
        "startDate": first.isoformat(),
        "endDate": last.isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": venue.partition(",")[0].strip(),
            "address": {"@type": "PostalAddress", "streetAddress": venue, "addressCountry": "ID"},
        },
        "organizer": {"@type": "Organization", "name": organiser},
    }
    return {key: value for key, value in facts.items() if value not in ("", [])}


# --- pieces -------------------------------------------------------------------------------------------


def _organisation() -> Facts:
    assets = current_app.extensions["assets"]
    return {
        "@type": "Organization",
        "@id": f"{base_url()}/#organisasi",
        "name": current_app.config["SHOP_NAME"],
        "url": f"{base_url()}/",
        "logo": absolute(assets.url("icons/app-512.png")),
        "areaServed": {"@type": "Country", "name": "ID"},
    }


def _website() -> Facts:
    return {
        "@type": "WebSite",
        "@id": f"{base_url()}/#website",
        "name": current_app.config["SHOP_NAME"],
        "url": address("/"),
        "inLanguage": language(),
        "publisher": {"@id": f"{base_url()}/#organisasi"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": address("/produk") + "?q={search_term_string}",
            },
            "query-input": "required name=search_term_string",
        },
    }


def _offers(offers: Sequence[Facts]) -> Facts:
    if not offers:
        return {}
    if len(offers) == 1:
        return {key: value for key, value in offers[0].items() if key != "name"}
    prices = [each["price"] for each in offers]
    states = [each["availability"] for each in offers]
    best = next((state for state in AVAILABILITY.values() if state in states), AVAILABILITY["none"])
    # What all of them share is written out once; the others point to it.
    first, *others = offers
    shared = {name: {"@id": first[name]["@id"]} for name in ("seller", "hasMerchantReturnPolicy")}
    return {
        "@type": "AggregateOffer",
        "priceCurrency": "IDR",
        "lowPrice": min(prices, default=0),
        "highPrice": max(prices, default=0),
        "offerCount": len(offers),
        "availability": best,
        "offers": [first, *(each | shared for each in others)],
    }


def _returns() -> Facts:
    return {
        "@type": "MerchantReturnPolicy",
        "@id": f"{base_url()}/#tukar",
        "applicableCountry": "ID",
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": RETURN_DAYS,
        "merchantReturnLink": address("/syarat#tukar"),
    }
