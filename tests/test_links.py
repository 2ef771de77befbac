"""Every link leads somewhere: a crawler as a stranger and as every role, from the start pages on."""

import pytest
from flask import Flask

from storefront.web.menus import MENUS
from tests.filled import Filled
from tests.support.client import Client
from tests.support.crawler import MOST
from tests.support.run import Run
from tests.support.walks import walk_of

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize("role", [None, "buyer", "facility_staff", "facility_head", "regional", "promoter"])
def test_every_link_leads_somewhere(app: Flask, run: Run, shop: Filled, role: str | None) -> None:
    seen = walk_of(run, app, shop, role)

    broken = {path: answer for path, answer in seen.items() if answer.status not in {200, 302, 303, 304, 308}}
    assert not broken
    for item in MENUS.get(role or "", ()):
        assert seen[item.path].status == 200, item
    assert len(seen) > 30
    assert len(seen) < MOST, "links breed"


def test_the_footer_and_the_header_lead_to_pages(client: Client, shop: Filled) -> None:
    page = client.page("/")
    for part in ("header", "footer"):
        for element in page.one(part).all("a"):
            link = element.attrs["href"]
            if link.startswith("/"):
                wanted = 303 if link == "/akun" else 200  # a stranger signs in first
                assert client.get(link).status_code == wanted, link
            else:
                assert link.startswith(("https://", "#", "mailto:", "tel:")), link
