"""What logs say about people: nothing that finds them."""

import pytest

from storefront.core.privacy import mask_contacts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("550 <sari.dewi+toko@mail.contoh.co.id> unknown", "550 <s***@mail.contoh.co.id> unknown"),
        ("to +6281234567890.", "to 08**-****-7890."),
        ("to 0812-3456-7890, 0857 1234 56789", "to 08**-****-7890, 08**-****-6789"),
        ("WBP-261122-08123 for Rp186.000", "WBP-261122-08123 for Rp186.000"),
        ("@handler at line 128, 0.812345", "@handler at line 128, 0.812345"),
    ],
)
def test_only_addresses_and_mobile_numbers_are_masked(text, shown):
    assert mask_contacts(text) == shown
