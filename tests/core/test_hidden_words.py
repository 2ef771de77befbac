"""Whatever a photo carries along, none of it is in any file that anybody is served."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from storefront.catalog import services
from storefront.catalog.models import Product, Supply
from storefront.catalog.services.staging_photos import add_photo
from storefront.core import outbox
from storefront.core.db import db as database
from storefront.core.gallery import file_names
from storefront.core.pictures import BadPicture, read_picture
from storefront.core.storage import BadKey, read, storage
from storefront.inventory import services as inventory
from tests import factories
from tests.support.client import Client

SECRET = b"BlokC12RahasiaSel"
WORDS = SECRET.decode()


def _plain() -> Image.Image:
    return Image.effect_noise((900, 700), 40).convert("RGB")


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x010E], exif[0x9286] = WORDS, WORDS, WORDS
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 7.0, 30.0), 29: WORDS})
    return exif.tobytes()


def _profile() -> bytes:
    """A colour profile with words in its description."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return data + SECRET


def _segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg() -> bytes:
    """EXIF, XMP, IPTC, a comment, a profile, and words after the end."""
    out = BytesIO()
    _plain().save(out, "JPEG", exif=_exif(), icc_profile=_profile(), comment=SECRET)
    data = out.getvalue()
    xmp = _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + SECRET + b"</x:xmpmeta>")
    iptc = _segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x20\x1c\x02\x78\x00\x11" + SECRET)
    return data[:2] + xmp + iptc + _segment(0xEF, SECRET) + data[2:] + SECRET


def png() -> bytes:
    """Texts of each kind, EXIF, a profile, an unknown chunk, and words after the end."""
    info, out = PngInfo(), BytesIO()
    info.add_text("Comment", WORDS)
    info.add_text("Zip", WORDS, zip=True)
    info.add_itxt("XML:com.adobe.xmp", WORDS)
    _plain().save(out, "PNG", pnginfo=info, exif=_exif(), icc_profile=_profile())
    chunk = b"raHs" + SECRET
    own = struct.pack(">I", len(SECRET)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    data = out.getvalue()
    return data[:33] + own + data[33:] + SECRET


def webp() -> bytes:
    """EXIF, XMP, a profile, and words after the end."""
    out = BytesIO()
    _plain().save(out, "WEBP", exif=_exif(), xmp=SECRET, icc_profile=_profile())
    return out.getvalue() + SECRET


@pytest.mark.parametrize("make", [jpeg, png, webp])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_nothing_of_a_photos_words_is_served(
    app: Flask, client: Client, db: SQLAlchemy, make: Callable[[], bytes]
) -> None:
    data = make()
    assert data.count(SECRET) >= 2
    product = services.create_product(
        factories.facility().id, None, "Tas", price=9_000, weight=90, summary="Rajut", supply=Supply.READY,
        category_id=factories.category().id,
    )  # fmt: skip
    inventory.count(product.facility_id, product.variants[0].id, 1)
    product_id = product.id
    staff, office = factories.user().id, factories.user("regional").id
    add_photo(product_id, data, "", staff, checked=True)
    services.submit_product(product_id, staff)
    services.publish_product(product_id, office)
    outbox.run_due(50)
    product = database.session.get_one(Product, product_id, populate_existing=True)
    assert product.photo is not None
    names = [name for name in [*file_names(product.photo), product.card_key] if storage().exists(name)]
    kinds = {name.rpartition(".")[2] for name in names}
    assert kinds == {"webp", "avif", "jpg"}
    for name in names:
        with client.get(f"/media/{name}") as answer:
            served = answer.data
        assert served == read(name)
        for hidden in (SECRET, zlib.compress(SECRET), b"Exif", b"xmp", b"ICCP", b"8BIM", b"Photoshop"):
            assert hidden not in served, (name, hidden)
        with Image.open(BytesIO(served)) as opened:
            assert {*opened.info} <= {
                "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression", "loop",
                "background", "timestamp", "duration",
            }, opened.info  # fmt: skip
    with pytest.raises(BadKey):
        storage().url("private/asli/" + "0" * 32)
    [kept] = (app.config["MEDIA_ROOT"] / "private" / "asli").iterdir()
    assert client.get(f"/media/private/asli/{kept.name}").status_code == 404
    assert client.get(f"/foto-usulan/{kept.name}").status_code in {302, 303, 404}


def _saved(kind: str) -> bytes:
    out = BytesIO()
    _plain().save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7 ",
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        _saved("AVIF"),
        _saved("GIF"),
        _saved("TIFF"),
        _saved("BMP"),
    ],
    ids=["svg", "html", "pdf", "heic", "avif", "gif", "tiff", "bmp"],
)
def test_what_is_no_jpeg_png_or_webp_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadPicture, match="Kirim foto JPG, PNG, atau WebP"):
        read_picture(data)
