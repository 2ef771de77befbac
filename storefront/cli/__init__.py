"""The shop's commands: `python3 manage.py flask <command>`."""

from flask import Flask

from storefront.cli import people


def register(app: Flask) -> None:
    """Add every command and group of commands to the app."""
    for command in (people.users(), people.facility()):
        app.cli.add_command(command)
