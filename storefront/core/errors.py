"""What a use case may refuse. Each error carries words for the person, in the language they are spoken to."""

from typing import ClassVar

from storefront.core.language import lazy


class DomainError(Exception):
    """A request that the rules of the shop refuse; `message` is shown to the person."""

    status: ClassVar[int] = 409
    default: ClassVar[str] = lazy("Permintaan ini tidak dapat dijalankan.")

    def __init__(self, message: str | None = None) -> None:
        # Words of a constant are translated here: they travel on in sessions and logs as plain text.
        self.message = str(message or self.default)
        super().__init__(self.message)


class NotFound(DomainError):
    """Not there, or not yours: both look the same from outside."""

    status = 404
    default = lazy("Halaman yang Anda cari tidak ada.")


class Forbidden(DomainError):
    """Signed in, but this room is for others."""

    status = 403
    default = lazy("Halaman ini bukan untuk peran Anda.")


class Invalid(DomainError):
    """Input that cannot be used; `errors` maps field names to messages."""

    status = 422
    default = lazy("Ada isian yang perlu diperbaiki.")

    def __init__(self, errors: dict[str, str] | str) -> None:
        found = errors if isinstance(errors, dict) else {"": errors}
        self.errors = {name: str(message) for name, message in found.items()}
        super().__init__("; ".join(self.errors.values()))


class TooMany(DomainError):
    """Asked too often; try again after `retry_after` seconds."""

    status = 429
    default = lazy("Terlalu banyak percobaan. Silakan coba lagi nanti.")

    def __init__(self, message: str | None = None, *, retry_after: int = 60) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Unavailable(DomainError):
    """Something that we depend on is away; nothing was half done."""

    status = 503
    default = lazy("Layanan sedang tidak dapat dihubungi. Silakan coba lagi sebentar lagi.")

    def __init__(self, message: str | None = None, *, retry_after: int = 30) -> None:
        self.retry_after = retry_after
        super().__init__(message)
