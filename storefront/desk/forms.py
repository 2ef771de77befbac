"""What the office asks the audit log for, whom a head invites, and what a recall says."""

from flask_wtf import FlaskForm
from wtforms import ValidationError

from storefront.core.language import _, lazy
from storefront.desk.queries.acts import KIND_WORDS, actors
from storefront.facilities.queries import facility_options
from storefront.web.fields import DayField, LineField, RowField, TextField, WordField


class ActsForm(FlaskForm):
    """Who, what, where and when (WIB days, included). It changes nothing, so it travels in the address."""

    class Meta:
        csrf = False

    siapa = RowField(lazy("Siapa"), required=False)
    apa = WordField(lazy("Apa"), required=False)
    lapas = RowField(lazy("Lapas"), required=False)
    dari = DayField(lazy("Dari tanggal"), required=False, render_kw={"type": "date"})
    sampai = DayField(lazy("Sampai tanggal"), required=False, render_kw={"type": "date"})

    def offer(self) -> None:
        """The people, kinds and facilities of this moment."""
        self.siapa.offer([("", _("Semua orang")), *actors()])
        self.apa.offer([("", _("Semua tindakan")), *KIND_WORDS.items()])
        self.lapas.offer([("", _("Semua Lapas")), *facility_options()])

    def validate_sampai(self, field: DayField) -> None:
        """Days stand in their order."""
        if field.data and self.dari.data and field.data < self.dari.data:
            raise ValidationError(_("Tanggal terakhir harus sama dengan atau sesudah tanggal pertama."))


class StaffForm(FlaskForm):
    """Somebody who is invited to work in the head's own facility: nothing else can be said of them here."""

    name = LineField(lazy("Nama"), max_length=120)
    email = LineField(lazy("E-mail"), max_length=254)


class RecallForm(FlaskForm):
    """Why a batch is recalled, and what its buyers shall do."""

    reason = LineField(
        lazy("Alasan ditarik"), min_length=3, max_length=200, required=lazy("Tulis alasannya.")
    )
    advice = TextField(
        lazy("Yang perlu dilakukan pembeli"), min_length=3, max_length=500,
        required=lazy("Tulis apa yang perlu dilakukan pembeli."),
    )  # fmt: skip
