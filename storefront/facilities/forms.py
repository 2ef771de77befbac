"""What the regional office types about facilities, people and its bank account."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField

from storefront.accounts.models import Role
from storefront.core.language import lazy
from storefront.core.taxes import TaxProfile
from storefront.facilities.models import AccountOwner, FacilityKind
from storefront.facilities.queries import KIND_NAMES, OWNER_NAMES, ROLE_NAMES, TAX_NAMES
from storefront.facilities.services import AccountDetails, FacilityDetails
from storefront.facilities.services.packaging import BoxDetails
from storefront.web.fields import (
    CountField,
    DayField,
    GramsField,
    LineField,
    PhoneField,
    RowField,
    TextField,
    WordField,
)

_CLASSES = ("I", "IIA", "IIB", "III")
INVITED = tuple((role.value, name) for role, name in ROLE_NAMES.items() if role != Role.BUYER)
"""Buyers are not invited: they come by themselves."""


class FacilityForm(FlaskForm):
    """What is said of a facility."""

    name = LineField(lazy("Nama"), max_length=120)
    kind = WordField(lazy("Jenis"), choices=[(kind.value, name) for kind, name in KIND_NAMES.items()])
    class_ = WordField(lazy("Kelas"), choices=[(name, name) for name in _CLASSES])
    town = LineField(lazy("Kota atau kabupaten"), max_length=80)
    regency_code = LineField(lazy("Kode wilayah Kemendagri"), max_length=5)
    address = LineField(lazy("Alamat"), max_length=300, required=False)
    postal_code = LineField(lazy("Kode pos"), max_length=5, required=False)
    pickup_hours = LineField(lazy("Jam ambil di tempat"), max_length=200, required=False)
    pickup_note = LineField(lazy("Catatan pengambilan"), max_length=300, required=False)
    contact_phone = PhoneField(lazy("Nomor WhatsApp"), required=False)
    story = TextField(lazy("Cerita singkat"), max_length=2000, required=False, emoji=False)
    is_open = BooleanField(lazy("Terbuka: produknya tampil dan dapat dipesan"))

    def details(self) -> FacilityDetails:
        """The fields as the use cases want them."""
        return FacilityDetails(
            name=self.name.data,
            kind=FacilityKind(self.kind.data),
            class_=self.class_.data,
            town=self.town.data,
            regency_code=self.regency_code.data,
            address=self.address.data,
            postal_code=self.postal_code.data,
            pickup_hours=self.pickup_hours.data,
            pickup_note=self.pickup_note.data,
            contact_phone=self.contact_phone.data or "",
            story=self.story.data,
            is_open=bool(self.is_open.data),
        )


class NewFacilityForm(FacilityForm):
    """The same, with the code that never changes."""

    code = LineField(lazy("Kode"), max_length=12)


class CoverForm(FlaskForm):
    """The photo at the top of a facility's page."""

    picture = FileField(lazy("Foto sampul"))
    picture_alt = LineField(lazy("Apa yang terlihat di foto"), max_length=300, required=False)


class WorkshopForm(FlaskForm):
    """A workshop."""

    name = LineField(lazy("Nama bengkel"), max_length=80)
    craft = LineField(lazy("Yang dikerjakan"), max_length=200, required=False)


class InviteForm(FlaskForm):
    """Somebody who gets an account."""

    name = LineField(lazy("Nama"), max_length=120)
    email = LineField(lazy("E-mail"), max_length=254)
    role = WordField(lazy("Peran"), choices=INVITED)
    facility_id = RowField(lazy("Lapas"), required=False)


class PlaceForm(FlaskForm):
    """Where a member of staff works."""

    facility_id = RowField(lazy("Lapas"), required=lazy("Pilih Lapas tempat orang ini bertugas."))


class CodeField(LineField):
    """The text of a QR code, letter by letter: two blanks in it are two."""

    def read(self, typed: str) -> str:
        """Keep every letter. Raises ValueError for what is longer than any code."""
        typed = typed.strip("\r\n\t ")
        if len(typed) > self.max_length or not typed.isprintable():
            raise ValueError(str(lazy("Kodenya terlalu panjang.")))
        return typed


