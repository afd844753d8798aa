"""Flask extensions, created here and imported from here."""

import logging

from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from eqia.persistence.database import Database
from eqia.persistence.schema import Migrations

db = Database()
alembic = Migrations()
# Flask-Alembic makes it tell of every step, which nobody who starts a service asked for.
logging.getLogger("alembic").setLevel(logging.WARNING)
csrf = CSRFProtect()
login = LoginManager()
