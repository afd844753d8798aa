"""Flask extensions, created here and imported from here."""

from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from eqia.persistence.database import Database

db = Database()
csrf = CSRFProtect()
login = LoginManager()
