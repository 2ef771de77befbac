"""The page of pieces: every component in every state, drawn whole, and usable by everybody."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import Page

from tests.support.axe import look
from tests.support.browser import OFFICE, PHONE

ADDRESS = "/_gaya"
_SETTLE = """async () => {
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map(image => image.decode().catch(() => null)));
    await document.fonts.ready;
    const late = new Set([...document.querySelectorAll(":not(:defined)")].map(one => one.localName));
    const known = Promise.all([...late].map(name => customElements.whenDefined(name)));
    await Promise.race([known, new Promise(done => setTimeout(done, 3000))]);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
"""Nothing comes late: pictures far below are there (or known to be missing), fonts and scripts are in use."""


def test_every_piece_can_be_used_by_everybody(office_page: Page, db) -> None:
    assert not (found := look(office_page, ADDRESS)), "\n".join(found)


def test_the_page_is_drawn_whole(office_page: Page, db) -> None:
    for size in (PHONE, OFFICE):
        office_page.set_viewport_size(size)  # type: ignore[arg-type]
        office_page.goto(ADDRESS)
        office_page.evaluate(_SETTLE)
        height = office_page.evaluate("document.documentElement.scrollHeight")
        picture = Image.open(BytesIO(office_page.screenshot(full_page=True)))
        assert picture.size == (size["width"], height)
        assert height > 3 * size["height"], "there are more pieces than that"
        for top in range(0, height - 800, 800):  # no screen of it is blank
            colours = picture.crop((0, top, size["width"], top + 800)).reduce(8).getcolors(1 << 16)
            assert colours is not None
            assert len(colours) > 20, f"nothing between {top} and {top + 800}"
