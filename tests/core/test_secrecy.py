"""What lies sealed: read with the right key only, also while keys are being changed."""

import pytest
from flask import Flask

from storefront.core.secrecy import NotReadable, seal, unseal

OLD = "c2l4dGVlbi1ieXRlcy1hbmQtYWdhaW4tc2l4dGVlbiE="
NEW = "dGhpcnR5LXR3by1ieXRlcy1tYWtlLW9uZS1rZXkhISE="
TEXT = '{"bank": "BRI", "number": "0123-01-000456-50-7", "holder": "Siti Rohmah"}'


@pytest.fixture
def keyed() -> Flask:
    """An application that has settings and nothing else."""
    app = Flask(__name__)
    app.config.update(ENV="development", SECRET_KEY="development-secret" * 3, DATA_KEYS=())
    return app


def test_what_was_sealed_comes_back_and_says_nothing_before(keyed: Flask) -> None:
    with keyed.app_context():
        sealed, again = seal(TEXT), seal(TEXT)
        assert unseal(sealed) == unseal(again) == TEXT
    assert sealed != again
    assert "Siti" not in sealed
    assert "000456" not in sealed


def test_a_key_is_changed_without_losing_what_the_old_one_sealed(keyed: Flask) -> None:
    with keyed.app_context():
        keyed.config["DATA_KEYS"] = (OLD,)
        before = seal(TEXT)
        keyed.config["DATA_KEYS"] = (NEW, OLD)
        between = seal(TEXT)
        assert unseal(before) == TEXT
        keyed.config["DATA_KEYS"] = (NEW,)
        assert unseal(between) == TEXT
        with pytest.raises(NotReadable):
            unseal(before)


def test_what_was_changed_is_refused(keyed: Flask) -> None:
    with keyed.app_context():
        sealed = seal(TEXT)
        for broken in (sealed[:-4], sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:], "", "ü"):
            with pytest.raises(NotReadable):
                unseal(broken)


def test_production_seals_nothing_without_keys_of_its_own(keyed: Flask) -> None:
    keyed.config["ENV"] = "production"
    with keyed.app_context(), pytest.raises(NotReadable):
        seal(TEXT)
