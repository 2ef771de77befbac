"""What staff write down about stock: pieces that came in, pieces that were counted."""

from typing import Any

from flask_wtf import FlaskForm

from storefront.core.language import _, lazy
from storefront.inventory.models import REASONS, LocationKind, MovementKind, Reason
from storefront.inventory.services.batches import BatchFacts
from storefront.web.fields import CountField, DayField, LineField, OnceField, RowField, WordField

MOST = 100_000
"""Pieces in one go: more is a slip of the keyboard."""


REASON_WORDS = {
    Reason.UNKNOWN: lazy("Belum diketahui"),
    Reason.MISCOUNTED: lazy("Dulu salah hitung atau salah tulis"),
    Reason.FOUND: lazy("Ditemukan lagi"),
    Reason.MISSING: lazy("Hilang"),
    Reason.BROKEN: lazy("Rusak"),
    Reason.SPOILED: lazy("Basi atau lewat tanggal"),
    Reason.FAULTY: lazy("Cacat dari bengkel"),
    Reason.STOLEN: lazy("Dicuri"),
    Reason.SAMPLE: lazy("Contoh untuk calon pembeli"),
    Reason.GUESTS: lazy("Cendera mata tamu dinas"),
    Reason.CHARITY: lazy("Sumbangan"),
    Reason.OWN_USE: lazy("Dipakai sendiri oleh Lapas"),
}
"""What the reasons are called on the screen."""

PLACE_WORDS = {
    LocationKind.STOREROOM: lazy("Gudang, sumber pesanan daring"),
    LocationKind.FAIR: lazy("Pameran"),
    LocationKind.OUTLET: lazy("Gerai titipan"),
}
"""What the kinds of places are called."""


class ReceiveForm(FlaskForm):
    """Finished pieces come from the workshop into the storeroom."""

    quantity = CountField(
        lazy("Jumlah yang masuk"), minimum=1, maximum=MOST, required=lazy("Tulis berapa buah yang masuk.")
    )
    note = LineField(lazy("Catatan"), max_length=200, required=False)
    once = OnceField()  # pressing the button twice brings the pieces in once
    batch_code = LineField(lazy("Kode batch"), max_length=40, required=False)
    made_on = DayField(lazy("Dibuat tanggal"), required=False)
    best_before = DayField(lazy("Baik digunakan sebelum"), required=False)

    def want_batch(self) -> None:
        """The page is about food: its batch is not optional."""
        for field in (self.batch_code, self.made_on, self.best_before):
            field.flags.required = True

    def check(self, *, is_food: bool) -> bool:
        """Is it good; of food with the batch that it is of?"""
        good = self.validate()
        for field in (self.batch_code, self.made_on, self.best_before) if is_food else ():
            if not field.errors and not field.data:
                field.errors = [_("Makanan dicatat dengan batchnya.")]
                good = False
        return bool(good)

    def batch(self, *, is_food: bool) -> BatchFacts | None:
        """What is written on the batch, once the form is good."""
        if not is_food:
            return None
        return BatchFacts(self.batch_code.data, self.made_on.data, self.best_before.data)


class BlockForm(FlaskForm):
    """Why nothing of a batch may be sold any more."""

    reason = LineField(
        lazy("Alasan diblokir"), min_length=3, max_length=200, required=lazy("Tulis alasannya.")
    )


class CountForm(FlaskForm):
    """Somebody counted what lies on the shelf. Stands on one page with the other: its ids differ."""

    quantity = CountField(
        lazy("Jumlah di rak"),
        minimum=0,
        maximum=MOST,
        required=lazy("Tulis berapa buah di rak."),
        id="counted",
    )
    note = LineField(lazy("Catatan"), max_length=200, required=False, id="counted-note")
    place_id = RowField(lazy("Tempat yang dihitung"), required=False, id="counted-place")
    reason = WordField(
        lazy("Mengapa berbeda"),
        choices=[(reason, REASON_WORDS[reason]) for reason in REASONS[MovementKind.COUNTED]],
        required=False,
        id="counted-reason",
    )
    once = OnceField(id="counted-once", name="counted-once")


class TransferForm(FlaskForm):
    """Pieces are carried from one place of the facility to another."""

    quantity = CountField(
        lazy("Jumlah yang dipindahkan"),
        minimum=1,
        maximum=MOST,
        required=lazy("Tulis berapa buah yang dipindahkan."),
    )
    from_id = RowField(lazy("Dari tempat"))
    to_id = RowField(lazy("Ke tempat"))
    note = LineField(lazy("Catatan"), max_length=200, required=False)
    once = OnceField()


class OutForm(FlaskForm):
    """Pieces broke or were given away: gone without a buyer."""

    quantity = CountField(
        lazy("Jumlah yang keluar"), minimum=1, maximum=MOST, required=lazy("Tulis berapa buah yang keluar.")
    )
    reason = WordField(lazy("Mengapa keluar"))
    place_id = RowField(lazy("Dari tempat"), required=False)
    note = LineField(lazy("Keterangan"), max_length=200, required=False)
    once = OnceField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        kinds = ((MovementKind.DAMAGED, _("Tidak layak jual")), (MovementKind.GIVEN, _("Diberikan")))
        choices = [
            (reason, f"{words}: {str(REASON_WORDS[reason]).lower()}")
            for kind, words in kinds
            for reason in REASONS[kind]
        ]
        self.reason.offer([("", _("Pilih satu")), *choices])


class LimitForm(FlaskForm):
    """From how many sellable pieces on somebody should make more."""

    low_at = CountField(lazy("Ingatkan jika tinggal"), minimum=0, maximum=MOST, required=False)


class PlaceForm(FlaskForm):
    """Another place where things of the facility lie."""

    name = LineField(lazy("Nama tempat"), max_length=80, min_length=3)
    kind = WordField(
        lazy("Jenis tempat"),
        choices=[(kind, PLACE_WORDS[kind]) for kind in (LocationKind.OUTLET, LocationKind.FAIR)],
    )


class PlaceNameForm(FlaskForm):
    """What a place is called."""

    name = LineField(lazy("Nama tempat"), max_length=80, min_length=3)


class CapacityForm(FlaskForm):
    """How many made-to-order pieces a workshop makes in a week, all its products together."""

    weekly_capacity = CountField(lazy("Sanggup seminggu"), minimum=1, maximum=MOST, required=False)
