"""What stands in a form before anybody types, and what somebody typed before, written into it again."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field

from storefront.web.fields import TypedField


def as_shown(field: Field) -> str:
    """What a control would send if nobody touched it."""
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    if isinstance(field, TypedField):
        return field.as_shown()
    return "" if field.data is None else str(field.data)


def retyped(form: Any, typed: Mapping[str, str]) -> None:
    """Write into a form what somebody typed before, right or wrong; nobody is corrected yet."""
    for name, text in typed.items():
        if name in form:
            form[name].process(MultiDict({form[name].name: text}))
