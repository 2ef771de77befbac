"""What buyer, facility and office type about a case. Fields for pieces are made of the case's own lines."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import BooleanField

from storefront.aftersales.models import MAX_TEXT, UNDELIVERED, CaseItem, ComplaintCase, Problem, Remedy
from storefront.aftersales.queries.cases import Piece
from storefront.aftersales.queries.words import PROBLEMS, REMEDIES, RESEND, WISHES
from storefront.aftersales.services import MAX_PHOTOS, Back, Counted, Proposal, problems
from storefront.core.errors import Invalid
from storefront.core.language import lazy
from storefront.orders.models import DeliveryMethod, Parcel, ParcelItem
from storefront.orders.services.address import MAX_LANDMARK, MAX_STREET
from storefront.web.fields import CountField, LineField, PhotosForm, TextField, WordField, blame

F = TypeVar("F", bound=FlaskForm)


class CaseForm(PhotosForm):
    """What is wrong with which things, and what the buyer wants."""

    most_photos = MAX_PHOTOS
    problem = WordField(lazy("Apa yang tidak beres?"), required=lazy("Pilih salah satu."))
    text = TextField(
        lazy("Ceritakan"), max_length=MAX_TEXT, min_length=10, required=lazy("Ceritakan apa yang terjadi.")
    )
    wish = WordField(lazy("Apa yang Anda inginkan?"), required=lazy("Pilih salah satu."))


class MessageForm(PhotosForm):
    """A message of the buyer."""

    most_photos = MAX_PHOTOS
    text = TextField(lazy("Pesan"), max_length=MAX_TEXT, required=lazy("Tulis pesannya."))


class SendForm(FlaskForm):
    """How goods come back."""

    courier = LineField(lazy("Kurir"), max_length=40, required=lazy("Tulis nama kurirnya."))
    waybill = LineField(lazy("Nomor resi"), max_length=40, required=lazy("Tulis nomor resi dari kurir."))


class WordsForm(FlaskForm):
    """Words that have to be there: a message of the staff, a reason."""

    text = TextField(lazy("Pesan"), max_length=MAX_TEXT, required=lazy("Tulis beberapa kata."))


class StepForm(FlaskForm):
    """A step without anything to type: only the token."""


class AcceptForm(FlaskForm):
    """The facility does as the buyer wishes."""

    wants_goods = BooleanField(lazy("Barangnya dikirim kembali dahulu"))
    with_shipping = BooleanField(lazy("Ongkos kirim kiriman ini ikut dikembalikan"))
    text = TextField(lazy("Pesan untuk pembeli"), max_length=MAX_TEXT, required=False)


class ProposalForm(AcceptForm):
    """What is offered by the facility, or decided by the office."""

    remedy = WordField(lazy("Yang diberikan"), required=lazy("Pilih salah satu."))
    text = TextField(
        lazy("Alasan untuk pembeli"),
        max_length=MAX_TEXT,
        required=lazy("Tulis alasannya; pembeli membacanya."),
    )

    def proposal(self) -> Proposal:
        """What was chosen, for the services."""
        there = {name: self[name].data or "" for name in ("street", "landmark") if name in self}
        return Proposal(
            Remedy(self.remedy.data), counted(self, "pieces_"), bool(self.wants_goods.data),
            bool(self.with_shipping.data), **there,
        )  # fmt: skip


class CountedForm(FlaskForm):
    """In what state each piece came back."""

    def counted(self) -> dict[int, Counted]:
        """Pieces by order line: fit for the shelf, and not."""
        good, bad = counted(self, "good_"), counted(self, "bad_")
        return {line_id: Counted(good[line_id], bad[line_id]) for line_id in good}


class ReceiveForm(CountedForm):
    """The same, and what is not as agreed."""

    doubt = TextField(lazy("Yang tidak sesuai"), max_length=MAX_TEXT, required=False)


class BackForm(CountedForm):
    """Why a parcel came back undelivered."""

    problem = WordField(lazy("Mengapa paketnya kembali?"), required=lazy("Pilih salah satu."))
    text = TextField(lazy("Keterangan"), max_length=MAX_TEXT, required=False)

    def back(self) -> Back:
        """What was chosen, for the services."""
        return Back(Problem(self.problem.data), self.counted(), self.text.data or "")


def case_form(pieces: Sequence[Piece]) -> CaseForm:
    """The buyer's form for these things; a single piece is chosen from the start."""
    fields = {f"pieces_{piece.line.id}": _count(piece.line.title, piece.most) for piece in pieces}
    form = _with(CaseForm, fields)
    form.problem.offer([(problem.value, PROBLEMS[problem]) for problem in problems()])
    form.wish.offer([(wish.value, words) for wish, words in WISHES.items()])
    if not form.is_submitted() and [piece.most for piece in pieces] == [1]:
        form[f"pieces_{pieces[0].line.id}"].data = 1
    return form


