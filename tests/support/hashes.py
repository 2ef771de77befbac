"""Passwords are hashed cheaply: a test that signs somebody in is not about how dear guessing is.

A person with a second factor has ten recovery codes, so that setting one up costs as much as eleven sign-ins.
What the shop itself takes is in OWN, for the test that looks at it.
"""

from argon2 import PasswordHasher

from storefront.accounts.services import passwords

OWN = passwords._hasher
CHEAP = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)


def keep() -> None:
    """From now on, in this process."""
    passwords._hasher = CHEAP
