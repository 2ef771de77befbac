"""What the office asks the audit log for."""

from flask_wtf import FlaskForm
from wtforms import ValidationError

from storefront.core.language import _, lazy
from storefront.desk.queries.acts import KIND_WORDS, actors
from storefront.facilities.queries import facility_options
from storefront.web.fields import DayField, RowField, WordField


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