def proposal_form(
    case: ComplaintCase, *, prefix: str = "", nothing: bool = False, fresh: bool = False, where: bool = False
) -> ProposalForm:
    """A form for what is given, everything that was complained of to begin with.

    `nothing` may be offered too; with `where` the way of a parcel that came back can be set right. A `fresh`
    one reads nothing of what was sent to another form.
    """
    fields = _fields(case.items, "pieces_")
    if where and case.came_back and case.parcel.method is DeliveryMethod.DELIVERY:
        fields |= _address_fields()
    form = _with(ProposalForm, fields, fresh=fresh, prefix=prefix)
    words: Mapping[Remedy, str] = RESEND if case.came_back else REMEDIES
    form.remedy.offer(
        [(key.value, label) for key, label in words.items() if nothing or key is not Remedy.NOTHING]
    )
    if fresh or not form.is_submitted():
        form.with_shipping.data = case.problem is Problem.CARRIER
        for name in ("street", "landmark"):
            if name in form:
                form[name].data = case.order.address.get(name) or ""
        form.remedy.data = case.wish.value
        for item in case.items:
            form[f"pieces_{item.order_line_id}"].data = item.quantity
    return form


def receive_form(case: ComplaintCase, *, fresh: bool = False) -> ReceiveForm:
    """A form for the state of what came back, all of it good to begin with."""
    items = [item for item in case.items if item.granted]
    form = _counting(ReceiveForm, items, fresh=fresh)
    if fresh or not form.is_submitted():
        for item in items:
            form[f"good_{item.order_line_id}"].data = item.granted
    return form


def back_form(parcel: Parcel) -> BackForm:
    """A form for a parcel that came back, all of it good to begin with."""
    form = _counting(BackForm, parcel.items)
    form.problem.offer([(problem.value, PROBLEMS[problem]) for problem in UNDELIVERED])
    if not form.is_submitted():
        for item in parcel.items:
            form[f"good_{item.order_line_id}"].data = item.quantity
    return form


def counted(form: FlaskForm, prefix: str) -> dict[int, int]:
    """The numbers of all fields of this beginning, by order line; an empty field is none."""
    return {
        int(name.removeprefix(prefix)): field.data or 0
        for name, field in form._fields.items()
        if name.startswith(prefix)
    }


def put_beside(form: FlaskForm, error: Invalid) -> None:
    """Show what a service refused where it was typed; what is about all pieces, at the first of them."""
    first = next((name for name in form._fields if name.startswith("pieces_")), "")
    names = {"pieces": first}
    for name in form._fields:
        if name.startswith("good_"):
            names[name.replace("good_", "back_")] = name
    blame(form, Invalid({names.get(name, name): words for name, words in error.errors.items()}))


def _address_fields() -> dict[str, Any]:
    return {
        "street": TextField(lazy("Alamat lengkap"), max_length=MAX_STREET, required=False),
        "landmark": LineField(lazy("Patokan"), max_length=MAX_LANDMARK, required=False),
    }


def _counting(kind: type[F], items: Sequence[CaseItem | ParcelItem], *, fresh: bool = False) -> F:
    """A form with two numbers for each line: fit for the shelf, and not, of which there are none at first."""
    form = _with(kind, _fields(items, "good_") | _fields(items, "bad_"), fresh=fresh)
    if fresh or not form.is_submitted():
        for item in items:
            form[f"bad_{item.order_line_id}"].data = 0
    return form


def _fields(items: Sequence[CaseItem | ParcelItem], beginning: str) -> dict[str, Any]:
    return {f"{beginning}{item.order_line_id}": _count(item.line.title, item.quantity) for item in items}


def _count(label: str, most: int) -> CountField:
    return CountField(label, minimum=0, maximum=most, required=False)


def _with(kind: type[F], fields: Mapping[str, Any], *, fresh: bool = False, prefix: str = "") -> F:
    made: type[F] = type(kind.__name__, (kind,), dict(fields))
    return made(formdata=None, prefix=prefix) if fresh else made(prefix=prefix)
