"""Pictures for the staff's guide: a small telephone's window, with rings around what is to be tapped.

A picture that hardly changed is left as it is, so that taking them anew does not rewrite all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import click
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat
from playwright.sync_api import Browser, Error, Locator, Page

from devtools.demo.people import printed

SIZE = {"width": 360, "height": 640}
LOWEST = 580
"""Below it lies the menu of a phone, over whatever is there."""
SCALE = 2
QUALITY = 62
RING = (190, 30, 45)
HARDLY = 2.0
"""Mean difference of two pictures, of 255, below which they show the same."""

STAFF = "petugas.lpptng@demo.example"
HEAD = "kepala.lpptng@demo.example"
OFFICE = "kanwil@demo.example"
PROMOTER = "pemprov@demo.example"

Find = Callable[[Page], Locator]


def button(name: str) -> Find:
    """The first button of this name."""
    return lambda page: page.locator("main").get_by_role("button", name=name).first


def link(name: str) -> Find:
    """The first link of this name."""
    return lambda page: page.locator("main").get_by_role("link", name=name).first


def field(name: str) -> Find:
    """The first field of this label."""
    return lambda page: page.locator("main").get_by_label(name).first


def part(selector: str) -> Find:
    """The first element that a CSS selector finds."""
    return lambda page: page.locator(selector).first


@dataclass(frozen=True)
class Shot:
    """A picture: whose window, where it begins, what is tapped to get there, and what gets a ring.

    The first ring is what the picture is about: it is brought to the middle of the window.
    """

    name: str
    who: str
    path: str
    rings: tuple[Find, ...] = ()
    taps: tuple[Find, ...] = ()


SHOTS = (
    Shot("masuk", "", "/masuk", (button("Masuk"),)),
    Shot("hari-ini", STAFF, "/petugas", (part(".todo a"), part(".office-header__person"))),
    Shot("produk-baru", STAFF, "/petugas/produk/baru", (part(".file-upload, input[type=file]"),)),
    Shot("produk-kirim", STAFF, "/petugas/produk/baru", (button("Kirim untuk kurasi"),)),
    Shot("produk-status", STAFF, "/petugas/produk", (part("main [data-status]"),)),
    Shot("foto-urut", STAFF, "/petugas/produk", (part(".album__grip"),), (link("Batik Tulis Leuit"),)),
    Shot("foto-periksa", HEAD, "/petugas/produk/foto-menunggu", (button("Setujui foto"),),
         (part("main .line__title"),)),
    Shot("stok", STAFF, "/petugas/stok", (link("Catat stok"),)),
    Shot("stok-masuk", STAFF, "/petugas/stok", (button("Catat yang masuk"),), (link("Catat stok"),)),
    Shot("kesanggupan", STAFF, "/petugas/antrean", (field("Sanggup seminggu"),)),
    Shot("pesanan", STAFF, "/petugas/pesanan", (link("Perlu diterima"), button("Terima yang dicentang"))),
    Shot("kiriman", STAFF, "/petugas/pesanan", (button("Terima pesanan"),), (link("WBP-"),)),
    Shot("resi", STAFF, "/petugas/pesanan/resi", (button("Simpan resi"),)),
    Shot("izin", STAFF, "/petugas/produk/izin", (part("main nav, main .tabs"),)),
    Shot("acara", PROMOTER, "/pemprov/acara", (link("Buat acara"),)),
    Shot("keluhan", HEAD, "/petugas/keluhan", (part("main tbody a"),)),
    Shot("petugas", HEAD, "/petugas/orang", (button("Kirim undangan"),)),
    Shot("pengaturan", HEAD, "/petugas/pengaturan", (link("Kemasan"),)),
    Shot("kurasi", OFFICE, "/kanwil/kurasi", (part("main .line__title"),)),
    Shot("putusan", OFFICE, "/kanwil/kurasi", (button("Kembalikan ke Lapas"), button("Terbitkan")),
         (link("Tas Rajut"),)),
    Shot("pengumuman", OFFICE, "/kanwil/pengumuman/baru", (button("Sampaikan"),)),
    Shot("impor", STAFF, "/petugas/impor", (link("Templat Excel"),)),
    Shot("pendapatan", STAFF, "/petugas/pendapatan", (button("Tampilkan"),)),
    Shot("transfer", OFFICE, "/kanwil/transfer", (link("WBP-"),)),
)  # fmt: skip


def take_all(browser: Browser, base_url: str, folder: Path) -> None:
    """Take every picture of the guide. Raises ClickException, at the end, naming those that failed."""
    folder.mkdir(parents=True, exist_ok=True)
    windows: dict[str, Page] = {}
    failed = []
    for shot in SHOTS:
        page = windows.get(shot.who) or windows.setdefault(shot.who, _window(browser, base_url, shot.who))
        try:
            picture = _take(page, shot)
        except Error as error:
            failed.append(f"{shot.name}: {error.message.splitlines()[0]}")
        else:
            _keep(picture, folder / f"{shot.name}.webp")
    if failed:
        raise click.ClickException("\n".join(failed))


def _take(page: Page, shot: Shot) -> Image.Image:
    page.goto(shot.path)
    for tap in shot.taps:
        tap(page).click()
        page.wait_for_load_state("networkidle")
    return _draw(page, shot)


def _window(browser: Browser, base_url: str, email: str) -> Page:
    """A small telephone, signed in as one of the demo's people ('' is nobody)."""
    context = browser.new_context(
        base_url=base_url, viewport=SIZE, device_scale_factor=SCALE, is_mobile=True,  # type: ignore[arg-type]
        has_touch=True, locale="id-ID", timezone_id="Asia/Jakarta", reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(10_000)
    page = context.new_page()
    if email:
        person = next(one for one in printed() if one.email == email)
        page.goto("/masuk")
        page.locator("input[name=email]").fill(person.email)
        page.locator("input[name=password]").fill(person.password)
        page.locator("main").get_by_role("button", name="Masuk").click()
        page.wait_for_url(lambda address: "/masuk" not in address)
    return page


def _draw(page: Page, shot: Shot) -> Image.Image:
    """What the window shows, with a numbered ring around each thing that is to be tapped."""
    page.wait_for_load_state("networkidle")
    if shot.rings:
        shot.rings[0](page).evaluate("e => e.scrollIntoView({block: 'center'})")
    page.evaluate("Promise.all([...document.images].filter(i => !i.complete && i.loading != 'lazy')"
                  ".map(i => i.decode().catch(() => 0)))")  # fmt: skip
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    pen = ImageDraw.Draw(picture)
    boxes = [find(page).bounding_box() for find in shot.rings]
    seen = [box for box in boxes if box and box["y"] + box["height"] <= LOWEST and box["y"] >= 0]
    if len(seen) < min(1, len(shot.rings)):
        raise Error("what is to be tapped is not in the window")
    for number, box in enumerate(seen, start=1):
        _ring(pen, box, str(number) if len(seen) > 1 else "")
    return picture


def _ring(pen: ImageDraw.ImageDraw, box: "dict[str, float] | object", number: str) -> None:
    x, y, width, height = (box[side] * SCALE for side in ("x", "y", "width", "height"))  # type: ignore[index]
    most = (SIZE["width"] * SCALE - 4, SIZE["height"] * SCALE - 4)
    left, top = max(x - 10, 4), max(y - 10, 4)
    right, bottom = min(x + width + 10, most[0]), min(y + height + 10, most[1])
    pen.rounded_rectangle((left, top, right, bottom), radius=24, outline=RING, width=7)
    if number:
        middle = (max(left + 4, 30), max(top + 4, 30))
        pen.circle(middle, 26, fill=RING)
        pen.text(middle, number, fill="white", anchor="mm", font=ImageFont.load_default(34))


def _keep(picture: Image.Image, path: Path) -> None:
    """Store a picture, unless the one that is there shows the same."""
    if path.exists():
        with Image.open(path) as old:
            same_size = old.size == picture.size
            apart = ImageChops.difference(old.convert("RGB"), picture) if same_size else None
        if apart is not None and sum(ImageStat.Stat(apart).mean) / 3 < HARDLY:
            click.echo(f"{path.name}  as it was")
            return
    picture.save(path, "WEBP", quality=QUALITY, method=6)
    click.echo(f"{path.name}  {path.stat().st_size:,} bytes")
