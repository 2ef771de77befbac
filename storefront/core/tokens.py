"""Secrets that people and browsers carry: random, long, and kept only as a hash."""

import hashlib
import secrets

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that looks like something else


def new_token() -> str:
    """256 random bits for an address or a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a token: nobody can sign in with a stolen table."""
    return hashlib.sha256(token.encode()).hexdigest()


def short_code(length: int) -> str:
    """A random code that can be read aloud."""
    return "".join(_BASE32[byte & 31] for byte in secrets.token_bytes(length))  # 256 is a multiple of 32
