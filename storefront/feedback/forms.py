"""What buyers write, what the office decides, what a facility answers."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import MultipleFileField

from storefront.accounts.services.people import normalise_email
from storefront.core.language import _, lazy
from storefront.feedback.models import ComplaintTopic
from storefront.feedback.services import MAX_PHOTOS
from storefront.web.fields import LineField, PhoneField, PhotosForm, RowField, TextField, WordField

STAR_WORDS = {
    1: lazy("1 bintang: mengecewakan"),
    2: lazy("2 bintang: kurang"),
    3: lazy("3 bintang: cukup"),
    4: lazy("4 bintang: bagus"),
    5: lazy("5 bintang: bagus sekali"),
}
TOPIC_WORDS = {
    ComplaintTopic.DELIVERY: lazy("Barang belum sampai"),
    ComplaintTopic.GOODS: lazy("Barang rusak atau tidak sesuai"),
    ComplaintTopic.PAYMENT: lazy("Pembayaran atau pengembalian dana"),
    ComplaintTopic.SERVICE: lazy("Pelayanan petugas"),
    ComplaintTopic.PRIVACY: lazy("Data pribadi saya"),
    ComplaintTopic.CONTENT: lazy("Isi toko: foto, teks, atau martabat seseorang"),
    ComplaintTopic.OTHER: lazy("Lainnya"),
}


class ReviewForm(PhotosForm):
    """What a buyer thinks of a thing."""

    most_photos = MAX_PHOTOS
    rating = WordField(
        lazy("Nilai Anda"), choices=[(str(n), str(n)) for n in STAR_WORDS], required=lazy("Pilih nilainya.")
    )
    text = TextField(lazy("Cerita Anda"), max_length=1000, required=False)
    photos = MultipleFileField(lazy("Foto barangnya"))
    author = WordField(lazy("Nama yang tampil"), required=lazy("Pilih nama yang tampil."))


class NoteForm(FlaskForm):
    """Thanks to a workshop."""

    text = TextField(lazy("Ucapan Anda"), max_length=500, required=lazy("Tulis beberapa kata."))


class ComplaintForm(FlaskForm):
    """What went wrong, and how to reach whoever it went wrong for."""

    topic = WordField(
        lazy("Tentang apa?"),
        choices=[("", lazy("Pilih …")), *((topic.value, words) for topic, words in TOPIC_WORDS.items())],
        required=lazy("Pilih salah satu."),
    )
    text = TextField(
        lazy("Apa yang terjadi?"),
        max_length=2000,
        min_length=10,
        required=lazy("Ceritakan apa yang terjadi."),
    )
    order_number = LineField(lazy("Nomor pesanan"), max_length=24, required=False)
    facility_id = RowField(lazy("Lapas"), required=False)
    name = LineField(lazy("Nama Anda"), max_length=120, required=lazy("Tulis nama Anda."))
    phone = PhoneField(lazy("Nomor WhatsApp"), required=False)
    email = LineField(lazy("E-mail"), max_length=254, required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; and one of the two ways to answer has to be there."""
        super().validate(extra_validators)
        if self.email.data and not self.email.errors:
            try:
                self.email.data = normalise_email(self.email.data)
            except ValueError:
                self.email.errors = [_("Alamat e-mail ini tidak lengkap. Boleh dikosongkan.")]
        tried = self.phone.data or self.email.data or self.phone.errors or self.email.errors
        if not tried:
            self.phone.errors = [_("Tulis nomor WhatsApp atau e-mail agar kami dapat menjawab.")]
        return not self.errors


class DecisionForm(FlaskForm):
    """Why something is not shown or not passed on."""

    reason = LineField(lazy("Alasan"), max_length=300, required=lazy("Tulis alasannya."))


class AnswerForm(FlaskForm):
    """A facility's public answer to a review; empty takes it back."""

    answer = TextField(lazy("Jawaban"), max_length=1000, required=False)


class ComplaintAnswerForm(FlaskForm):
    """The office's answer to a complaint."""

    answer = TextField(lazy("Jawaban"), max_length=2000, required=lazy("Tulis jawabannya."))