class AccountForm(FlaskForm):
    """The bank account, its QRIS code, and the tax that its owner's prices hold."""

    owner = WordField(lazy("Pemilik"), choices=[(word.value, name) for word, name in OWNER_NAMES.items()])
    bank = LineField(lazy("Bank"), max_length=60)
    number = LineField(lazy("Nomor rekening"), max_length=40)
    holder = LineField(lazy("Atas nama"), max_length=120)
    qris_payload = CodeField(lazy("Isi kode QRIS statis"), max_length=512, required=False)
    tax = WordField(
        lazy("PPN"), choices=[(word.value, name) for word, name in TAX_NAMES.items()], default=TaxProfile.NONE
    )
    valid_from = DayField(lazy("Mulai berlaku"), render_kw={"type": "date"})

    def details(self) -> AccountDetails:
        """What was typed."""
        return AccountDetails(
            owner=AccountOwner(self.owner.data), bank=self.bank.data, number=self.number.data,
            holder=self.holder.data, qris_payload=self.qris_payload.data or "",
            valid_from=self.valid_from.data, tax=TaxProfile(self.tax.data),
        )  # fmt: skip


class DecideForm(FlaskForm):
    """A decision without anything to type: only the token."""


class PauseForm(FlaskForm):
    """No orders until a day, and the sentence that buyers read meanwhile."""

    until = DayField(
        lazy("Mulai menerima pesanan lagi"),
        required=lazy("Tulis kapan pesanan diterima lagi."),
        render_kw={"type": "date"},
    )
    note = LineField(
        lazy("Kalimat untuk pembeli"),
        max_length=200,
        min_length=5,
        required=lazy("Tulis satu kalimat untuk pembeli."),
    )


class ClosingForm(FlaskForm):
    """Days on which nobody works."""

    first = DayField(
        lazy("Hari pertama"), required=lazy("Tulis hari pertamanya."), render_kw={"type": "date"}
    )
    last = DayField(lazy("Hari terakhir"), required=False, render_kw={"type": "date"})
    reason = LineField(lazy("Mengapa tutup"), max_length=120, min_length=3)


class StoryForm(FlaskForm):
    """What a facility says of itself in public, before the office looked at it."""

    story = TextField(lazy("Cerita singkat"), max_length=2000, required=False, emoji=False)
    picture = FileField(lazy("Foto sampul"))
    picture_alt = LineField(lazy("Apa yang terlihat di foto"), max_length=300, required=False)


class NewBenchForm(FlaskForm):
    """One more workshop; empty: none."""

    name = LineField(lazy("Nama bengkel"), max_length=80, required=False)
    craft = LineField(lazy("Yang dikerjakan"), max_length=200, required=False)


class ReturnForm(FlaskForm):
    """Why words or a photo are not shown."""

    comment = TextField(
        lazy("Yang perlu diperbaiki"), max_length=500, required=lazy("Tulis apa yang perlu diperbaiki.")
    )


class CounterForm(FlaskForm):
    """When goods are collected, and whom buyers ask."""

    pickup_hours = LineField(
        lazy("Jam ambil di tempat"), max_length=200, required=lazy("Tulis hari dan jamnya.")
    )
    pickup_note = LineField(lazy("Catatan pengambilan"), max_length=300, required=False)
    contact_phone = PhoneField(
        lazy("Nomor WhatsApp untuk pertanyaan dan keluhan"), required=lazy("Tulis nomor kantor.")
    )


class HoursForm(FlaskForm):
    """When a workshop serves buyers."""

    hours = LineField(lazy("Jam bengkel"), max_length=200, required=False)


class BoxForm(FlaskForm):
    """A size that a facility packs in."""

    name = LineField(lazy("Nama kemasan"), max_length=60)
    length_cm = CountField(lazy("Panjang dalam"), minimum=1, maximum=300)
    width_cm = CountField(lazy("Lebar dalam"), minimum=1, maximum=300)
    height_cm = CountField(lazy("Tinggi dalam"), minimum=1, maximum=300)
    weight = GramsField(lazy("Berat kosong"))
    is_active = BooleanField(lazy("Dipakai"))

    def details(self) -> BoxDetails:
        """The fields as the use case wants them."""
        names = ("name", "length_cm", "width_cm", "height_cm", "weight")
        return BoxDetails(**{name: self[name].data for name in names}, is_active=bool(self.is_active.data))
