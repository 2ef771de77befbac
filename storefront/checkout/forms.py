"""The checkout's form: three blocks, and what was typed survives everything."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import AnyOf, InputRequired

from storefront.accounts.forms import PlaceForm
from storefront.accounts.models import Address, User
from storefront.accounts.services import Place
from storefront.accounts.services.people import normalise_email
from storefront.checkout.queries import Plan
from storefront.checkout.services import Buyer
from storefront.core.language import _, lazy
from storefront.core.regions.queries import resolve_district
from storefront.payments.providers import METHODS, Method
from storefront.promotions.services import person_of
from storefront.web.fields import LineField, PhoneField

OTHER = "lain"
"""Not an address of the book: the one that is typed."""


class CheckoutForm(PlaceForm):
    """Contact, destination, payment. Which parcels are collected is read beside it (`kirim-<id>`)."""

    email = LineField(lazy("E-mail"), required=False, max_length=254)
    alamat_tersimpan = HiddenField()
    simpan_alamat = BooleanField(lazy("Simpan alamat ini di akun saya"))
    bayar = RadioField(
        lazy("Cara bayar"), validate_choice=False, validators=[InputRequired(lazy("Pilih cara bayar."))]
    )
    total = HiddenField()

    saved: Sequence[Address] = ()
    chosen: Address | None = None

    def know(self, buyer: User | None, saved: Sequence[Address]) -> None:
        """Fill in what a signed-in buyer told us before; what was typed now counts more."""
        self.saved = saved
        if not self.is_submitted() and buyer is not None:
            self.nama.data = self.nama.data or buyer.name
            self.telepon.data = self.telepon.data or buyer.phone
            self.email.data = self.email.data or buyer.email
            if saved and not self.tujuan.data:
                self.alamat_tersimpan.data = str(saved[0].id)
        self.chosen = next((row for row in saved if str(row.id) == self.alamat_tersimpan.data), None)
        if self.chosen is None:
            self.alamat_tersimpan.data = OTHER

    def find_place(self, remembered: str | None) -> None:
        """Where it goes: the chosen address of the book, or what was typed."""
        if self.chosen is not None:
            self.district = resolve_district(self.chosen.district_code)
        else:
            self.find_district(remembered)

    def expect(self, plan: Plan) -> None:
        """Mark as needed what this order needs: goods that travel need a destination."""
        for control in (self.tujuan, self.alamat):
            control.flags.required = plan.may_deliver

    def offer(self, methods: Sequence[Method]) -> None:
        """Set the ways to pay. One that is not there for this sum gives way to the first that is."""
        self.bayar.choices = [(method.code, method.label) for method in methods]
        if methods and self.bayar.data not in {method.code for method in methods}:
            self.bayar.data = methods[0].code

    def accepts(self, plan: Plan, methods: Sequence[Method]) -> bool:
        """Validate all that this order needs; messages stand beside the fields."""
        known = AnyOf([method.code for method in methods], message=_("Pilih cara bayar."))
        self.bayar.validators = [*self.bayar.validators, known]
        if self.chosen is not None:  # the book says who takes it and where
            self.nama.process(None, data=self.chosen.recipient)
            self.telepon.process(None, data=self.chosen.phone)
        good = self.validate()
        wants_delivery = plan.needs_address or plan.needs_district
        there = self.chosen is not None or not wants_delivery or self.accepts_place()
        return there and self._email() and good

    def people(self) -> list[str]:
        """The buyer's keys for promotions that are limited for each person, as far as they are typed."""
        phone = self.chosen.phone if self.chosen is not None else self.telepon.data
        return person_of(phone, self.email.data or "").keys if phone else []

    def buyer(self) -> Buyer:
        """Who buys, once the form was accepted."""
        place = self._place()
        address: dict[str, Any] = {}
        if self.district is not None:
            address = {
                "district": self.district.code,
                "district_label": self.district.label,
                "village": place.village,
                "postal_code": place.postal_code,
                "street": place.street,
                "landmark": place.landmark,
            }
        return Buyer(
            place.recipient, place.phone, self.email.data or "", address,
            self.district.code if self.district else None,
        )  # fmt: skip

    def place_to_keep(self) -> Place | None:
        """The typed address, if its buyer asked us to keep it."""
        wanted = self.simpan_alamat.data and self.chosen is None and self.district is not None
        return self.place() if wanted and self.alamat.data else None

    def _place(self) -> Place:
        row = self.chosen
        if row is None:
            return self.place()
        return Place(
            row.recipient, row.phone, row.district_code, row.district_label, row.street, row.village,
            row.postal_code, row.landmark,
        )  # fmt: skip

    def _email(self) -> bool:
        if not self.email.data or self.email.errors:
            return True
        try:
            self.email.data = normalise_email(self.email.data)
        except ValueError:
            self.email.errors = [_("Alamat e-mail ini tidak lengkap. Boleh dikosongkan.")]
            return False
        return True


class PayForm(FlaskForm):
    """Pay a pending order, by the method of the button that was pressed."""

    bayar = HiddenField(validators=[AnyOf(METHODS)])


class ProofForm(FlaskForm):
    """The proof of a payment: a picture, and whose account it came from."""

    bukti = FileField(
        lazy("Foto atau tangkapan layar bukti pembayaran"), [FileRequired(lazy("Pilih fotonya dahulu."))]
    )
    pengirim = LineField(lazy("Nama pemilik rekening pengirim"), max_length=120)


class LookupForm(FlaskForm):
    """Find an order by its number and the buyer's telephone number."""

    nomor = LineField(lazy("Nomor pesanan"), max_length=24, required=lazy("Tulis nomor pesanan Anda."))
    telepon = PhoneField(
        lazy("Nomor WhatsApp pemesan"), required=lazy("Tulis nomor WhatsApp yang dipakai memesan.")
    )
