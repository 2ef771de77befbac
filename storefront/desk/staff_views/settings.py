"""The head sets up the own facility: its public page, its counter, the boxes that it packs in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from storefront.catalog.services.wordcheck import check_words
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.desk.queries.settings import settings_of
from storefront.facilities.forms import BoxForm, CounterForm, HoursForm, NewBenchForm, StoryForm, WorkshopForm
from storefront.facilities.models import Facility, Packaging, PageChange, PageChangeStatus
from storefront.facilities.queries import last_page_change, packaging_of, packagings
from storefront.facilities.services.packaging import add_box, change_box, set_counter
from storefront.facilities.services.pages import Bench, page_words, propose_page, withdraw_page
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame
from storefront.web.pagination import Page, page_number

bp = Blueprint("settings", __name__, url_prefix="/petugas/pengaturan")


@bp.get("")
def index() -> ResponseReturnValue:
    """Everything there is to set, and what is missing."""
    return render_template("desk/facility/settings.html", rows=settings_of(own_facility()))


@bp.get("/halaman")
def page() -> ResponseReturnValue:
    """What the public page says."""
    return _page_form()


@bp.post("/halaman")
def propose() -> ResponseReturnValue:
    """Hand new words and a new photo to the office."""
    story, benches, new = _page_forms(own_facility(), sent=True)
    forms: list[FlaskForm] = [story, *benches.values(), new]
    good = [form.validate() for form in forms]
    if (
        all(good)
        and _clean(story, "story", "description")
        and all(_clean(form, "craft", "materials") for form in (*benches.values(), new))
    ):
        photo = story.picture.data.read() if story.picture.data else None
        try:
            written = propose_page(
                own_facility().id, story.story.data, _written(benches, new), photo=photo,
                alt=story.picture_alt.data or "", by_id=current_user.id,
            )  # fmt: skip
        except Invalid as error:
            blame(new if "name" in error.errors else story, error)
        else:
            words = _("Usulan dikirim ke Kanwil. Halaman Lapas berubah setelah disetujui.")
            return _to(".page", words if written else _("Tidak ada yang berubah."))
    return _page_form((story, benches, new))


@bp.post("/halaman/tarik")
def withdraw() -> ResponseReturnValue:
    """Take back what waits."""
    withdraw_page(own_facility().id, by_id=current_user.id)
    return _to(".page", _("Usulan ditarik. Halaman Lapas tetap seperti sekarang."))


@bp.route("/loket", methods=["GET", "POST"])
def counter() -> ResponseReturnValue:
    """When goods are collected, and whom buyers ask."""
    facility = own_facility()
    form = CounterForm(obj=facility)
    rooms = {one.id: HoursForm(prefix=f"bengkel{one.id}-", obj=one) for one in facility.workshops}
    if form.is_submitted() and all([form.validate(), *(room.validate() for room in rooms.values())]):
        set_counter(
            facility.id, pickup_hours=form.pickup_hours.data, pickup_note=form.pickup_note.data,
            contact_phone=form.contact_phone.data, by_id=current_user.id,
            workshop_hours={key: room.hours.data or "" for key, room in rooms.items()},
        )  # fmt: skip
        return _to(".index", _("Tersimpan dan langsung tampil."))
    named = [(one.name, rooms[one.id]) for one in facility.workshops]
    html = render_template("desk/facility/counter.html", form=form, rooms=named)
    return html, 422 if form.is_submitted() else 200


@bp.get("/kemasan")
def boxes() -> ResponseReturnValue:
    """The sizes that the facility packs in."""
    return _boxes()


@bp.post("/kemasan")
def new_box() -> ResponseReturnValue:
    """Another size."""
    form = BoxForm(prefix="baru-")
    if form.validate():
        try:
            add_box(own_facility().id, form.details(), by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            return _to(".boxes", _("Kemasan ditambahkan."))
    return _boxes(added=form)


@bp.post("/kemasan/<int:box_id>")
def save_box(box_id: int) -> ResponseReturnValue:
    """A size is not as it was."""
    row = packaging_of(own_facility().id, box_id)
    form = BoxForm(prefix=f"k{box_id}-")
    if form.validate():
        try:
            change_box(own_facility().id, box_id, form.details(), by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            return _to(".boxes", _("Kemasan disimpan. Pesanan yang sudah ada tidak berubah."))
    return _boxes(changed=(row, form))


def _boxes(added: BoxForm | None = None, changed: tuple[Packaging, BoxForm] | None = None) -> tuple[str, int]:
    """The sizes, a page of them; one that was refused stands alone with what was typed."""
    if changed:
        page, forms = Page([changed[0]], 1, 1, 1), {changed[0].id: changed[1]}
    else:
        page = packagings(own_facility().id, page_number(request.args.get("hal")))
        forms = {row.id: BoxForm(formdata=None, obj=row, prefix=f"k{row.id}-") for row in page.items}
    html = render_template(
        "desk/facility/boxes.html", page=page, forms=forms,
        added=added or BoxForm(formdata=None, prefix="baru-", is_active=True),
    )  # fmt: skip
    return html, 422 if added or changed else 200


Forms = tuple[StoryForm, dict[int, WorkshopForm], NewBenchForm]


def _page_forms(facility: Facility, *, sent: bool) -> Forms:
    """The forms of the page: as they were sent, or filled with what waits or stands there."""
    words = page_words(facility)
    last = last_page_change(facility.id)
    if last is not None and last.status in (PageChangeStatus.WAITING, PageChangeStatus.RETURNED):
        mine = {row["id"]: row for row in last.words["workshops"]}
        words["story"] = last.words["story"]
        words["workshops"] = [mine.get(row["id"], row) for row in words["workshops"]]
        words["new"] = mine.get(None, {})
    given: dict[str, Any] = {} if sent else {"formdata": None}
    story = StoryForm(**given, data={"story": words["story"]})
    benches = {
        row["id"]: WorkshopForm(**given, prefix=f"bengkel{row['id']}-", data=row)
        for row in words["workshops"]
    }
    return story, benches, NewBenchForm(**given, prefix="baru-", data=words.get("new", {}))


def _written(benches: dict[int, WorkshopForm], new: NewBenchForm) -> list[Bench]:
    rows = [Bench(key, form.name.data, form.craft.data or "") for key, form in benches.items()]
    return rows + ([Bench(None, new.name.data, new.craft.data or "")] if new.name.data else [])


def _clean(form: FlaskForm, name: str, kind: str) -> bool:
    """May buyers read it? The same rules as for products."""
    refused = check_words({kind: form[name].data or ""}).refusals
    if refused:
        form[name].errors = list(refused.values())
    return not refused


def _page_form(forms: Forms | None = None) -> tuple[str, int]:
    facility = own_facility()
    story, benches, new = forms or _page_forms(facility, sent=False)
    last: PageChange | None = last_page_change(facility.id)
    html = render_template(
        "desk/facility/page.html", facility=facility, last=last, story=story, benches=benches, new=new
    )
    return html, 422 if forms else 200


def _to(endpoint: str, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for(endpoint), 303)
