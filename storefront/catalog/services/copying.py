"""A new draft from a product that is there: the second colour of a bag is not typed from the start.

Copied is what is written about it, as its facility last wrote it, and what is sold of it. Not copied:

- photos: one belongs to a single product and was judged for the thing that it shows. The copy is another
  thing, and a buyer who gets a red bag for the photo of a brown one is right to complain.
- stock: nobody has counted pieces of a thing that did not exist a moment ago.
- permits: the number of a P-IRT or a halal certificate names one food.
- what others gave it: publication, places on the home page, labels, pauses, reviews.
"""

import re
from collections.abc import Container, Iterator
from datetime import timedelta
from itertools import count
from typing import cast

from sqlalchemy import select

from storefront.catalog.models import CurationEvent, Product, Variant
from storefront.catalog.services.editing import copy_down, record
from storefront.catalog.services.products import LABELS, begin_product, checked_details
from storefront.catalog.services.staging import as_written, staged_document
from storefront.catalog.services.traces import copied_from
from storefront.catalog.services.variants import VariantDetails, new_variant
from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.transactions import transaction

SAME_WISH = timedelta(seconds=10)
"""A second wish of the same person within this time, on an untouched copy, is the first one once more."""
FIGURES = ("price", "weight", "length_cm", "width_cm", "height_cm", "material_cost", "work_minutes")
_NUMBERED = re.compile(r" \(salinan(?: \d+)?\)$")


def copy_product(product_id: int, actor_id: int | None) -> Product:
    """Start a draft of the same facility from one of its products; of the whole, or nothing.

    Its forms get SKUs of their own. A double click finds the copy that the first one made.
    Raises Invalid when the texts hold what may not be written today, NotFound.
    """
    with transaction():
        source = locked(Product, product_id)  # whoever clicks twice queues up here
        trace = copied_from(source.id)
        if (made := _just_made(trace, actor_id)) is not None:
            return made
        written = as_written(source)
        details = {name: getattr(written, name) for name in LABELS}
        details["title"] = free_title(details["title"], _taken_titles(source.facility_id))
        copy = begin_product(source.facility_id, checked_details(source.facility_id, details))
        copy.option_names = list(written.option_names)
        for values, figures in _forms(source, copy.option_names):
            new_variant(copy, values, figures)
        copy_down(copy)
        record(copy, None, actor_id, trace)
    return copy


def _just_made(trace: str, actor_id: int | None) -> Product | None:
    """The untouched copy that this person made of this product a moment ago."""
    return db.session.scalar(
        select(Product)
        .join(CurationEvent, CurationEvent.product_id == Product.id)
        .where(
            CurationEvent.comment == trace,
            CurationEvent.from_status.is_(None),
            CurationEvent.actor_id == actor_id,
            CurationEvent.at >= clock.now() - SAME_WISH,
            Product.updated_at == Product.created_at,
        )
        .order_by(Product.id.desc())
        .limit(1)
    )


def _taken_titles(facility_id: int) -> set[str]:
    """The names of the facility's products that a copy could get too."""
    named = Product.title.icontains(" (salinan", autoescape=True)
    return set(db.session.scalars(select(Product.title).where(Product.facility_id == facility_id, named)))


def free_title(title: str, taken: Container[str]) -> str:
    """'Tas pandan (salinan)', or with the next number: a name that is not taken and fits.

    The words are the shop's own language, as all content is. A copy of a copy is numbered, not nested.
    """
    longest: int = Product.__table__.c.title.type.length
    plain = _NUMBERED.sub("", title)
    names = (f"{plain[: longest - len(end)].rstrip()}{end}" for end in _ends())
    return next(name for name in names if name not in taken)


def _ends() -> Iterator[str]:
    yield " (salinan)"
    yield from (f" (salinan {number})" for number in count(2))


def _forms(source: Product, option_names: list[str]) -> list[tuple[list[str], VariantDetails]]:
    """What is sold of a product, in its order: (values of its options, figures); the staged new ones too."""
    sold = [variant for variant in source.variants if variant.is_active]
    forms = [(list(one.option_values), _figures(one)) for one in sold]
    waiting = staged_document(source)["forms"]
    forms += [(list(one["values"]), cast("VariantDetails", _without_values(one))) for one in waiting]
    fitting = [form for form in forms if len(form[0]) == len(option_names)]
    return fitting if fitting or option_names else [([], {})]


def _without_values(staged: dict[str, object]) -> dict[str, object]:
    return {name: staged[name] for name in FIGURES if name in staged}


def _figures(variant: Variant) -> VariantDetails:
    return cast("VariantDetails", {name: getattr(variant, name) for name in FIGURES})
