"""Districts as people type them, on both databases, with the real data."""

import contextlib
import uuid

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from storefront.core.db import db
from storefront.core.regions import BANTEN, district_of, province_of, regency_of
from storefront.core.regions.loader import load_regions
from storefront.core.regions.models import District, Province, Regency, RegionWord, Village
from storefront.core.regions.names import region_words, tidy, tidy_province, tidy_regency
from storefront.core.regions.queries import (
    district,
    region_name,
    resolve_district,
    search_districts,
    villages,
)
from storefront.core.transactions import transaction
from tests.support import postgres
from tests.support.queries import BOOKKEEPING

TABLES = [model.__table__ for model in (Province, Regency, District, Village, RegionWord)]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def regions(request, tmp_path_factory):
    """A database with all regions, loaded once for the tests of this file, which only read it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('regions')}/regions.sqlite3"
    else:
        server, name = request.getfixturevalue("postgres_server"), f"regions_{uuid.uuid4().hex}"
        postgres.create_database(server, name)
        url = postgres.url(server, name)
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        db.metadata.create_all(db.engine, tables=TABLES)
        load_regions()
        db.session.execute(text("ANALYZE"))  # as a server does by itself, sooner or later
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def labels(text, limit=8):
    return [row.label for row in search_districts(text, limit)]


def test_all_of_indonesia_is_there(regions):
    def count(model):
        return db.session.scalar(select(func.count()).select_from(model))

    assert [count(model) for model in (Province, Regency, District, Village)] == [38, 514, 7285, 83762]
    assert db.session.scalar(select(func.count()).where(District.code.startswith(f"{BANTEN}."))) == 155
    assert db.session.scalar(select(func.count()).where(Village.postal_code == "")) == 0


def test_loading_again_changes_nothing(regions):
    assert load_regions() == 0


def test_loading_again_mends_what_differs(regions):
    with transaction():
        db.session.get(District, "36.71.05").name = "Salah"
        db.session.delete(db.session.get(Village, "36.71.05.1001"))

    assert load_regions() == 2
    assert district("36.71.05").name == "Cipondoh"
    assert labels("cipondoh tangerang") == ["Cipondoh, Kota Tangerang, Banten"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cipondoh tangerang", "Cipondoh, Kota Tangerang, Banten"),
        ("kec. cipondoh", "Cipondoh, Kota Tangerang, Banten"),
        ("kota tangerang cipondoh", "Cipondoh, Kota Tangerang, Banten"),
        ("CIPONDOH, KOTA TANGERANG", "Cipondoh, Kota Tangerang, Banten"),
        ("Cipondoh, Kota Tangerang, Banten", "Cipondoh, Kota Tangerang, Banten"),
        ("cipond", "Cipondoh, Kota Tangerang, Banten"),
        ("gondrong", "Cipondoh, Kota Tangerang, Banten"),
        ("kel. Buaran Indah", "Tangerang, Kota Tangerang, Banten"),
        ("15148", "Cipondoh, Kota Tangerang, Banten"),
        ("serang", "Serang, Kota Serang, Banten"),
        ("tangsel serpong", "Serpong, Kota Tangerang Selatan, Banten"),
        ("pondokaren", "Pondok Aren, Kota Tangerang Selatan, Banten"),
        ("rangkas bitung", "Rangkasbitung, Kab. Lebak, Banten"),
        ("jaksel tebet", "Tebet, Kota Jakarta Selatan, DKI Jakarta"),
        ("yogya danurejan", "Danurejan, Kota Yogyakarta, DI Yogyakarta"),
        ("ma'u nias", "Ma'u, Kab. Nias, Sumatera Utara"),
        ("cipondho", "Cipondoh, Kota Tangerang, Banten"),
        ("karawacii kota tangerang", "Karawaci, Kota Tangerang, Banten"),
    ],
)
def test_what_people_type_finds_its_district(regions, typed, first):
    assert labels(typed)[0] == first


def test_a_regency_lists_its_own_districts(regions):
    found = search_districts("Kab. Lebak", limit=50)
    assert len({row.code for row in found if row.regency == "Kab. Lebak"}) == 28
    assert {row.regency for row in found[:28]} == {"Kab. Lebak"}
    assert {row.regency for row in search_districts("kab serang")} == {"Kab. Serang"}
    assert {row.regency for row in search_districts("kota serang", limit=6)} == {"Kota Serang"}


def test_banten_comes_first_among_equals(regions):
    found = search_districts("cibe")
    assert found[0].code.startswith("36.")


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "kec.", "kab", "xyzzy", "'; drop table", "%%", "__", "😀", "\0"]
)
def test_what_is_no_place_finds_nothing(regions, typed):
    assert search_districts(typed) == []
    assert resolve_district(typed) is None


def test_a_limit_and_long_texts(regions):
    assert len(search_districts("ci", limit=3)) == 3
    assert search_districts("tangerang " * 1000)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("36.71.05", "36.71.05"),
        ("Cipondoh, Kota Tangerang, Banten", "36.71.05"),
        ("kec cipondoh kota tangerang", "36.71.05"),
        ("cipondoh", "36.71.05"),
        ("cipondoh tangerang", "36.71.05"),
        ("Serang, Kota Serang, Banten", "36.73.01"),
        ("Tangerang, Kota Tangerang", "36.71.01"),
        ("serang", None),
        ("Kota Tangerang", None),
        ("cibeber", None),
        ("cibeber cilegon", "36.72.01"),
        ("jawa barat", None),
        ("cipondho", None),
        ("99.99.99", None),
    ],
)
def test_only_an_unmistakable_text_names_one_district(regions, typed, code):
    found = resolve_district(typed)
    assert (found.code if found else None) == code


def test_every_label_of_a_city_in_banten_names_its_own_district(regions):
    for code in db.session.scalars(select(District.code).where(District.code.startswith("36.7"))).all():
        assert resolve_district(district(code).label).code == code


def test_villages_and_names(regions):
    found = villages("36.71.05")
    assert [(row.name, row.postal_code) for row in found[:2]] == [
        ("Cipondoh", "15148"),
        ("Cipondoh Indah", "15148"),
    ]
    assert {row.postal_code for row in found} == set(district("36.71.05").postal_codes)
    assert [region_name(code) for code in ("31", "36.02", "36.71", "36.71.05", "99", "")] == [
        "DKI Jakarta",
        "Kab. Lebak",
        "Kota Tangerang",
        "Cipondoh",
        None,
        None,
    ]


def test_a_search_asks_once_and_reads_no_table_to_its_end(regions):
    """Ninety thousand words: each typed one is looked up in the index, in one question to the database."""
    for typed in ("cipondoh tangerang", "kab. lebak", "ci", "kota serang", "15148", "jaksel tebet"):
        with asked() as questions:
            assert search_districts(typed)
        assert len(questions) == 1, typed
        plan = way_of(*questions[0])
        assert "SEARCH region_words USING PRIMARY KEY" in plan or "pk_region_words" in plan, plan
        assert "SCAN region_words" not in plan, plan
        assert "Seq Scan on region_words" not in plan, plan


@contextlib.contextmanager
def asked():
    """Collect what the block asks the database: statements with their values."""
    questions = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        if not statement.startswith(BOOKKEEPING):
            questions.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield questions
    event.remove(db.engine, "before_cursor_execute", note)


def way_of(statement, parameters):
    """How the database would find the answer, in its own words."""
    how = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    rows = db.session.connection().exec_driver_sql(f"{how} {statement}", parameters)
    return "\n".join(str(row[-1]) for row in rows)


def test_names_are_tidy():
    assert tidy_regency("Kabupaten Administrasi Kepulauan Seribu") == "Kab. Kepulauan Seribu"
    assert tidy_regency("Kota Administrasi Jakarta Selatan") == "Kota Jakarta Selatan"
    assert tidy_province("Daerah Istimewa Yogyakarta") == "DI Yogyakarta"
    assert tidy_province("Banten") == "Banten"
    assert tidy("Timang gajah") == "Timang Gajah"
    assert tidy("2 x 11 Kayu Tanam") == "2 x 11 Kayu Tanam"
    assert tidy("Na IX-X") == "Na IX-X"


def test_words_of_an_address():
    assert region_words("Kec. Cipondoh, Tangsel") == ["cipondoh", "tangerang", "selatan"]
    assert region_words("Kab. Serang, serang") == ["kabupaten", "serang"]


def test_a_code_tells_its_parents():
    assert (province_of("36.71.05.1001"), regency_of("36.71.05.1001"), district_of("36.71.05.1001")) == (
        "36",
        "36.71",
        "36.71.05",
    )
