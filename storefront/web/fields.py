"""Form fields that read what Indonesians type, refuse nonsense in words, and keep what was typed.

Every field takes `required` (True, or the words to say when it is empty). An empty optional field is None
(a number, an amount, a day) or '' (words).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, MultipleFileField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.widgets import TextArea, TextInput

from storefront.core.errors import Invalid
from storefront.core.language import _, lazy
from storefront.core.money import parse_rupiah
from storefront.core.phone import parse_phone, show_phone
from storefront.core.tokens import new_token
from storefront.web.formats import grouped, number
from storefront.web.typed import (
    clean_line,
    clean_text,
    parse_count,
    parse_day,
    parse_grams,
    parse_minutes,
    refuse_pictures,
)

MISSING = lazy("Bagian ini perlu diisi.")
NOT_CHOSEN = lazy("Pilih salah satu.")
NO_PLACE = 10_000
LONGEST_MARK = 64
MAX_PRICE = 1_000_000_000
"""Rupiah: no single piece costs more; the tables say the same."""
MAX_GRAMS = 5_000_000


class TypedField(StringField):
    """A field that shows what was typed, right or wrong, and stops at its first complaint."""

    empty: Any = None

    def __init__(self, label: str, *, required: bool | str = True, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.missing = MISSING if required is True else required or ""
        if required:
            self.flags.required = True

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was sent. Raises ValueError with the words that stand beside the field."""
        self.data = self.empty
        typed = str(valuelist[0]) if valuelist else ""
        if not typed.strip():
            return
        self.data = self.read(typed)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 (the name that WTForms passes)
        """Say that something is missing. Raises ValidationError."""
        if not self.process_errors and self.data in (None, "") and self.missing:
            raise ValidationError(str(self.missing))

    def read(self, typed: str) -> Any:
        """Turn what was typed into a value. Raises ValueError."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """Write a stored value the way a person would type it."""
        return str(value)

    def as_shown(self) -> str:
        """What stands in the box: what was typed, or the value as a person would type it."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)

    _value = as_shown


