"""The shop's mark as the pictures that telephones want: `python -m devtools.icons`, in Chromium.

Drawn from static/icons/mark.svg. A maskable icon has no corners of its own, and keeps to the middle:
the telephone cuts it into whatever shape it likes.
"""

import base64
import re
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from devtools.demo.screenshots import chromium

ICONS = Path(__file__).parents[1] / "static" / "icons"
SIZES = {"touch-180.png": (180, True), "app-192.png": (192, False), "app-512.png": (512, False),
         "app-maskable-512.png": (512, True)}  # fmt: skip


def draw(page: Page, svg: str, size: int) -> bytes:
    """A drawing as a square PNG."""
    source = base64.b64encode(svg.encode()).decode()
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(f'<body style="margin:0"><img width="{size}" src="data:image/svg+xml;base64,{source}">')
    page.wait_for_function("document.images[0].complete")
    return page.screenshot(omit_background=True)


def full(svg: str) -> str:
    """The mark without its round corners, smaller on the same ground."""
    ground, figure = re.sub(r'rx="[^"]*"', "", svg).split("/>", 1)
    inside = figure.removesuffix("</svg>\n").removesuffix("</svg>")
    return f'{ground}/><g transform="translate(16 16) scale(.8) translate(-16 -16)">{inside}</g></svg>'


def main() -> None:
    """Write every size."""
    mark = (ICONS / "mark.svg").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        for name, (size, whole) in SIZES.items():
            (ICONS / name).write_bytes(draw(page, full(mark) if whole else mark, size))
        browser.close()


if __name__ == "__main__":
    main()
