"""`flask catalog reindex`."""

import pytest

from storefront.catalog.queries.filters import read_filters
from storefront.catalog.queries.shelf import shelf
from storefront.core.transactions import touch, transaction
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


def test_a_renamed_lapas_is_found_again_after_reindexing(app):
    lapas = factories.facility(name="Lapas Lama")
    factories.product(lapas, title="Tas Pandan")
    with transaction():
        lapas.name = "Lapas Cisauk"
        touch("catalog")
    assert shelf(read_filters({"q": ["cisauk"]}, 1)).total == 0

    result = app.test_cli_runner().invoke(args=["catalog", "reindex"])

    assert result.output == "1 products indexed\n"
    assert shelf(read_filters({"q": ["cisauk"]}, 1)).total == 1
