"""What people type about themselves."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired

from storefront.web.fields import LineField

_REQUIRED = InputRequired("Tulis kata sandi.")


class SignInForm(FlaskForm):
    """E-mail and password; `lanjut` is where the person wanted to go."""

    email = LineField("E-mail", max_length=254, required="Tulis e-mail.")
    password = PasswordField("Kata sandi", validators=[_REQUIRED])
    lanjut = HiddenField()


class NameForm(FlaskForm):
    """How a person is called."""

    name = LineField("Nama", max_length=120, required="Tulis nama.")


class PasswordForm(FlaskForm):
    """A new password, with the present one."""

    current = PasswordField("Kata sandi sekarang", validators=[_REQUIRED])
    new = PasswordField("Kata sandi baru", validators=[_REQUIRED])


class ChoosePasswordForm(FlaskForm):
    """A new password, chosen by a link."""

    new = PasswordField("Kata sandi baru", validators=[_REQUIRED])
