"""Signs webhooks as Stripe does: `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`."""

from __future__ import annotations

import hashlib
import hmac
import time


def signature_header(body: bytes, secret: str) -> str:
    """The `Stripe-Signature` header, made with the machine's own clock, which receivers compare it with."""
    timestamp = int(time.time())
    signed = b"%d." % timestamp + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
