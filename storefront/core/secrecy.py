"""Text that lies encrypted in the database: a stolen table or backup tells nobody's bank account.

Fernet (https://cryptography.io/en/latest/fernet/): AES-128-CBC with an HMAC, so what was changed is
refused. The first of DATA_KEYS seals; all of them unseal, so a key is changed by putting the new one
first and leaving the old one in the list until nothing is sealed with it any more.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app


class NotReadable(RuntimeError):
    """Sealed with a key that is not in DATA_KEYS, or changed since."""


def seal(text: str) -> str:
    """The text encrypted with the newest key; every call gives another result."""
    return _keys().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What was sealed. Raises NotReadable."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise NotReadable("sealed with a key that is not in DATA_KEYS, or changed since") from error


def _keys() -> MultiFernet:
    given = current_app.config["DATA_KEYS"] or (_own_key(),)
    return MultiFernet([Fernet(key) for key in given])


def _own_key() -> bytes:
    """Development's key, of its secret; production has keys of its own (config.py)."""
    if current_app.config["ENV"] != "development":
        raise NotReadable("DATA_KEYS is missing")
    digest = hashlib.sha256(b"data:" + current_app.config["SECRET_KEY"].encode()).digest()
    return base64.urlsafe_b64encode(digest)