class LineField(TypedField):
    """One line of words: stripped, no control characters, no emoji unless `emoji`."""

    empty = ""

    def __init__(
        self, label: str, *, max_length: int, min_length: int = 1, emoji: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.max_length, self.min_length, self.emoji = max_length, min_length, emoji
        self.flags.maxlength = max_length

    def read(self, typed: str) -> str:
        """The cleaned line. Raises ValueError."""
        line = self.clean(typed)
        if not self.emoji:
            refuse_pictures(line)
        if len(line) > self.max_length:
            raise ValueError(
                _(
                    "Terlalu panjang: %(length)s huruf, paling banyak %(most)s.",
                    length=number(len(line)),
                    most=number(self.max_length),
                )
            )
        if line and not any(character.isalnum() for character in line) and not self.emoji:
            raise ValueError(_("Tulis dengan huruf atau angka."))
        if line and len(line) < self.min_length:
            raise ValueError(
                _("Terlalu pendek: tulis paling sedikit %(least)s huruf.", least=self.min_length)
            )
        return line

    def clean(self, typed: str) -> str:
        """Strip and check the characters. Raises ValueError."""
        return clean_line(typed)


class TextField(LineField):
    """Several lines of words: stripped, no control characters; emoji are welcome."""

    widget = TextArea()

    def __init__(self, label: str, *, max_length: int, emoji: bool = True, **kwargs: Any) -> None:
        super().__init__(label, max_length=max_length, emoji=emoji, **kwargs)

    def clean(self, typed: str) -> str:
        """Strip and check the characters. Raises ValueError."""
        return clean_text(typed)


class _NumberField(TypedField):
    """A number between two bounds, typed in a text box: pickers of browsers drop what they do not know."""

    widget = TextInput()
    keyboard = "numeric"

    def __init__(self, label: str, *, minimum: int, maximum: int, **kwargs: Any) -> None:
        self.minimum, self.maximum = minimum, maximum
        extra = kwargs.pop("render_kw", None) or {}
        attributes = {"inputmode": self.keyboard, "autocomplete": "off"} | extra
        super().__init__(label, render_kw=attributes, **kwargs)

    def read(self, typed: str) -> int:
        """The number, inside its bounds. Raises ValueError."""
        value = self.parse(typed)
        if value < self.minimum:
            raise ValueError(_("Paling sedikit %(bound)s.", bound=self.show_bound(self.minimum)))
        if value > self.maximum:
            raise ValueError(_("Paling banyak %(bound)s.", bound=self.show_bound(self.maximum)))
        return value

    def parse(self, typed: str) -> int:
        """The number that was typed. Raises ValueError."""
        raise NotImplementedError

    def show_bound(self, value: int) -> str:
        """Write a bound in a message."""
        return number(value)


class CountField(_NumberField):
    """A whole number of things."""

    def __init__(self, label: str, *, minimum: int = 0, maximum: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(label, minimum=minimum, maximum=maximum, **kwargs)

    def parse(self, typed: str) -> int:
        """The number that was typed. Raises ValueError."""
        return parse_count(typed)


class RupiahField(_NumberField):
    """An amount in whole rupiah."""

    def __init__(self, label: str, *, minimum: int = 1, maximum: int = MAX_PRICE, **kwargs: Any) -> None:
        super().__init__(label, minimum=minimum, maximum=maximum, **kwargs)

    def parse(self, typed: str) -> int:
        """The amount that was typed. Raises ValueError."""
        return parse_rupiah(typed)

    def show(self, value: int) -> str:
        """150000 -> '150.000'."""
        return grouped(value)

    def show_bound(self, value: int) -> str:
        """1000 -> 'Rp1.000'."""
        return f"Rp{grouped(value)}"


class GramsField(_NumberField):
    """A weight, kept in grams."""

    keyboard = "text"  # a comma and 'kg' have to be within reach

    def __init__(self, label: str, *, minimum: int = 1, maximum: int = MAX_GRAMS, **kwargs: Any) -> None:
        super().__init__(label, minimum=minimum, maximum=maximum, **kwargs)

    def parse(self, typed: str) -> int:
        """The grams that were typed. Raises ValueError."""
        return parse_grams(typed)

    def show(self, value: int) -> str:
        """450 -> '450 g'."""
        return f"{grouped(value)} g"

    show_bound = show


class MinutesField(_NumberField):
    """A time of work, typed in hours and kept in minutes."""

    keyboard = "text"  # a comma and a colon have to be within reach

    def __init__(self, label: str, *, minimum: int = 1, maximum: int, **kwargs: Any) -> None:
        super().__init__(label, minimum=minimum, maximum=maximum, **kwargs)

    def parse(self, typed: str) -> int:
        """The minutes that were typed. Raises ValueError."""
        return parse_minutes(typed)

    def show(self, value: int) -> str:
        """120 -> '2', 90 -> '1:30': read the same in every language."""
        hours, minutes = divmod(value, 60)
        return f"{hours}:{minutes:02}" if minutes else str(hours)

    show_bound = show


class PhoneField(TypedField):
    """An Indonesian mobile number, kept as '+62…'."""

    widget = TextInput()

    def __init__(self, label: str, **kwargs: Any) -> None:
        extra = kwargs.pop("render_kw", None) or {}
        super().__init__(label, render_kw={"type": "tel", "autocomplete": "tel"} | extra, **kwargs)

    def read(self, typed: str) -> str:
        """The number in E.164. Raises ValueError."""
        return parse_phone(typed)

    def show(self, value: str) -> str:
        """'+62812…' -> '0812-…'."""
        return show_phone(value) if value else ""


class DayField(TypedField):
    """A date; `render_kw={"type": "date"}` brings the browser's calendar."""

    widget = TextInput()

    def __init__(
        self, label: str, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.earliest, self.latest = earliest or date(2000, 1, 1), latest or date(2100, 12, 31)

    def read(self, typed: str) -> date:
        """The day. Raises ValueError."""
        day = parse_day(typed)
        if not self.earliest <= day <= self.latest:
            raise ValueError(_("Tanggal ini di luar jangkauan yang wajar."))
        return day

    def show(self, value: date) -> str:
        """ISO, which is what a date picker reads."""
        return value.isoformat()


class OnceField(HiddenField):
    """A form's own mark: what is sent twice under one is done once. What no form gives out is no mark."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=new_token, **kwargs)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take a mark as it was given out; '' for anything else."""
        typed = str(valuelist[0]) if valuelist else ""
        self.data = typed if typed.isprintable() and len(typed) <= LONGEST_MARK else ""


def row_key(text: object) -> int | None:
    """A row's id as a form sends it; nonsense is None, which is no choice."""
    words = str(text)
    return int(words) if words.isascii() and words.isdigit() and len(words) < 19 else None


def sent_ids(values: Iterable[str]) -> list[int]:
    """The ids among what checkboxes sent, in order; nonsense is dropped."""
    return [key for key in map(row_key, values) if key]


def arranged_ids(kept: Iterable[str], places: Mapping[str, str]) -> list[int]:
    """The kept ids by the numbers typed beside them (`urutan-<id>`); without a readable number last."""

    def place(key: int) -> int:
        return row_key(places.get(f"urutan-{key}", "").strip()) or NO_PLACE

    return sorted(sent_ids(kept), key=place)


class _Choice(SelectField):
    """A choice from a list. `choices` are (value, label) pairs, given at once or per request."""

    data: Any

    def __init__(
        self,
        label: str,
        *,
        choices: Sequence[tuple[Any, str]] = (),
        required: bool | str = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validate_choice=False, **kwargs)
        self.offer(choices)
        self.missing = NOT_CHOSEN if required is True else required or ""
        if required:
            self.flags.required = True

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Set the choices of this request."""
        self.choices = [SelectChoice(value=str(value), label=label) for value, label in choices]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 (the name that WTForms passes)
        """Raises ValidationError for nothing chosen where something must be, and for what is not on offer."""
        typed = str(self.raw_data[0]) if self.raw_data else ""
        if not typed:
            self.data = None
            if self.missing:
                raise ValidationError(str(self.missing))
        elif typed not in {choice.value for choice in self.choices}:
            self.data = None
            raise ValidationError(_("Pilihan ini tidak ada. Pilih dari daftar."))


class RowField(_Choice):
    """A choice among rows: (id, name) pairs; an optional one starts with ('', '…'). The data is the id."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, coerce=row_key, **kwargs)


class WordField(_Choice):
    """A choice among fixed words, such as the values of a StrEnum. The data is the word."""

    def process_data(self, value: Any) -> None:
        """A stored StrEnum shows as its value."""
        super().process_data(getattr(value, "value", value))


def complaints(form: Any) -> list[tuple[str, str]]:
    """What is wrong with a form, in the order of its fields: (id of the control, message)."""
    found = [(field.id, str(field.errors[0])) for field in _flat(form) if field.errors]
    return [*((("", str(message))) for message in form.form_errors), *found]


def blame(form: Any, error: Invalid) -> None:
    """Put what a service refused beside the fields it names; the rest goes to the top of the form."""
    for name, message in error.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, message]
        else:
            form.form_errors.append(message)


def _flat(form: Iterable[Field]) -> Iterator[Field]:
    for field in form:
        inside = field.form if field.type == "FormField" else getattr(field, "entries", None)
        if inside is None:
            yield field
        else:
            yield from _flat(inside)


class PhotosForm(FlaskForm):
    """A form to which a buyer may add pictures, `most_photos` of them."""

    most_photos: int
    photos = MultipleFileField(lazy("Foto"))

    def sent_photos(self) -> list[bytes]:
        """The files that were chosen; one more than is allowed is enough to say so."""
        files = [file for file in self.photos.data or [] if file and file.filename]
        return [file.read() for file in files[: self.most_photos + 1]]

    def ask_for_photos_again(self) -> None:
        """A browser keeps all that was typed of a refused form, but no files: say so where some were sent."""
        sent = any(file and file.filename for file in self.photos.data or [])
        if self.errors and sent and not self.photos.errors:
            self.photos.errors = [_("Pilih fotonya sekali lagi; peramban tidak menyimpannya.")]
