"""What people type about themselves."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from storefront.accounts.services.addresses import Place
from storefront.core.language import _, lazy
from storefront.core.regions.queries import DistrictRow, resolve_district, search_districts
from storefront.web.fields import LineField, PhoneField, TextField

_REQUIRED = InputRequired(lazy("Tulis kata sandi."))


class SignInForm(FlaskForm):
    """E-mail and password; `lanjut` is where the person wanted to go."""

    email = LineField(lazy("E-mail"), max_length=254, required=lazy("Tulis e-mail."))
    password = PasswordField(lazy("Kata sandi"), validators=[_REQUIRED])
    lanjut = HiddenField()


class RegisterForm(FlaskForm):
    """What an account needs: a name, an address that can be shown to be one's own, a password."""

    name = LineField(lazy("Nama"), max_length=120, required=lazy("Tulis nama."))
    email = LineField(lazy("E-mail"), max_length=254, required=lazy("Tulis e-mail."))
    password = PasswordField(lazy("Kata sandi"), validators=[_REQUIRED])


class ConfirmForm(FlaskForm):
    """The password again, by whoever got the letter."""

    password = PasswordField(lazy("Kata sandi"), validators=[_REQUIRED])


class CodeForm(FlaskForm):
    """The second step, or the first code of a new authenticator."""

    code = LineField(lazy("Kode 6 angka"), max_length=20, required=lazy("Tulis kode 6 angka dari aplikasi."))


class RecoveryForm(FlaskForm):
    """The second step without the telephone."""

    code = LineField(lazy("Kode cadangan"), max_length=40, required=lazy("Tulis salah satu kode cadangan."))


class ProofForm(FlaskForm):
    """Who changes a second factor: the password, and a code where there is an authenticator already."""

    password = PasswordField(lazy("Kata sandi"), validators=[_REQUIRED])
    code = LineField(lazy("Kode 6 angka atau kode cadangan"), max_length=40, required=False)


class ForgotForm(FlaskForm):
    """Where a link for a new password goes."""

    email = LineField(lazy("E-mail"), max_length=254, required=lazy("Tulis e-mail."))


class NameForm(FlaskForm):
    """How a person is called, and for buyers the number at which they are reached."""

    name = LineField(lazy("Nama"), max_length=120, required=lazy("Tulis nama."))
    phone = PhoneField(lazy("Nomor WhatsApp"), required=False)


class EmailForm(FlaskForm):
    """A new address, with the present password."""

    email = LineField(lazy("E-mail baru"), max_length=254, required=lazy("Tulis e-mail."))
    password = PasswordField(lazy("Kata sandi sekarang"), validators=[_REQUIRED])


class EraseForm(FlaskForm):
    """The password once more, before everything goes."""

    sandi_hapus = PasswordField(lazy("Kata sandi"), validators=[_REQUIRED])


class PasswordForm(FlaskForm):
    """A new password, with the present one."""

    current = PasswordField(lazy("Kata sandi sekarang"), validators=[_REQUIRED])
    new = PasswordField(lazy("Kata sandi baru"), validators=[_REQUIRED])


class ChoosePasswordForm(FlaskForm):
    """A new password, chosen by a link."""

    new = PasswordField(lazy("Kata sandi baru"), validators=[_REQUIRED])


class PlaceForm(FlaskForm):
    """Where something is sent: a district found from what was typed, and the rest of the address."""

    nama = LineField(lazy("Nama penerima"), max_length=120, required=lazy("Tulis nama penerima."))
    telepon = PhoneField(
        lazy("Nomor WhatsApp"), required=lazy("Tulis nomor WhatsApp yang dapat kami hubungi.")
    )
    tujuan = StringField(lazy("Kecamatan tujuan"))
    kecamatan = HiddenField()
    alamat = TextField(lazy("Alamat lengkap"), required=False, max_length=300)
    kelurahan = LineField(lazy("Kelurahan atau desa"), required=False, max_length=80)
    kode_pos = LineField(lazy("Kode pos"), required=False, max_length=5)
    patokan = LineField(lazy("Patokan"), required=False, max_length=120)

    district: DistrictRow | None = None
    suggestions: Sequence[DistrictRow] = ()

    def find_district(self, remembered: str | None = None) -> None:
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

    def accepts_place(self) -> bool:
        """A parcel that travels needs a district, a street and a sensible postal code."""
        if self.district is None:
            self.tujuan.errors = [self._unclear()]
        if len((self.alamat.data or "").strip()) < 5 and not self.alamat.errors:
            self.alamat.errors = [_("Tulis nama jalan, nomor rumah, RT/RW.")]
        code = self.kode_pos.data or ""
        if code and not (code.isascii() and code.isdigit() and len(code) == 5):
            self.kode_pos.errors = [_("Kode pos terdiri dari 5 angka.")]
        return not (self.tujuan.errors or self.alamat.errors or self.kode_pos.errors)

    def place(self, label: str = "") -> Place:
        """What was typed, once it was accepted."""
        district = self.district
        return Place(
            recipient=self.nama.data,
            phone=self.telepon.data,
            district_code=district.code if district else "",
            district_label=district.label if district else "",
            street=self.alamat.data or "",
            village=self.kelurahan.data or "",
            postal_code=self.kode_pos.data or "",
            landmark=self.patokan.data or "",
            label=label,
        )

    def _unclear(self) -> str:
        """Why the destination is not known yet."""
        if not (self.tujuan.data or "").strip():
            return _("Tulis kecamatan tujuan kiriman.")
        if self.suggestions:
            return _("Pilih kecamatan dari daftar di bawah.")
        return _("Kecamatan ini tidak kami temukan. Tulis nama kecamatan dan kotanya.")


class AddressForm(PlaceForm):
    """One entry of the address book."""

    label = LineField(lazy("Sebutan"), required=False, max_length=40)
    utama = BooleanField(lazy("Jadikan alamat utama"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for control in (self.tujuan, self.alamat):
            control.flags.required = True

    def accepts(self) -> bool:
        """Find the district and validate everything; messages stand beside the fields."""
        self.find_district()
        good = self.validate_on_submit()
        return self.accepts_place() and good
