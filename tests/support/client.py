"""A test client that behaves like a browser where it matters and looks at every page that it gets."""

from typing import Any

from flask import current_app, has_app_context
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from tests.support import html

SAFE = ("GET", "HEAD", "OPTIONS")


class Client(FlaskClient):
    """Each request has its own app context, as in production, whatever the test holds open.

    It speaks to the shop's own address, sends Origin as browsers do, and fails the test on a page that
    `tests.support.html.problems` objects to. `client.lint = False` switches the last off.
    """

    lint = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if args and isinstance(args[0], str):
            self._like_a_browser(kwargs)
        _end_reading()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        redirect = 300 <= response.status_code < 400  # nobody sees its page
        if self.lint and response.mimetype == "text/html" and not redirect and response.data:
            found = html.problems(response.text)
            assert not found, f"{response.request.path}: " + "; ".join(found)
        return response

    def _like_a_browser(self, kwargs: dict[str, Any]) -> None:
        base = self.application.config["PUBLIC_BASE_URL"]
        kwargs.setdefault("base_url", base)
        headers = Headers(kwargs.get("headers"))
        unsafe = kwargs.get("method", "GET").upper() not in SAFE
        if unsafe and "Origin" not in headers and "Sec-Fetch-Site" not in headers:
            headers["Origin"] = base
        kwargs["headers"] = headers

    def page(self, path: str, status: int = 200, **kwargs: Any) -> html.Page:
        """Get a page, which has to have this status, to look around in it."""
        response = self.get(path, **kwargs)
        assert response.status_code == status, f"{path}: {response.status}"
        return html.Page.parse(response.text)

    def submit(
        self, path: str, data: dict[str, Any] | None = None, *, action: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Open a page, fill in its form (the one with `action`, or the only one that posts) and send it.

        What the form already holds, its CSRF token too, is sent along as a browser would.
        """
        form = self.page(path).form(action)
        filled: dict[str, Any] = html.values(form) | (data or {})
        target = form.attrs.get("action") or path
        if form.attrs.get("method", "get").lower() == "post":
            return self.post(target, data=filled, **kwargs)
        return self.get(target, query_string=filled, **kwargs)


def _end_reading() -> None:
    """Let go of the test's own view of the database, so that it sees afterwards what the request did."""
    if not has_app_context() or "sqlalchemy" not in current_app.extensions:
        return
    session = current_app.extensions["sqlalchemy"].session
    pending = [*session.new, *session.dirty, *session.deleted]
    assert not pending, f"commit before asking for a page: {pending}"
    session.rollback()
