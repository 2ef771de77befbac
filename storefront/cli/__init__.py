"""The shop's commands: `python3 manage.py flask <command>`."""

from flask import Flask

from storefront.cli import books, buyers, cards, goods, people, places, running, safety, shelves


def register(app: Flask) -> None:
    """Add every command and group of commands to the app."""
    groups = (people.users(), people.facility(), buyers.buyers())
    things = (goods.stock(), goods.orders(), shelves.catalog())
    machines = (books.export(), books.audit(), cards.stripe(), cards.midtrans(), places.regions())
    alone = (running.jobs(), running.worker, running.check_config, safety.back_up, safety.put_back)
    for command in (*groups, *things, *machines, *alone):
        app.cli.add_command(command)
