"""Runs commands as an operator would, inside the test."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from flask_sqlalchemy import SQLAlchemy


@pytest.fixture
def flask(app: Flask, db: SQLAlchemy) -> Callable[..., Result]:
    """`flask("export", "orders")` runs a command; anything but exit status 0 has to be expected."""

    def run(*arguments: str, status: int = 0) -> Result:
        db.session.rollback()
        result = app.test_cli_runner().invoke(args=list(arguments))
        assert result.exit_code == status, f"{result.output}\n{result.exception!r}"
        return result

    return run
