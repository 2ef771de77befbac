"""The checkout's form: three blocks, and what was typed survives everything."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import AnyOf, InputRequired

from storefront.accounts.services.people import normalise_email
from storefront.checkout.queries import Method, Plan
from storefront.checkout.services import Buyer
from storefront.core.regions.queries import DistrictRow, resolve_district, search_districts
from storefront.web.fields import LineField, PhoneField, TextField


class CheckoutForm(FlaskForm):
    """Contact, destination, payment. Which parcels are collected is read beside it (`kirim-<id>`)."""

    nama = LineField("Nama penerima", max_length=120, required="Tulis nama penerima.")
    telepon = PhoneField("Nomor WhatsApp", required="Tulis nomor WhatsApp yang dapat kami hubungi.")
    email = LineField("E-mail", required=False, max_length=254)
    tujuan = StringField("Kecamatan tujuan")
    kecamatan = HiddenField()
    ditanya = HiddenField()  # the words for which we offered districts to choose from
    alamat = TextField("Alamat lengkap", required=False, max_length=300)
    kelurahan = LineField("Kelurahan atau desa", required=False, max_length=80)
    kode_pos = LineField("Kode pos", required=False, max_length=5)
    patokan = LineField("Patokan", required=False, max_length=120)
    bayar = RadioField("Cara bayar", validate_choice=False, validators=[InputRequired("Pilih cara bayar.")])
    total = HiddenField()

    district: DistrictRow | None = None
    suggestions: Sequence[DistrictRow] = ()

    def find_district(self, remembered: str | None) -> None:
        """Understand the typed destination; one that is not clear gives `suggestions` to choose from."""
        typed = (self.tujuan.data or "").strip()[:200]
        chosen = (self.kecamatan.data or "").strip()[:8]
        if not typed and not self.is_submitted():
            typed = remembered or ""
        found = resolve_district(chosen) if chosen else None
        if (
            found is not None
            and typed
            and typed != found.label
            and found.name.casefold() not in typed.casefold()
        ):
            found = None  # the words were changed after the choice: the words count
        self.district = found or (resolve_district(typed) if typed else None)
        if self.district is not None:
            self.tujuan.data, self.kecamatan.data = self.district.label, self.district.code
        elif typed:
            self.suggestions = search_districts(typed)

    def expect(self, plan: Plan) -> None:
        """Mark as needed what this order needs: goods that travel need a destination."""
        for control in (self.tujuan, self.alamat):
            control.flags.required = plan.may_deliver

    def offer(self, methods: Sequence[Method]) -> None:
        """Set the ways to pay."""
        self.bayar.choices = [(method.code, method.label) for method in methods]
        if not self.bayar.data and methods:
            self.bayar.data = methods[0].code

    def accepts(self, plan: Plan, methods: Sequence[Method]) -> bool:
        """Validate all that this order needs; messages stand beside the fields."""
        self.bayar.validators = [*self.bayar.validators, AnyOf([method.code for method in methods])]
        good = self.validate()
        return self._destination(plan) and self._email() and good

    def buyer(self) -> Buyer:
        """Who buys, once the form was accepted."""
        address: dict[str, Any] = {}
        if self.district is not None:
            address = {
                "district": self.district.code,
                "district_label": self.district.label,
                "village": self.kelurahan.data or "",
                "postal_code": self.kode_pos.data or "",
                "street": self.alamat.data or "",
                "landmark": self.patokan.data or "",
            }
        return Buyer(
            self.nama.data, self.telepon.data, self.email.data or "", address,
            self.district.code if self.district else None,
        )  # fmt: skip

    def _destination(self, plan: Plan) -> bool:
        """A parcel that travels needs a district, a street and a sensible postal code."""
        wants_delivery = plan.needs_address or plan.needs_district
        if not wants_delivery:
            return True
        if self.district is None:
            self.tujuan.errors = [self._unclear()]
        if len((self.alamat.data or "").strip()) < 5 and not self.alamat.errors:
            self.alamat.errors = ["Tulis nama jalan, nomor rumah, RT/RW."]
        code = self.kode_pos.data or ""
        if code and not (code.isascii() and code.isdigit() and len(code) == 5):
            self.kode_pos.errors = ["Kode pos terdiri dari 5 angka."]
        return not (self.tujuan.errors or self.alamat.errors or self.kode_pos.errors)

    def _unclear(self) -> str:
        """Why the destination is not known yet."""
        if not (self.tujuan.data or "").strip():
            return "Tulis kecamatan tujuan kiriman."
        if self.suggestions:
            return "Pilih kecamatan dari daftar di bawah."
        return "Kecamatan ini tidak kami temukan. Tulis nama kecamatan dan kotanya."

    def _email(self) -> bool:
        if not self.email.data or self.email.errors:
            return True
        try:
            self.email.data = normalise_email(self.email.data)
        except ValueError:
            self.email.errors = ["Alamat e-mail ini tidak lengkap. Boleh dikosongkan."]
            return False
        return True


def _names(typed: str, row: DistrictRow) -> bool:
    """Do all the words that were typed occur in the district's label?"""
    label = row.label.casefold()
    return all(word in label for word in typed.casefold().replace(",", " ").split())


class PayForm(FlaskForm):
    """Pay a pending order, by the method of the button that was pressed."""

    bayar = HiddenField(validators=[AnyOf(["card", "transfer"])])


class ProofForm(FlaskForm):
    """The proof of a transfer: a picture, and whose account it came from."""

    bukti = FileField("Foto atau tangkapan layar bukti transfer", [FileRequired("Pilih fotonya dahulu.")])
    pengirim = LineField("Nama pemilik rekening pengirim", max_length=120)


class LookupForm(FlaskForm):
    """Find an order by its number and the buyer's telephone number."""

    nomor = LineField("Nomor pesanan", max_length=24, required="Tulis nomor pesanan Anda.")
    telepon = PhoneField("Nomor WhatsApp pemesan", required="Tulis nomor WhatsApp yang dipakai memesan.")
