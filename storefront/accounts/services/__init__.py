"""Every change to people, their sessions and their passwords."""

from storefront.accounts.services.addresses import (
    Place,
    delete_address,
    remember_address,
    save_address,
    set_default,
)
from storefront.accounts.services.contact import (
    change_phone,
    check_email,
    confirm_email,
    request_email,
    request_reset,
)
from storefront.accounts.services.identity import check_own_password
from storefront.accounts.services.newcomers import check_registration, confirm, register
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
    "Place",
    "WrongCredentials",
    "change_name",
    "change_password",
    "change_phone",
    "check_email",
    "check_link",
    "check_own_password",
    "check_registration",
    "confirm",
    "confirm_email",
    "create_link",
    "create_user",
    "delete_address",
    "disable_user",
    "enable_user",
    "end_session",
    "end_sessions",
    "forget_attempts",
    "normalise_email",
    "note_attempt",
    "register",
    "remember_address",
    "request_email",
    "request_reset",
    "resume",
    "save_address",
    "send_link",
    "set_default",
    "set_password_by_link",
    "sign_in",
    "sign_out",
    "tidy",
]
