"""Which language somebody is spoken to, and what happens to values and numbers in a sentence."""

import threading

import pytest
from markupsafe import Markup

from storefront.core import language
from storefront.core.language import _, _m, _n, lazy, speaking


def test_indonesian_is_what_the_source_says() -> None:
    assert language.language() == "id"
    assert _("Keranjang") == "Keranjang"


def test_english_inside_the_block_only() -> None:
    with speaking("en"):
        assert _("Keranjang") == "Cart"
        with speaking("id"):
            assert _("Keranjang") == "Keranjang"
        assert _("Keranjang") == "Cart"
    assert _("Keranjang") == "Keranjang"


def test_the_block_ends_also_when_it_breaks() -> None:
    with pytest.raises(ZeroDivisionError), speaking("en"):
        1 // 0  # noqa: B018
    assert language.language() == "id"


@pytest.mark.parametrize("unknown", ["", "de", "../en", "EN"])
def test_an_unknown_language_is_indonesian(unknown: str) -> None:
    with speaking(unknown):
        assert language.language() == "id"


def test_what_nobody_translated_stays_readable() -> None:
    with speaking("en"):
        assert _("Kalimat yang tidak ada di katalog.") == "Kalimat yang tidak ada di katalog."


def test_values_are_filled_in_and_a_percent_sign_alone_is_kept() -> None:
    assert _("Sisa %(n)s dari %(semua)s", n=2, semua=5) == "Sisa 2 dari 5"
    assert _("Diskon 50%") == "Diskon 50%"


def test_a_counted_thing_shows_its_number_as_indonesians_write_it() -> None:
    assert _n("%(n)s kata yang tidak ada", 1234) == "1.234 kata yang tidak ada"


def test_markup_is_trusted_and_values_are_not() -> None:
    shown = _m("Halo <b>%(name)s</b>", name="<script>")
    assert isinstance(shown, Markup)
    assert shown == "Halo <b>&lt;script&gt;</b>"


def test_a_lazy_text_speaks_when_it_is_shown() -> None:
    label = lazy("Keranjang")
    assert str(label) == "Keranjang"
    with speaking("en"):
        assert str(label) == "Cart"


def test_threads_do_not_overhear_each_other() -> None:
    heard: list[str] = []
    with speaking("en"):
        other = threading.Thread(target=lambda: heard.append(language.language()))
        other.start()
        other.join()
    assert heard == ["id"]
