"""Photos people send, and pictures that the shop draws. The only package that knows Pillow."""

from storefront.core.pictures.cards import CARD_HEIGHT, CARD_WIDTH, LinkCard, draw_card
from storefront.core.pictures.frames import Frame
from storefront.core.pictures.photos import (
    ALL,
    BadPicture,
    Picture,
    avif_renditions,
    jpeg_width,
    read_picture,
    rendition_widths,
    renditions,
)

__all__ = [
    "ALL",
    "CARD_HEIGHT",
    "CARD_WIDTH",
    "BadPicture",
    "Frame",
    "LinkCard",
    "Picture",
    "avif_renditions",
    "draw_card",
    "jpeg_width",
    "read_picture",
    "rendition_widths",
    "renditions",
]
