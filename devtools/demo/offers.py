"""Vouchers and automatic offers in every state, and a few orders that used them."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from devtools.demo import orders
from devtools.demo.orders import SOLD_OUT, World
from storefront.accounts.models import Role, User
from storefront.core import clock
from storefront.core.db import db
from storefront.facilities.models import Facility, Membership
from storefront.promotions.models import Funder, PromotionKind, PromotionScope
from storefront.promotions.services import Author, OfferGone, Terms, create_promotion

SINCE = timedelta(days=45)
PROVINCE, WORKSHOP, FEW = "KARYABANTEN", "PITAMELATI", "PERTAMA"
DESK = "LPPTNG"
USES = 6


def make_offers(world: World) -> None:
    """The province's voucher, a facility's own, and free delivery above a sum that the office bears."""
    start = clock.local(world.now - SINCE).date()
    end = start + timedelta(days=120)
    head = db.session.execute(
        select(User.id, Facility.id)
        .join(Membership, Membership.user_id == User.id)
        .join(Facility, Facility.id == Membership.facility_id)
        .where(Facility.code == DESK, User.role == Role.FACILITY_HEAD)
    ).one()
    promoter, office = Author(world.crew.promoter, Role.PROMOTER), world.crew.office[0].id
    with clock.travel(world.now - SINCE):
        create_promotion(
            Terms(
                name="Diskon Karya Banten", code=PROVINCE, kind=PromotionKind.PERCENT, value=10,
                minimum=75_000, maximum=25_000, starts_on=start, ends_on=end, total_limit=200, person_limit=2,
                funder=Funder.PEMPROV,
            ),
            promoter,
        )  # fmt: skip
        create_promotion(
            Terms(
                name="Potongan Bengkel Pita Melati", code=WORKSHOP, kind=PromotionKind.AMOUNT, value=15_000,
                minimum=150_000, starts_on=start, ends_on=end, person_limit=1, scope=PromotionScope.FACILITY,
                scope_id=head[1], funder=Funder.FACILITY, facility_id=head[1],
            ),
            Author(head[0], Role.FACILITY_HEAD, head[1]),
        )  # fmt: skip
        create_promotion(
            Terms(
                name="Gratis ongkir", kind=PromotionKind.FREE_SHIPPING, value=0,
                minimum=250_000, maximum=20_000, starts_on=start, ends_on=end, funder=Funder.OFFICE,
            ),
            Author(office or 0, Role.REGIONAL),
        )  # fmt: skip
        _in_other_states(promoter, world)


def _in_other_states(promoter: Author, world: World) -> None:
    """One that is over, one that comes, and one of which two orders may have it."""
    today = clock.local(world.now).date()
    usual = Terms(
        name="Diskon Tahun Ajaran Baru", code="SEKOLAH", kind=PromotionKind.PERCENT, value=15,
        starts_on=today - timedelta(days=44), ends_on=today - timedelta(days=14), funder=Funder.PEMPROV,
    )  # fmt: skip
    create_promotion(usual, promoter)
    comes = today + timedelta(days=9)
    create_promotion(
        replace(usual, name="Diskon akhir tahun", code="AKHIRTAHUN", starts_on=comes, ends_on=None), promoter
    )
    create_promotion(
        replace(
            usual, name="Potongan pembeli pertama", code=FEW, kind=PromotionKind.AMOUNT, value=20_000,
            ends_on=None, total_limit=2,
        ),
        promoter,
    )  # fmt: skip


def use_vouchers(world: World) -> None:
    """Some buyers of the last weeks typed a code."""
    dice = world.dice
    fitting = [
        (good, variant)
        for good in world.goods
        if good.shipping == "parcel" and 40_000 <= good.price < 300_000
        for variant in good.prices
        if good.made_to_order or good.stock[variant] > 8
    ]
    for number in range(USES):
        good, variant = dice.choice(fitting)
        code = WORKSHOP if good.facility == DESK and good.price >= 75_000 else PROVINCE
        code = FEW if number < 2 else code
        moment = world.now - timedelta(days=dice.randint(3, 20), minutes=dice.randint(0, 600))
        with suppress(*SOLD_OUT, OfferGone):
            with clock.travel(moment):
                placed = orders.buy(world, [(good, variant, 2)], method="card", code=code)
            paid_at = moment + timedelta(minutes=3)
            with clock.travel(paid_at):
                orders.pay_by_card(world, placed)
            orders.move_along(world, placed.id, paid_at)
