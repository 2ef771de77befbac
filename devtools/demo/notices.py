"""What the office says to its facilities, half of it read, and an invitation that nobody has answered."""

from datetime import timedelta

from sqlalchemy import select

from devtools.demo.orders import World
from storefront.accounts.models import Role, User
from storefront.core import clock
from storefront.core.db import db
from storefront.core.transactions import transaction
from storefront.facilities.models import Membership
from storefront.facilities.services import invite_staff
from storefront.notices.services import NoticeDetails, mark_read, publish_notice

MEETING = """Senin depan pukul 09.00 WIB, tautannya dikirim lewat grup.
Mohon hitung ulang stok sebelum rapat, dan siapkan daftar produk yang dibawa ke bazar."""
LABELS = """Mulai minggu ini kurir meminta label menghadap ke luar dan tidak tertutup lakban.
Paket yang labelnya tidak terbaca dikembalikan atas biaya pengirim."""


def announce(world: World) -> None:
    """One announcement of last week that is over, one that runs and that every second person has read."""
    office = db.session.scalars(select(User.id).filter_by(role=Role.REGIONAL).order_by(User.id)).first()
    with clock.travel(world.now - timedelta(days=9)):
        old = NoticeDetails(title="Label paket", body=LABELS, last_day=clock.today() + timedelta(days=5))
        publish_notice(old, once="demo-label", by_id=office)
    with clock.travel(world.now - timedelta(hours=20)):
        new = NoticeDetails(
            title="Rapat daring: stok akhir tahun", body=MEETING, last_day=clock.today() + timedelta(days=6)
        )
        notice_id = publish_notice(new, once="demo-meeting", by_id=office)
    members = select(Membership.user_id, Membership.facility_id).order_by(Membership.user_id)
    with clock.travel(world.now - timedelta(hours=2)):
        for user_id, facility_id in db.session.execute(members).all()[::2]:
            mark_read(notice_id, user_id, facility_id)
        _invite()


def _invite() -> None:
    """The first head has asked somebody in."""
    head = select(User.id, Membership.facility_id).join(Membership, Membership.user_id == User.id)
    found = db.session.execute(head.where(User.role == Role.FACILITY_HEAD).order_by(User.id)).first()
    if found is not None:
        email, name = "calon.petugas@demo.example", "Calon Petugas (demo)"
        user_id = invite_staff(found[1], email, name=name, by_id=found[0])
        with transaction():
            db.session.get_one(User, user_id).is_demo = True
