"""Words are looked at again when a product is handed in, and shown to whoever decides."""

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from storefront.catalog.models import Product, ProductStatus, WordVerdict
from storefront.catalog.services import submit_product
from storefront.catalog.services.changes import return_change, submit_change
from storefront.catalog.services.staging import alive_change, save_details
from storefront.catalog.services.word_rules import decide_word
from storefront.core.errors import Invalid
from tests import factories
from tests.support.client import Client


def test_a_text_from_before_the_check_is_refused_beside_its_field(client: Client, db: SQLAlchemy) -> None:
    facility = factories.facility()
    product_id = factories.product(facility, title="Tas ajaib pandan", status="draft").id
    factories.signed_in(client, "facility_staff", facility=facility)
    decide_word("ajaib", WordVerdict.REFUSED)
    path = f"/petugas/produk/{product_id}"
    answer = client.submit(path, {}, action=f"{path}/kirim")
    assert answer.status_code == 422
    assert "Ada kata “ajaib”" in answer.text
    assert 'value="Tas ajaib pandan"' in answer.text
    db.session.expire_all()
    assert db.session.get_one(Product, product_id).status is ProductStatus.DRAFT
    with pytest.raises(Invalid) as refused:
        submit_product(product_id, None)
    assert list(refused.value.errors) == ["title"]


def test_a_staged_text_is_looked_at_again(client: Client, db: SQLAlchemy) -> None:
    facility = factories.facility()
    product_id = factories.product(facility).id
    save_details(product_id, None, summary="Tas ajaib dari pandan yang dianyam.")
    decide_word("ajaib", WordVerdict.REFUSED)
    with pytest.raises(Invalid) as refused:
        submit_change(product_id, None)
    assert list(refused.value.errors) == ["summary"]
    factories.signed_in(client, "facility_staff", facility=facility)
    path = f"/petugas/produk/{product_id}"
    assert client.submit(path, {}, action=f"{path}/perubahan/kirim").status_code == 303
    assert client.page(path).text.count("Ada kata “ajaib”") == 2


def test_remarks_on_a_staged_text_stand_before_the_office(client: Client, db: SQLAlchemy) -> None:
    """Of the words that are proposed; what the product says already was looked at before."""
    product_id = factories.product(title="Wadah tahanan air").id
    save_details(product_id, None, summary="Tas ajaib dari pandan yang dianyam.", care="Hubungi akun shopee.")
    submit_change(product_id, None)
    change = alive_change(product_id)
    assert change is not None
    page = f"/kanwil/kurasi/perubahan/{change.id}"
    decide_word("ajaib", WordVerdict.REFUSED)
    factories.signed_in(client, "regional")
    text = client.page(page).text
    assert "Ada kata “ajaib”" in text
    assert "“shopee” membawa pembeli keluar" in text
    assert "tahanan" not in text.replace("Wadah tahanan air", "")
    return_change(change.id, None, "Tanpa kata ajaib")
    assert "Ada kata “ajaib”" not in client.get(page).text, "nothing to decide, nothing to remark"


def test_warnings_stand_on_the_product_page_and_before_the_office(
    client: Client, app: Flask, db: SQLAlchemy
) -> None:
    facility = factories.facility()
    product_id = factories.product(
        facility, title="Wadah tahanan air", description="Buatan Budi Santoso.", status="submitted"
    ).id
    factories.signed_in(client, "facility_staff", facility=facility)
    office = app.test_client()
    factories.signed_in(office, "regional")
    for text in (
        client.get(f"/petugas/produk/{product_id}").text,
        office.get(f"/kanwil/kurasi/{product_id}").text,
    ):
        assert "Kata “tahanan” akan dilihat dua kali" in text
        assert "seperti nama orang" in text
