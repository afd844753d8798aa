"""Make the app, one named step after the other."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Blueprint, Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from eqia.services.passwords import Passwords
from eqia.services.seals import Seals, SealSettings, SealUnusable
from eqia.web import (
    access,
    account,
    adjustments,
    calendars,
    category_sets,
    charts,
    chrome,
    components,
    demonstration,
    eqias,
    errors,
    events,
    evidence,
    exports,
    filters,
    findings,
    governance,
    health,
    imports,
    measure_links,
    measure_versions,
    measures,
    organisations,
    pdsa,
    people,
    plan_sections,
    plans,
    projects,
    publications,
    publishing,
    readiness,
    records,
    register,
    reviews,
    risks,
    screenings,
    security,
    sign_offs,
    start,
    targets,
    verify,
)
from eqia.web.extensions import csrf, db, login
from eqia.web.settings import (
    SettingError,
    Settings,
    database_address,
    instance_from_environment,
    load_settings,
)

#: Every page of the service; the demonstration has a door of its own beside these.
BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    start.blueprint,
    people.blueprint,
    organisations.blueprint,
    category_sets.blueprint,
    projects.blueprint,
    screenings.blueprint,
    evidence.blueprint,
    reviews.blueprint,
    sign_offs.blueprint,
    eqias.blueprint,
    records.blueprint,
    plans.blueprint,
    risks.blueprint,
    pdsa.blueprint,
    plan_sections.blueprint,
    measures.blueprint,
    measure_versions.blueprint,
    measure_links.blueprint,
    targets.blueprint,
    calendars.blueprint,
    imports.blueprint,
    exports.blueprint,
    readiness.blueprint,
    adjustments.blueprint,
    findings.blueprint,
    publications.blueprint,
    publishing.blueprint,
    events.blueprint,
    register.blueprint,
    governance.blueprint,
    health.blueprint,
    verify.blueprint,
)
_PACKAGE = Path(__file__).parents[1]


def create_app(
    settings: Settings | None = None,
    *,
    demonstration: bool = False,
    instance_path: str | os.PathLike[str] | None = None,
) -> Flask:
    """Make the app of one instance; without settings given, from its folder and environment."""
    app = _new_app(instance_path)
    chosen = settings or load_settings(Path(app.instance_path))
    app.config.update(EQIA_SETTINGS=chosen, DEMONSTRATION=demonstration, TESTING=chosen.testing)
    for step in STEPS:
        step(app, chosen)
    return app


def instance_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Find the folder of the instance, and make it."""
    return Path(_new_app(instance_from_environment(environ)).instance_path)


def _new_app(instance_path: str | os.PathLike[str] | None) -> Flask:
    app = Flask(
        "eqia",
        instance_path=os.fspath(instance_path) if instance_path else instance_from_environment(),
        instance_relative_config=True,
        static_folder="web/static",
        template_folder=_templates(),
    )
    try:
        Path(app.instance_path).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"The folder {app.instance_path} cannot be made. Set EQIA_INSTANCE_PATH"
        ) from error
    return app


def _templates() -> str:
    """Find the templates: the checkout's beside the package, else those packed into the wheel.

    An editable install leaves a stale copy inside the package's folder in site-packages, and a
    wheel has none beside it (architecture.md section 7).
    """
    packed = _PACKAGE / "templates"
    return str(packed if packed.is_dir() else _PACKAGE.parent / "templates")


def _connect_database(app: Flask, settings: Settings) -> None:
    app.config["DATABASE_URL"] = database_address(settings.database_url, Path(app.instance_path))
    db.init_app(app)


def _secure(app: Flask, settings: Settings) -> None:
    security.secure(app, settings)
    csrf.init_app(app)
    login.init_app(app)
    login.session_protection = None
    # Our sessions are rows; without this, a stray cookie of that name would sign people out.
    app.config["REMEMBER_COOKIE_NAME"] = "eqia-never-used"


def _guard(app: Flask, _settings: Settings) -> None:
    access.init_app(app)
    access.public(app.view_functions["static"])


def _know_passwords(app: Flask, settings: Settings) -> None:
    app.extensions["passwords"] = Passwords(
        memory_kib=settings.argon2_memory_kib,
        passes=settings.argon2_passes,
        refused=settings.refused_passwords,
    )


def _know_the_seal(app: Flask, settings: Settings) -> None:
    """Find the key that seals records; one that cannot be used stops the start."""
    chosen = SealSettings(
        instance=Path(app.instance_path),
        production=settings.production,
        pkcs12=settings.seal_pkcs12,
        key=settings.seal_key,
        certificate=settings.seal_certificate,
        passphrase=settings.seal_passphrase,
        retired=settings.seal_retired,
        time_service=settings.seal_time_service,
    )
    app.extensions["seals"] = Seals(chosen)
    try:
        app.extensions["seals"].check()
    except SealUnusable as error:
        raise SettingError(str(error)) from error


def _prepare_templates(app: Flask, _settings: Settings) -> None:
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    filters.init_app(app)
    components.init_app(app)
    charts.init_app(app)
    chrome.init_app(app)
    app.jinja_env.globals["demonstration"] = app.config["DEMONSTRATION"]


def _register_pages(app: Flask, _settings: Settings) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if app.config["DEMONSTRATION"]:
        app.register_blueprint(demonstration.blueprint)


def _answer_errors(app: Flask, _settings: Settings) -> None:
    errors.init_app(app)


def _stand_behind_proxies(app: Flask, settings: Settings) -> None:
    security.serve_static_files(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )


STEPS: tuple[Callable[[Flask, Settings], None], ...] = (
    _prepare_templates,
    _connect_database,
    _secure,
    _guard,
    _know_passwords,
    _know_the_seal,
    _register_pages,
    _answer_errors,
    _stand_behind_proxies,
)
