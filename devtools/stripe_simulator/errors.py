"""Errors as the payment API words them."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An answer other than 2xx, with the JSON body the real API would send.

    `saved` tells whether a repeat under the same idempotency key gets this answer again. Requests that were
    refused before anything ran (bad parameters, a busy key) leave no trace.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        saved: bool = True,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        error: dict[str, Any] = {"message": message, "type": kind, **extra}
        if code:
            error["code"] = code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            error["param"] = param
        self.body = {"error": error}


class ParameterError(ApiError):
    """A parameter that the API refuses before it runs anything."""

    def __init__(self, message: str, param: str, code: str | None = None) -> None:
        super().__init__(400, message, code=code, param=param, saved=False)


def missing_object(what: str, object_id: str, param: str = "id") -> ApiError:
    """The 404 for an id that names nothing."""
    return ApiError(404, f"No such {what}: '{object_id}'", code="resource_missing", param=param)
