"""Tables of regions, keyed by the dotted codes of Kemendagri: 36, 36.71, 36.71.05, 36.71.05.1001."""

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import db

# Ranges over words ('cip' <= word < 'ciq') need the order of bytes; SQLite has no other.
_WORD = String(40).with_variant(String(40, collation="C"), "postgresql")


class Province(db.Model):
    """A province: '36' is Banten."""

    __tablename__ = "provinces"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Regency(db.Model):
    """A kota or kabupaten: '36.71' is 'Kota Tangerang'."""

    __tablename__ = "regencies"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"), index=True)
    name: Mapped[str] = mapped_column(String(80))


class District(db.Model):
    """A kecamatan, with what its address line shows so that a search reads one table."""

    __tablename__ = "districts"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    regency_code: Mapped[str] = mapped_column(ForeignKey("regencies.code"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    regency: Mapped[str] = mapped_column(String(80))
    province: Mapped[str] = mapped_column(String(80))
    postal_codes: Mapped[str] = mapped_column(String(400))  # '15141 15142', few enough to keep here


class Village(db.Model):
    """A kelurahan or desa with its one postal code."""

    __tablename__ = "villages"
    __table_args__ = ({"sqlite_with_rowid": False},)

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    district_code: Mapped[str] = mapped_column(ForeignKey("districts.code"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    postal_code: Mapped[str] = mapped_column(String(5))


class RegionWord(db.Model):
    """A word by which a district is found: of its name, its regency, a village, or a postal code."""

    __tablename__ = "region_words"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
    district_code: Mapped[str] = mapped_column(ForeignKey("districts.code"), primary_key=True)
    weight: Mapped[int] = mapped_column(SmallInteger)
