"""Every change to people, their sessions and their passwords."""

from storefront.accounts.services.people import (
    change_name,
    change_password,
    check_link,
    create_link,
    create_user,
    disable_user,
    enable_user,
    normalise_email,
    send_link,
    set_password_by_link,
)
from storefront.accounts.services.sessions import (
    AccountDisabled,
    WrongCredentials,
    end_session,
    end_sessions,
    resume,
    sign_in,
    sign_out,
    tidy,
)
from storefront.accounts.services.throttle import forget_attempts, note_attempt

__all__ = [
    "AccountDisabled",
    "WrongCredentials",
    "change_name",
    "change_password",
    "check_link",
    "create_link",
    "create_user",
    "disable_user",
    "enable_user",
    "end_session",
    "end_sessions",
    "forget_attempts",
    "normalise_email",
    "note_attempt",
    "resume",
    "send_link",
    "set_password_by_link",
    "sign_in",
    "sign_out",
    "tidy",
]
