"""The Flask app: the API, the pay page and the testers' controls of one Simulator."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from devtools.stripe_simulator import api, control_routes, pay_page
from devtools.stripe_simulator.errors import ApiError
from devtools.stripe_simulator.simulator import Simulator


def create_app(simulator: Simulator) -> Flask:
    """A WSGI app that speaks for this simulator."""
    app = Flask(__name__, static_url_path="/assets")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["stripe_simulator"] = simulator
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(api.bp)
    app.register_blueprint(pay_page.bp)
    app.register_blueprint(control_routes.bp)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(MethodNotAllowed, _not_found)
    return app


def _not_found(error: HTTPException) -> Response | HTTPException:
    if not request.path.startswith("/v1/"):
        return error
    message = f"Unrecognized request URL ({request.method}: {request.path})."
    response = jsonify(ApiError(404, message).body)
    response.status_code = 404
    return response
