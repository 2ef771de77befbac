"""`user …` and `facility …`: accounts and places."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from storefront.accounts import services as accounts
from storefront.accounts.models import Role, User
from storefront.cli.answers import refused
from storefront.core.db import db
from storefront.core.errors import DomainError
from storefront.facilities import services as facilities
from storefront.facilities.models import Facility, FacilityKind


def users() -> AppGroup:
    """`user …`: the accounts."""
    group = AppGroup("user", help="Accounts.")

    @group.command("create")
    @click.option("--email", required=True)
    @click.option("--name", default="", help="How the person is called; otherwise the e-mail's first part.")
    @click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
    @click.option("--facility", "code", default="", help="Code of the facility, for staff and heads.")
    @click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
    def create(*, email: str, name: str, role: str, code: str, password_stdin: bool) -> None:
        """Make an account; without --password-stdin a link to choose a password is printed, once."""
        place = db.session.scalar(select(Facility.id).filter_by(code=code.upper())) if code else None
        if code and place is None:
            raise click.ClickException(f"no facility has the code {code}")
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
        name = name or email.partition("@")[0]
        try:
            user_id, token = facilities.add_person(
                email, name=name, role=Role(role), facility_id=place, password=password
            )
        except DomainError as error:
            raise refused(error) from error
        click.echo(f"user {user_id} made")
        if token:
            click.echo(f"{current_app.config['PUBLIC_BASE_URL']}/masuk/sandi/{token}")

    group.command("reset-factor")(_reset_factor)

    @group.command("tidy")
    def tidy() -> None:
        """Delete expired sessions, links and attempts."""
        click.echo(f"{accounts.tidy()} rows deleted")

    return group


@click.option("--email", required=True)
def _reset_factor(*, email: str) -> None:
    """Forget a lost second factor: the next sign-in sets up another. The owner is told by letter."""
    user_id = db.session.scalar(select(User.id).filter_by(email=email.strip().lower()))
    if user_id is None:
        raise click.ClickException(f"nobody signs in as {email}")
    try:
        accounts.reset_factor(user_id, by_id=None)
    except DomainError as error:
        raise refused(error) from error
    click.echo(f"second factor of user {user_id} forgotten; all sessions ended")


def facility() -> AppGroup:
    """`facility …`: Lapas, Rutan and LPKA."""
    group = AppGroup("facility", help="Lapas, Rutan and LPKA.")

    @group.command("create")
    @click.option("--code", required=True)
    @click.option("--name", required=True)
    @click.option("--kind", required=True, type=click.Choice([kind.value for kind in FacilityKind]))
    @click.option("--class", "class_", required=True, help="I, IIA, IIB or III.")
    @click.option("--town", required=True)
    @click.option("--regency", required=True, help="Kemendagri's code, like 36.71.")
    def create(*, code: str, name: str, kind: str, class_: str, town: str, regency: str) -> None:
        """Add a facility."""
        details = facilities.FacilityDetails(
            name=name, kind=FacilityKind(kind), class_=class_, town=town, regency_code=regency
        )
        try:
            made = facilities.create_facility(code, details)
        except DomainError as error:
            raise refused(error) from error
        click.echo(f"facility {made.code} made")

    @group.command("load-banten")
    def load_banten() -> None:
        """Add those of Banten's twelve facilities that are missing."""
        click.echo(f"{facilities.load_banten()} facilities added")

    return group
