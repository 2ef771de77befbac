"""What each line would do to the shop: new, changed (what), the same, or wrong (why, in which column)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from storefront.bulk.models import Verdict
from storefront.bulk.services.lines import PRODUCT, VARIANT, Line, family_of
from storefront.bulk.services.surroundings import Known, Surroundings
from storefront.catalog.models import Category, Product, ProductStatus, Supply
from storefront.catalog.services.staging import is_live
from storefront.catalog.services.variants import MAX_VALUE, MAX_VARIANTS, label_of
from storefront.catalog.services.wordcheck import check_words
from storefront.core.language import _, _n

Changes = dict[str, list[Any]]


class Judgement(NamedTuple):
    """What becomes of a line, and what changes: [before, after] by field."""

    verdict: Verdict
    changes: Changes


def tie_families(lines: Sequence[Line], prefix: str) -> None:
    """Find the lines that head a family by their SKU (WooCommerce), hand names of options and photos on."""
    used = {line.family for line in lines if line.family}
    leaders: dict[str, Line] = {}
    for line in lines:
        bare = family_of(line.sku.removeprefix(prefix))
        if line.sku and not line.family and ({bare, line.sku} & used):
            line.family = bare if bare in used else line.sku
            line.is_parent = True
            line.values["options"] = []
        if line.family:
            leader = leaders.setdefault(line.family, line)
            if leader is not line:
                _follow(line, leader)


def _follow(line: Line, leader: Line) -> None:
    names = leader.values["option_names"]
    own = line.values["option_names"]
    line.values["option_names"] = [name or (names[n] if n < len(names) else "") for n, name in enumerate(own)]
    leader.values["photos"] = list(dict.fromkeys([*leader.values["photos"], *line.values["photos"]]))[:8]
    line.values["photos"] = []
    line.values["follows"] = True


def judge_all(
    lines: Sequence[tuple[int, Line]], around: Surroundings, photos: Collection[str]
) -> list[Judgement]:
    """Judge the lines (with their numbers) of a table, in its order. Problems and notes go into the lines."""
    tie_families([line for _number, line in lines], around.prefix)
    owners = _owners([line for _number, line in lines], around)
    first: dict[str, int] = {}
    forms: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    titled: set[str] = set()
    judgements = []
    for number, line in lines:
        if line.sku and line.sku in first:
            words = _("SKU ini sudah ada di baris %(number)s.", number=first[line.sku])
            line.problems.append([line.column("sku"), words])
        elif line.sku:
            first[line.sku] = number
        if line.family and line.sku and not line.is_parent and line.sku not in around.variants:
            _refuse_twins(line, forms[line.family])
        judgement = judge(line, around, owners.get(line.family), photos, has_head=line.family in titled)
        if judgement.verdict is not Verdict.WRONG and line.family:
            titled.add(line.family)
        judgements.append(judgement)
    return judgements


def _owners(lines: Sequence[Line], around: Surroundings) -> dict[str, Product]:
    """The product that a family already is: that of any variant of it."""
    return {
        line.family: around.variants[line.sku].product
        for line in lines
        if line.family and line.sku in around.variants
    }


def _refuse_twins(line: Line, forms: set[tuple[str, ...]]) -> None:
    """Two lines cannot be one form of a product, nor differ in the number of their options."""
    form = tuple(option.lower() for option in line.values["options"])
    if form in forms:
        line.problems.append([line.column("option1"), _("Varian ini sudah ada di baris sebelumnya.")])
    elif any(len(other) != len(form) for other in forms):
        line.problems.append([line.column("option1"), _unlike()])
    if len(forms) >= MAX_VARIANTS:
        line.problems.append([line.column("group"), _("Paling banyak %(most)s varian.", most=MAX_VARIANTS)])
    forms.add(form)


def _unlike() -> str:
    return _("Varian lain dari produk ini memakai pilihan yang lain. Samakan pilihannya.")


def judge(
    line: Line, around: Surroundings, owner: Product | None, photos: Collection[str], *, has_head: bool
) -> Judgement:
    """Judge one line against the shop as it is. `owner` is the product of its family, if there is one."""
    if not line.sku:
        return _without_sku(line, has_head=has_head or owner is not None)
    known = around.variants.get(line.sku)
    if known is not None:
        changes = _changes_of(line, known, around)
    elif owner is not None and line.is_parent:
        changes = _differences(line.values, around.as_written(owner), PRODUCT, around)
    elif owner is not None and _is_proposed(line.sku, owner, around):
        return Judgement(Verdict.SAME, {})
    else:
        changes = _of_new(line, owner, has_product=has_head or owner is not None)
    if owner is not None and owner.status is ProductStatus.ARCHIVED and known is None:
        line.problems.append([line.column("sku"), _withdrawn()])
    product = known.product if known else owner
    _look_at_the_only_one(line, product, known)
    bare = product is None or not (known.has_photos if known else bool(product.photos))
    _look_for_photos(line, photos, changes, wanted=bare)
    _look_at_words(line, None if product is None else changes, around)
    if line.problems:
        return Judgement(Verdict.WRONG, {})
    if product is None or (known is None and not line.is_parent):
        return Judgement(Verdict.NEW, changes)
    return Judgement(Verdict.CHANGED if changes else Verdict.SAME, changes)


def _look_at_the_only_one(line: Line, product: Product | None, known: Known | None) -> None:
    """Of what a line calls unique there is one piece, ready made."""
    if not line.values.get("is_unique"):
        return
    supply = line.values.get("supply", product.supply if product else None)
    pieces = max(line.values.get("stock") or 0, (known.on_hand if known else 0) or 0)
    if supply == Supply.MADE_TO_ORDER:
        words = _("Yang dibuat setelah dipesan tidak dapat satu-satunya.")
        line.problems.append([line.column("is_unique"), words])
    elif pieces > 1:
        words = _("Barang ini satu-satunya: paling banyak satu buah.")
        line.problems.append([line.column("stock"), words])


def _look_at_words(line: Line, changes: Changes | None, around: Surroundings) -> None:
    """What may not stand in a text is wrong, what is doubtful is said; of a known product only the new."""
    told = line.values if changes is None else {n: line.values[n] for n in changes if n in line.values}
    found = check_words(told, around.word_rules)
    line.problems += [[line.column(name), words] for name, words in found.refusals.items()]
    line.notes += [[line.column(name), words] for name, words in found.warnings.items()]


def _is_proposed(sku: str, owner: Product, around: Surroundings) -> bool:
    """Does this variant of a product on sale wait for the office already?"""
    return is_live(owner) and any(form.get("sku") == sku for form in around.as_written(owner).forms)


def _withdrawn() -> str:
    return _("Produk ini sudah ditarik. Mulai lagi dulu sebelum mengubahnya.")


def _without_sku(line: Line, *, has_head: bool) -> Judgement:
    """A line without a SKU is a further photo of the family before it (Shopify), or wrong."""
    only_photos = not any(line.values.get(name) for name in (*PRODUCT, *VARIANT))
    if not line.problems and line.family and has_head and only_photos:
        line.notes.append([line.column("photos"), _("Foto tambahan untuk produk di atasnya.")])
        return Judgement(Verdict.SAME, {})
    if not any(column == line.column("sku") for column, _words in line.problems):
        line.problems.append(
            [line.column("sku"), _("SKU wajib diisi, agar impor ulang mengenali barangnya.")]
        )
    return Judgement(Verdict.WRONG, {})


def _changes_of(line: Line, known: Known, around: Surroundings) -> Changes:
    """What an existing variant and its product would become."""
    if known.product.status is ProductStatus.ARCHIVED:
        line.problems.append([line.column("sku"), _withdrawn()])
    fields = () if line.values.get("follows") and "title" not in line.values else PRODUCT
    changes = _differences(line.values, around.as_written(known.product), fields, around)
    if changes and is_live(known.product):
        words = _("Produk ini tayang: perubahan katanya menunggu kurasi.")
        line.notes.append([line.column("title"), words])
    changes |= _differences(line.values, known.variant, VARIANT, around)
    supply = line.values.get("supply", known.product.supply)
    stock = line.values.get("stock")
    if stock is None or not _is_stocked(line, supply):
        return changes
    if known.sold:
        stock = max(0, stock - known.sold)
        words = _("Yang terjual sejak berkas ini dikirim ikut dihitung: stok menjadi %(n)s.", n=stock)
        line.notes.append([line.column("stock"), words])
    if stock < known.reserved:
        words = _n("Ada %(n)s buah yang sedang dipesan. Batalkan pesanannya dahulu.", known.reserved)
        line.problems.append([line.column("stock"), words])
    if stock != known.on_hand:
        changes["stock"] = [known.on_hand, stock]
    return changes


def _is_stocked(line: Line, supply: Supply | str | None) -> bool:
    """Goods made to order have no stock: a number there is left out, and it is said."""
    if supply != Supply.MADE_TO_ORDER:
        return True
    line.values.pop("stock", None)
    line.notes.append([line.column("stock"), _("Dibuat setelah dipesan, jadi stoknya dilewati.")])
    return False


def _differences(values: dict[str, Any], row: Any, names: Sequence[str], around: Surroundings) -> Changes:
    changes: Changes = {}
    for name in names:
        if name in values and values[name] != (before := _plain(getattr(row, name))):
            changes[name] = [_shown(name, before, around), _shown(name, values[name], around)]
    return changes


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Supply) else value


def _shown(name: str, value: Any, around: Surroundings) -> Any:
    """Rows by their names: people do not know ids."""
    rows: Collection[Any] = {"category_id": around.shelves, "workshop_id": around.workshops}.get(
        name, {}
    ).values()
    return next(
        (row.label if isinstance(row, Category) else row.name for row in rows if row.id == value), value
    )


def _refuse_unlike(line: Line, owner: Product) -> None:
    """A new form of a product that is there needs its options: others would put its forms away."""
    told = [variant for variant in owner.variants if variant.is_active and variant.price is not None]
    options = line.values["options"]
    if any(len(variant.option_values) != len(options) for variant in told):
        line.problems.append([line.column("option1"), _unlike()])
    elif any(variant.label.lower() == label_of(options).lower() for variant in told):
        line.problems.append([line.column("option1"), _("Varian ini sudah ada dengan SKU lain.")])


def _of_new(line: Line, owner: Product | None, *, has_product: bool) -> Changes:
    """What a variant that is not there yet needs."""
    options = line.values["options"]
    if owner is not None and not line.is_parent:
        _refuse_unlike(line, owner)
    if not has_product and "title" not in line.values:
        _ask(line, "title", _("Produk baru perlu nama."))
    if has_product and not options and not line.is_parent:
        _ask(line, "option1", _("Isi pilihan yang membedakan varian ini, misalnya warna atau ukuran."))
    if any(len(option) > MAX_VALUE for option in options):
        _ask(line, "option1", _("Paling panjang %(most)s huruf.", most=MAX_VALUE))
    if line.values.get("stock") is not None:
        _is_stocked(line, line.values.get("supply"))
    return {}


def _ask(line: Line, name: str, words: str) -> None:
    if not any(column == line.column(name) for column, _words in line.problems):
        line.problems.append([line.column(name), words])


def _look_for_photos(line: Line, photos: Collection[str], changes: Changes, *, wanted: bool) -> None:
    """Photos go to products that have none: so a second run adds none again."""
    asked = line.values["photos"]
    there = [name for name in asked if name in photos]
    line.values["photos"] = there if wanted else []
    if wanted and photos:
        for name in asked:
            if name not in photos:
                words = _("Foto %(name)s tidak ada di dalam ZIP; barisnya tetap masuk.", name=name)
                line.notes.append([line.column("photos"), words])
    if wanted and there:
        changes["photos"] = [0, len(there)]
