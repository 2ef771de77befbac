"""The back office's goods in English: every page says so, and none of it is left in Indonesian."""

import pytest

from storefront.catalog.queries import curation
from storefront.catalog.services import told, update_product, update_variant
from storefront.core.language import speaking
from tests import factories

LEFT_OVER = (
    *("Hari ini", "Produk", "Stok ", "Semua", "Simpan", "Kategori", "Riwayat", "Kurasi", "Tayang", "Tidak"),
    *("Belum", "Menunggu", "Hapus", "Ubah", "Cari", "Lihat", "Catat", "Harga", "Berat", "Perlu", "Tulis"),
)


@pytest.fixture
def facility(db):
    return factories.facility("LPTES", name="Lapas Uji")


@pytest.fixture
def goods(facility):
    shelf = factories.category(name="Bags")
    common = {"shelf": shelf, "summary": "A bag.", "materials": "Cotton"}
    bag = factories.product(facility, title="Bag", stock=2, **common)
    chair = factories.product(facility, title="Chair", supply="made_to_order", **common)
    late = factories.product(facility, title="Late", status="submitted", **common)
    factories.product(facility, title="Again", status="returned", **common)
    factories.product(facility, title="Draft", status="draft", photo=False, **common)
    return {"bag": bag, "chair": chair, "late": late, "shelf": shelf}


def speaks_english(page):
    """The page, after a look that it is in English and says nothing of the source."""
    assert page.one("html").attrs["lang"] == "en"
    words = page.text
    assert [word for word in LEFT_OVER if word in words] == []
    return page


def test_a_facility_reads_its_pages_in_english(client, goods, facility):
    factories.signed_in(client, "facility_head", facility=facility)
    bag, photo = goods["bag"], goods["bag"].photos[0]
    variant = bag.variants[0]
    paths = [
        *("/petugas", "/petugas/produk", "/petugas/produk?q=zzz", "/petugas/produk/baru", "/petugas/stok"),
        *("/petugas/stok?menipis=ya", "/petugas/stok?q=zzz", f"/petugas/stok/{variant.id}"),
        *(f"/petugas/produk/{bag.id}", f"/petugas/produk/{goods['chair'].id}"),
        *(f"/petugas/produk/{bag.id}/tarik", f"/petugas/produk/{bag.id}/foto/{photo.id}"),
    ]
    pages = [speaks_english(client.page(f"/en{path}")) for path in paths]
    assert "Products to put right" in pages[0].text
    assert "Made to order" in pages[1].text
    assert "Low" in pages[5].text


def test_the_office_reads_its_pages_in_english(client, goods):
    factories.signed_in(client, "regional")
    shelf, late, bag = goods["shelf"].id, goods["late"].id, goods["bag"].id
    for path in ("", "/kurasi", "/kurasi/tayang", f"/kurasi/{late}", f"/kurasi/{bag}", "/kategori"):
        speaks_english(client.page(f"/en/kanwil{path}"))
    assert "still holds 5 products" in speaks_english(client.page(f"/en/kanwil/kategori/{shelf}")).text


def test_a_promoter_reads_today_in_english(client, goods):
    factories.signed_in(client, "promoter")
    assert "No fair today." in speaks_english(client.page("/en/pemprov")).text


def test_refusals_and_messages_come_in_english(client, goods, facility):
    factories.signed_in(client, "facility_staff", facility=facility)
    page = f"/en/petugas/stok/{goods['bag'].variants[0].id}"
    empty = client.submit(page, {"quantity": ""}, action=f"{page}/terima")
    assert (empty.status_code, "Write how many pieces came in." in empty.text) == (422, True)
    done = client.submit(page, {"quantity": "5"}, action=f"{page}/terima")
    assert done.location == page
    assert "5 pieces of Bag came in." in client.page(page).text


def test_an_edit_is_kept_in_indonesian_and_told_in_both(goods):
    bag = goods["bag"]
    bag_id, variant_id = bag.id, bag.variants[0].id
    with speaking("en"):
        update_product(bag_id, None, "Big bag", summary="Bigger.")
        update_variant(bag_id, variant_id, None, price=190_000)
    price, words = (event.comment for event in curation.decisions(bag_id).items[:2])
    assert (words, price) == ("Diubah: judul, ringkasan", "Diubah: harga Rp190.000")
    assert told(words) == words
    with speaking("en"):
        assert told(words) == "Changed: title, summary"
        assert told(price) == "Changed: price Rp190.000"
        assert told("Fotonya gelap") == "Fotonya gelap"
