"""Journeys run in a real browser, and on one database: what differs between the two is tested below them."""

import pytest


@pytest.fixture
def backend() -> str:
    """The kind of database that the journeys run on."""
    return "sqlite"
