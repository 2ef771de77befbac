"""What a report is asked for."""

from flask_wtf import FlaskForm
from wtforms import ValidationError

from storefront.core import clock
from storefront.core.language import _, lazy
from storefront.revenue.queries.reports import first_booked_month, months_between
from storefront.web.fields import RowField, WordField
from storefront.web.formats import month_name

OWN_DIVISIONS = [("bulan", lazy("Bulan")), ("kanal", lazy("Kanal penjualan")), ("acara", lazy("Acara"))]
ALL_DIVISIONS = [("lapas", lazy("Lapas")), *OWN_DIVISIONS]


class MonthsForm(FlaskForm):
    """Months (WIB) of a report. It changes nothing, so it travels in the address."""

    class Meta:
        csrf = False

    dari = WordField(lazy("Dari bulan"))
    sampai = WordField(lazy("Sampai bulan"))

    def offer_months(self) -> None:
        """Every month since the first sale, the newest first; at least the last twelve."""
        now = clock.period(clock.now())
        first = min(first_booked_month() or now, a_year_back())
        months = [(month, month_name(month)) for month in reversed(months_between(first, now))]
        self.dari.offer(months)
        self.sampai.offer(months)

    def validate_sampai(self, field: WordField) -> None:
        """Months stand in their order."""
        if field.data and self.dari.data and field.data < self.dari.data:
            raise ValidationError(_("Bulan terakhir harus sama dengan atau sesudah bulan pertama."))


class ReportForm(MonthsForm):
    """Months and division of a report."""

    kelompok = WordField(lazy("Kelompokkan menurut"), choices=OWN_DIVISIONS)


class OfficeReportForm(ReportForm):
    """The same for the office, which sees every facility or one of them."""

    kelompok = WordField(lazy("Kelompokkan menurut"), choices=ALL_DIVISIONS)
    lapas = RowField(lazy("Lapas"))

    @property
    def whose(self) -> str:
        """What the chosen facility is called, or that it is all of them."""
        chosen = (choice.label for choice in self.lapas.choices if choice.value == str(self.lapas.data))
        return str(next(chosen, _("Semua Lapas")))


def a_year_back() -> str:
    """The WIB month eleven months before this one: with it a year is whole."""
    today = clock.today()
    return months_between(f"{today.year - 1:04d}-{today.month:02d}", clock.period(clock.now()))[1]
