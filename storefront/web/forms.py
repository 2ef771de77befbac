"""What forms and use cases have to say to each other."""

from collections.abc import Mapping
from typing import Any


def place_errors(form: Any, errors: Mapping[str, str]) -> None:
    """Put a use case's complaints (`Invalid.errors`) beside their fields.

    What belongs to no field of this form stands at its top.
    """
    for name, message in errors.items():
        field = form._fields.get(name)
        if field is None:
            form.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]
