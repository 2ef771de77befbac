"""QR codes say what they should, to a decoder that is not ours."""

import xml.etree.ElementTree as ET
from io import BytesIO

import zxingcpp
from PIL import Image

from storefront.core import qr

LINK = "https://karya-banten.go.id/a/BANTEN-EXPO-26"


def test_the_png_can_be_read_and_is_sharp_enough_for_a4():
    image = Image.open(BytesIO(qr.png(LINK)))

    assert zxingcpp.read_barcode(image.convert("RGB")).text == LINK
    assert image.width >= 700


def test_the_svg_scales_and_has_nothing_that_our_content_policy_blocks():
    drawing = ET.fromstring(qr.svg(LINK, title='Kode <QR> "Expo"'))  # noqa: S314  (our own file)

    assert "viewBox" in drawing.attrib
    assert "width" not in drawing.attrib
    assert not any("style" in element.attrib for element in drawing.iter())
    assert drawing[0].text == 'Kode <QR> "Expo"'
