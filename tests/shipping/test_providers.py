"""One contract, held by the shop's own table and by every vendor."""

import pytest

from devtools.courier_simulator import CourierServer
from storefront.core.outgoing import Away
from storefront.shipping.models import Service
from storefront.shipping.providers import RateProvider, Shipment, Spot
from storefront.shipping.providers.biteship import Biteship
from storefront.shipping.providers.rajaongkir import RajaOngkir
from storefront.shipping.providers.rate_table import RateTable, demo_rates
from storefront.shipping.providers.reading import days_of, kind_of, moment_of, rupiah_of, says_returning

HERE = Spot("36.73", "", "Kota Serang", "Banten", ("42117",))
THERE = Spot("36.71.05", "Cipondoh", "Kota Tangerang", "Banten", ("15148",))
VENDORS = ("rajaongkir", "biteship")


def made(name: str, couriers: CourierServer, key: str = "kunci-rahasia") -> RateProvider:
    if name == "table":
        return RateTable(demo_rates())
    if name == "rajaongkir":
        return RajaOngkir(key, couriers.rajaongkir)
    return Biteship(key, couriers.biteship)


@pytest.fixture(params=("table", *VENDORS))
def provider(request: pytest.FixtureRequest, couriers: CourierServer) -> RateProvider:
    return made(request.param, couriers)


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest, couriers: CourierServer) -> RateProvider:
    return made(request.param, couriers)


def shipment(provider: RateProvider, grams: int = 1000) -> Shipment:
    return Shipment(provider.find(HERE), provider.find(THERE), grams)


def test_offers_are_whole_rupiah_sorted_and_told_apart(provider):
    offers = provider.offers(shipment(provider))
    assert [offer.cost for offer in offers] == sorted(offer.cost for offer in offers)
    assert all(type(offer.cost) is int and offer.cost > 0 for offer in offers)
    assert len({offer.code for offer in offers}) == len(offers) >= 2
    assert all(0 <= offer.days_min <= offer.days_max for offer in offers)
    assert all(offer.label and len(offer.label) <= 80 and len(offer.code) <= 32 for offer in offers)


def test_there_is_a_regular_an_express_and_a_cargo_service(provider):
    assert {offer.kind for offer in provider.offers(shipment(provider, 12_000))} >= {
        Service.REGULAR, Service.EXPRESS, Service.CARGO,
    }  # fmt: skip


def test_weight_counts_by_the_kilogram(provider):
    def cheapest(grams: int) -> int:
        offers = provider.offers(shipment(provider, grams))
        return min(offer.cost for offer in offers if offer.kind is Service.REGULAR)

    assert cheapest(200) == cheapest(1000) == cheapest(1300)
    assert cheapest(1301) == cheapest(2000) > cheapest(1000)


def test_a_courier_that_is_not_on_the_list_is_not_asked(provider, couriers):
    assert provider.track("Kargo setempat", "ABC1") is None
    assert not [path for _vendor, path in couriers.world.calls if "track" in path]


def test_a_district_of_the_same_name_elsewhere_is_not_ours(vendor):
    jember = Spot("35.09.99", "Cipondoh", "Kab. Jember", "Jawa Timur", ("68111",))
    assert vendor.find(THERE) != vendor.find(jember) != ""
    assert vendor.find(Spot("11.01.01", "Bakongan", "Kab. Aceh Selatan", "Aceh", ("23773",))) == ""


def test_a_facility_without_a_postal_code_is_somewhere_in_its_town(vendor):
    assert vendor.find(Spot("36.73", "", "Kota Serang")) == vendor.find(HERE)
    assert vendor.find(Spot("11.71", "", "Kota Banda Aceh")) == ""


def test_nobody_goes_there_is_an_empty_list(vendor, couriers):
    route = shipment(vendor)
    couriers.fail("none")
    assert vendor.offers(route) == []


@pytest.mark.parametrize("kind", ["down", "quota", "nonsense"])
def test_whatever_goes_wrong_is_called_away(vendor, couriers, kind):
    route = shipment(vendor)
    couriers.fail(kind)
    with pytest.raises(Away):
        vendor.offers(route)
    with pytest.raises(Away):
        vendor.find(THERE)
    with pytest.raises(Away):
        vendor.track("JNE", "ABC1")


def test_slow_is_away_in_a_time_that_a_buyer_waits(vendor, couriers, monkeypatch):
    route = shipment(vendor)
    monkeypatch.setattr(type(vendor), "PATIENCE", 0.3, raising=False)
    object.__setattr__(vendor._vendor, "read", 0.3)
    couriers.fail("slow")
    with pytest.raises(Away):
        vendor.offers(route)


@pytest.mark.parametrize("name", VENDORS)
def test_a_wrong_key_is_away(name, couriers):
    with pytest.raises(Away):
        made(name, couriers, key="salah").offers(Shipment("11", "12", 1000))


def test_a_parcel_is_followed_oldest_station_first(vendor, couriers):
    couriers.move(
        "jne",
        "ABC1",
        [
            ("2026-11-20T09:00:00", "Diterima di Serang", "SERANG"),
            ("2026-11-21T14:30:00", "Diantar", "TANGERANG"),
        ],
    )
    track = vendor.track("JNE", "ABC1")
    assert [station.words for station in track.stations] == ["Diterima di Serang", "Diantar"]
    assert track.stations[0].at.isoformat() == "2026-11-20T09:00:00+07:00"
    assert not track.delivered
    couriers.move("jne", "ABC1", [("2026-11-22T10:00:00", "Diterima oleh SITI", "TANGERANG")], delivered=True)
    assert vendor.track("JNE", "ABC1").delivered
    assert vendor.track("JNE", "LAIN") is None


@pytest.mark.parametrize(
    ("text", "days"),
    [("2-3 day", (2, 3)), ("1 day", (1, 1)), ("1 - 2", (1, 2)), ("", (0, 0)), (None, (0, 0))],
)
def test_days_are_read_as_couriers_write_them(text, days):
    assert days_of(text) == days


@pytest.mark.parametrize("value", ["12000", None, True, -1, 0, 10.5, 10**12, float("inf"), float("nan")])
def test_what_is_no_price_is_none(value):
    with pytest.raises(ValueError, match="price"):
        rupiah_of(value)


def test_names_of_services_say_what_they_are():
    assert kind_of("JTR", "JNE Trucking") is Service.CARGO
    assert kind_of("YES", "Yakin Esok Sampai") is Service.EXPRESS
    assert kind_of("REG", "Layanan Reguler") is Service.REGULAR


def test_a_moment_without_a_zone_is_jakartas():
    assert moment_of("2026-11-22", "14:30").utcoffset().total_seconds() == 7 * 3600
    with pytest.raises(ValueError, match="kemarin"):
        moment_of("kemarin")


@pytest.mark.parametrize(
    ("words", "returning"),
    [
        ("Paket diretur", True),
        ("RETUR KE SHIPPER", True),
        ("RTS - alamat tidak ditemukan", True),
        ("Paket dikembalikan ke pengirim", True),
        ("Return in transit", True),
        ("Diterima oleh SITI", False),
        ("Kurir kembali ke gudang, akan diantar besok", False),
        ("Parts sudah sampai", False),
        ("Dikirim oleh PT Saturetur", False),
    ],
)
def test_words_that_say_that_a_parcel_turned_round(words, returning):
    assert says_returning(words) is returning
