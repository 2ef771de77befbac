"""What a use case may refuse. Each error carries words for the person, in Indonesian."""

from typing import ClassVar


class DomainError(Exception):
    """A request that the rules of the shop refuse; `message` is shown to the person."""

    status: ClassVar[int] = 409
    default: ClassVar[str] = "Permintaan ini tidak dapat dijalankan."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.default
        super().__init__(self.message)


class NotFound(DomainError):
    """Not there, or not yours: both look the same from outside."""

    status = 404
    default = "Halaman yang Anda cari tidak ada."


class Forbidden(DomainError):
    """Signed in, but this room is for others."""

    status = 403
    default = "Halaman ini bukan untuk peran Anda."


class Invalid(DomainError):
    """Input that cannot be used; `errors` maps field names to messages."""

    status = 422
    default = "Ada isian yang perlu diperbaiki."

    def __init__(self, errors: dict[str, str] | str) -> None:
        self.errors = {"": errors} if isinstance(errors, str) else errors
        super().__init__("; ".join(self.errors.values()))


class TooMany(DomainError):
    """Asked too often; try again after `retry_after` seconds."""

    status = 429
    default = "Terlalu banyak percobaan. Silakan coba lagi nanti."

    def __init__(self, message: str | None = None, *, retry_after: int = 60) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Unavailable(DomainError):
    """Something that we depend on is away; nothing was half done."""

    status = 503
    default = "Layanan sedang tidak dapat dihubungi. Silakan coba lagi sebentar lagi."

    def __init__(self, message: str | None = None, *, retry_after: int = 30) -> None:
        self.retry_after = retry_after
        super().__init__(message)
