"""Photos that only those concerned may see: of a complaint, a transfer, a permit.

Cleaned and bounded like the photos of products, kept as one file that has no public address.
"""

from storefront.core.pictures import read_picture, rendition_widths, renditions
from storefront.core.storage import storage
from storefront.core.tokens import new_token
from storefront.core.turns import turn


def largest_webp(data: bytes) -> bytes:
    """A photo without what hid in it, at most as wide as the largest rendition.

    Raises BadPicture (an Invalid), and Unavailable when too many photos are read at once.
    """
    with turn("pictures"):
        picture = read_picture(data)
        width = max(rendition_widths(picture.width))
        return renditions(picture, (width,))[width, "webp"]


def store_private(data: bytes, folder: str) -> str:
    """Clean a photo and store it under a new key of a private folder; the key. Raises as `largest_webp`."""
    key = f"{folder}/{new_token()}.webp"
    storage().save(key, largest_webp(data), "image/webp")
    return key
