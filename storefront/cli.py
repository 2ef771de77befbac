"""The shop's commands: `python3 manage.py flask <command>`."""

from flask import Flask


def register(app: Flask) -> None:
    """Add every command group to the app."""
