"""Addresses of other services that our links lead to."""

from urllib.parse import quote, urlencode


def whatsapp_share(words: str) -> str:
    """Where WhatsApp asks whom to send these words to."""
    return f"https://wa.me/?text={quote(words)}"


def map_search(place: str) -> str:
    """Where a map looks for this place."""
    return f"https://www.google.com/maps/search/?{urlencode({'api': 1, 'query': place})}"
