"""The application object, for `flask --app wsgi` and for every WSGI server (`wsgi:app`)."""

import sys
from pathlib import Path

from config import Config, MissingSetting
from storefront import create_app

try:
    app = create_app(Config.from_env())
except MissingSetting as error:
    sys.exit(str(error))  # a list of names for a person, not a traceback

# A development checkout has the demo's commands; production has no trace of them.
if app.config["ENV"] == "development" and (Path(__file__).parent / "devtools" / "demo").is_dir():
    from devtools.demo.commands import demo
    from devtools.translations.check import group as translations

    app.cli.add_command(demo)
    app.cli.add_command(translations)
