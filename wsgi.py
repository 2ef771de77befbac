"""The application object, for `flask --app wsgi` and for every WSGI server (`wsgi:app`)."""

import sys

from config import Config, MissingSetting
from storefront import create_app

try:
    app = create_app(Config.from_env())
except MissingSetting as error:
    sys.exit(str(error))  # a list of names for a person, not a traceback
