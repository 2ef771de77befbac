"""Provinces, regencies, districts and villages of Indonesia, and how people write them.

Regions are known by the dotted codes of Kemendagri. A code begins with its parents' codes, so
which province or regency a place belongs to needs no database.
"""

BANTEN = "36"


def province_of(code: str) -> str:
    """The province a region lies in: '36.71.05' -> '36'."""
    return code[:2]


def regency_of(code: str) -> str:
    """The kota or kabupaten a district or village lies in: '36.71.05' -> '36.71'."""
    return code[:5]


def district_of(code: str) -> str:
    """The district a village lies in: '36.71.05.1001' -> '36.71.05'."""
    return code[:8]
