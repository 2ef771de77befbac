"""Everything that the shop says, it says in every language; and the catalogues hold nothing else."""

import pytest

from devtools.translations import check, said
from storefront.core.language import LANGUAGES, SOURCE, _n, catalogue, speaking

KINDS = ("unmarked", "missing", "unused", "wrong")


@pytest.fixture(scope="module")
def report() -> check.Report:
    return check.check()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is(report: check.Report, kind: str) -> None:
    found: list[str] = getattr(report, kind)
    assert not found, f"{len(found)} {kind}:\n" + "\n".join(found[:40])


def test_pages_that_are_written_whole_exist_in_every_language() -> None:
    folder = said.ROOT / "storefront" / "texts" / "data"
    pages = {code: {path.name for path in (folder / code).glob("*.txt")} for code in LANGUAGES}
    assert pages[SOURCE]
    assert all(names == pages[SOURCE] for names in pages.values()), pages


@pytest.mark.parametrize("code", LANGUAGES.keys() - {SOURCE})
def test_a_counted_thing_has_a_plural(code: str) -> None:
    assert catalogue(code).plural(1) != catalogue(code).plural(2)  # type: ignore[attr-defined]
    with speaking(code):
        assert _n("Coba lagi dalam %(n)s detik.", 1) == "Try again in 1 second."
        assert _n("Coba lagi dalam %(n)s detik.", 1200) == "Try again in 1,200 seconds."


# --- the checker itself -------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes a source file and says what the checker finds in it: (marked, forgotten)."""

    def write(name: str, text: str) -> tuple[set[str], list[str]]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return {key[1] for key in said.marked(path)}, said.forgotten(path)

    return write


@pytest.mark.parametrize(
    "text",
    [
        'flash("Pesanan tersimpan.")',
        'flash("Tersimpan.")',
        'flash(f"Stok tinggal {n} buah.")',
        'raise ValueError("Tulis angka saja.")',
        'name = LineField("Nama")',
        'dict(label="Simpan")',
        'WORDS = {"paid": "Sudah dibayar"}',
    ],
)
def test_words_for_people_are_heard(written, text: str) -> None:
    assert written("x.py", text)[1]


@pytest.mark.parametrize(
    "text",
    [
        'flash(_("Pesanan tersimpan."))',
        'name = LineField(lazy("Nama"))',
        'raise ValueError("weights must be positive")',
        'raise RuntimeError("This is a bug.")',
        '"""A docstring about things."""',
        'PATTERN = re.compile("[a-z]+ [a-z]+")',
        'log.error("something went wrong")',
        'KIND = "made_to_order"',
        'parent: Mapped["Category | None"] = relationship()',
    ],
)
def test_words_for_machines_and_programmers_are_not(written, text: str) -> None:
    assert written("x.py", text)[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>Halo dunia</p>",
        '<img alt="Sebuah tas">',
        '{{ button("Simpan") }}',
        '<p>{{ x or "Tidak ada" }}</p>',
    ],
)
def test_a_templates_own_words_are_heard(written, text: str) -> None:
    assert written("x.html", text)[1]


@pytest.mark.parametrize(
    "text",
    [
        '<p>{{ _("Halo dunia") }}</p>',
        '<img alt="{{ tas.name }}">',
        "{{ button(_('Simpan')) }}",
        "<p>Rp WIB kg</p>",
    ],
)
def test_a_templates_marked_words_are_fine(written, text: str) -> None:
    assert written("x.html", text)[1] == []


def test_marks_are_found_in_both_kinds_of_source(written) -> None:
    assert written("x.py", '_("Satu")\n_n("%(n)s dua", 2)\n_c("verb", "Tiga")\nlazy("Empat")')[0] == {
        "Satu", "%(n)s dua", "Tiga", "Empat",
    }  # fmt: skip
    assert written("x.html", "{{ _('Satu') }}{{ _m('<b>Dua</b>') }}")[0] == {"Satu", "<b>Dua</b>"}
