"""People who sign in, their sessions, and the attempts that throttling counts."""

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.core.db import BigId, db, word_enum


class Role(StrEnum):
    BUYER = "buyer"
    FACILITY_STAFF = "facility_staff"
    FACILITY_HEAD = "facility_head"
    REGIONAL = "regional"
    PROMOTER = "promoter"


class User(UserMixin, db.Model):
    """Somebody with a way to sign in. `session_token` is set while one of their requests runs."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20), default="", server_default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(word_enum(Role))
    is_enabled: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    hides_beginning: Mapped[bool] = mapped_column(default=False, server_default=false())  # of *Hari ini*
    created_at: Mapped[datetime]

    session_token = ""

    # Flask-Login calls two people equal whose `get_id` is the same: without a session all are "".
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def is_active(self) -> bool:
        """Flask-Login's question: may this person act at all?"""
        return self.is_enabled

    def get_id(self) -> str:
        """What the browser keeps: the token of a session, never the id of a person."""
        return self.session_token


class UserSession(db.Model):
    """A signed-in browser. Only the hash of its token is kept; deleting the row signs it out.

    Until `is_complete` it opens nothing but the pages that ask for the second step. `new_secret` (sealed)
    is what this browser was given to put into an authenticator, until a code shows that it is there.
    """

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    address: Mapped[str] = mapped_column(String(64))
    user_agent: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    is_complete: Mapped[bool] = mapped_column(server_default=false())
    new_secret: Mapped[str] = mapped_column(String(200), default="", server_default="")


class SecondFactor(db.Model):
    """What a person's authenticator knows, sealed. A code of `last_step` or before is not taken again."""

    __tablename__ = "second_factors"
    __table_args__ = (CheckConstraint("last_step > 0", name="step_is_known"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    confirmed_at: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(BigInteger)  # 30-second steps since 1970


class RecoveryCode(db.Model):
    """A code on paper that lets its owner in once without the authenticator. Only its hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None]


class SignInAttempt(db.Model):
    """A failed sign-in or look-up, counted per subject (account, order number) and per address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_subject_at", "subject", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class PasswordLink(db.Model):
    """A link with which an invited person chooses a password, once."""

    __tablename__ = "password_links"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Registration(db.Model):
    """Somebody who wants an account and has not shown yet that the e-mail address is theirs.

    There is no account before that: each wish has its own password, so that nobody can open an account
    at another's address and wait for its owner to confirm it.
    """

    __tablename__ = "registrations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class EmailChange(db.Model):
    """A new address that a buyer wants to use, until a letter to it was answered."""

    __tablename__ = "email_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))  # once used: the old one, until it was told
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Address(db.Model):
    """A place that a buyer asked us to remember. Orders have copies of their own."""

    __tablename__ = "addresses"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(40), default="")
    recipient: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20))
    district_code: Mapped[str] = mapped_column(String(8))
    district_label: Mapped[str] = mapped_column(String(200))
    village: Mapped[str] = mapped_column(String(80), default="")
    postal_code: Mapped[str] = mapped_column(String(5), default="")
    street: Mapped[str] = mapped_column(String(300))
    landmark: Mapped[str] = mapped_column(String(120), default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
