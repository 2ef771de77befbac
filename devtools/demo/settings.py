"""What facilities have set up: boxes to pack in, words for their pages; and a page that the office wrote."""

from datetime import timedelta

from sqlalchemy import select

from devtools.demo.orders import World
from storefront.accounts.models import Role, User
from storefront.core import clock
from storefront.core.db import db
from storefront.facilities.models import Facility, Membership
from storefront.facilities.services.packaging import BoxDetails, add_box
from storefront.facilities.services.pages import Bench, page_words, propose_page, return_page, waiting_change
from storefront.texts.models import PageSlug
from storefront.texts.queries import standing
from storefront.texts.services import Draft, publish_text

BOXES = (
    BoxDetails(name="Amplop gelembung", length_cm=30, width_cm=22, height_cm=3, weight=40),
    BoxDetails(name="Kardus sedang", length_cm=35, width_cm=25, height_cm=15, weight=220),
    BoxDetails(name="Kardus besar", length_cm=60, width_cm=40, height_cm=40, weight=650),
    BoxDetails(name="Tabung poster", length_cm=70, width_cm=8, height_cm=8, weight=150, is_active=False),
)
STORY = """Bengkel kami mulai dengan dua mesin jahit. Sekarang ada batik, rajut, dan roti setiap pagi.
Setiap barang diperiksa dua kali sebelum dikemas."""
CASH = {
    "id": "\n\nDi pameran Anda juga dapat membayar tunai; notanya sama dengan nota di toko ini.",
    "en": "\n\nAt fairs you can also pay in cash; the receipt is the same as in this shop.",
}


def set_up(world: World) -> None:
    """Two facilities with boxes; one whose page waits for the office, one whose words came back."""
    office = db.session.scalars(select(User.id).filter_by(role=Role.REGIONAL).order_by(User.id)).first()
    head = select(Membership.facility_id, User.id).join(User, User.id == Membership.user_id)
    heads = db.session.execute(head.where(User.role == Role.FACILITY_HEAD).order_by(User.id)).all()
    if office is None or not heads:
        return
    with clock.travel(world.now - timedelta(days=3)):
        for facility_id, user_id in heads[:2]:
            for box in BOXES:
                add_box(facility_id, box, by_id=user_id)
        for language in CASH:
            _write(language, office)
    with clock.travel(world.now - timedelta(hours=30)):
        for facility_id, user_id in heads[:2]:
            _propose(facility_id, user_id)
    with clock.travel(world.now - timedelta(hours=4)):
        for facility_id, _user_id in heads[1:2]:
            change = waiting_change(facility_id)
            if change is not None:
                seen = change.changed_at
                return_page(change.id, "Sebutkan juga bengkel kayunya.", seen=seen, by_id=office)


def _propose(facility_id: int, user_id: int) -> None:
    facility = db.session.get_one(Facility, facility_id)
    benches = [Bench(**row) for row in page_words(facility)["workshops"]]
    propose_page(facility_id, STORY, [*benches, Bench(None, "Bengkel Roti", "Roti dan kue")], by_id=user_id)


def _write(language: str, office: int) -> None:
    """The office added a sentence to how one buys here."""
    came = standing(PageSlug.BUYING, language)
    publish_text(
        Draft(
            slug=PageSlug.BUYING, language=language, title=came.title, body=came.body + CASH[language],
            reason="Pembeli di pameran bertanya tentang uang tunai.", base=0,
        ),
        by_id=office,
    )  # fmt: skip
