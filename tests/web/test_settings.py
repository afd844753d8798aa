"""Settings fail closed and name what is wrong."""

from __future__ import annotations

import pytest

from eqia.web.factory import create_app
from eqia.web.settings import (
    Environment,
    SettingError,
    Settings,
    database_address,
    instance_from_environment,
    load_settings,
)

SECRET = "0123456789012345678901234567890"


def test_production_is_the_default_and_needs_a_secret(tmp_path):
    with pytest.raises(SettingError, match="EQIA_SECRET_KEY"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("secret", ["", "short"])
@pytest.mark.parametrize("env", ["production", "development"])
def test_an_empty_secret_stops_the_start_and_a_short_one_in_production(tmp_path, secret, env):
    given = {"EQIA_SECRET_KEY": secret, "EQIA_ENV": env}
    if secret and env == "development":
        assert load_settings(tmp_path, given).secret_key == secret
        return
    with pytest.raises(SettingError, match="EQIA_SECRET_KEY"):
        load_settings(tmp_path, given)


def test_an_all_digit_secret_stays_text(tmp_path):
    assert load_settings(tmp_path, {"EQIA_SECRET_KEY": SECRET}).secret_key == SECRET


def test_the_environment_goes_before_the_file_and_the_file_before_defaults(tmp_path):
    (tmp_path / "config.py").write_text(
        f'EQIA_SECRET_KEY = "{SECRET}"\nEQIA_IDLE_MINUTES = 10\nEQIA_SESSION_HOURS = 4\n'
    )
    settings = load_settings(tmp_path, {"EQIA_IDLE_MINUTES": "20"})
    chosen = (settings.idle_minutes, settings.session_hours, settings.invitation_days)
    assert chosen == (20, 4, 7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EQIA_ENV", "staging"),
        ("EQIA_IDLE_MINUTES", "half an hour"),
        ("EQIA_IDLE_MINUTES", "-1"),
        ("EQIA_IDLE_MINUTES", "0"),
        ("EQIA_TRUSTED_HOSTS", " , "),
        ("EQIA_REFUSED_PASSWORDS", "/no/such/file"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path, name, value):
    with pytest.raises(SettingError, match=name):
        load_settings(tmp_path, {"EQIA_SECRET_KEY": SECRET, name: value})


def test_secrets_are_not_printed(tmp_path):
    given = {
        "EQIA_SECRET_KEY": SECRET,
        "EQIA_SECRET_KEY_FALLBACKS": "older-one",
        "EQIA_DATABASE_URL": "postgresql://eqia:hunter2@db/eqia",
        "EQIA_MIGRATION_URL": "postgresql://owner:hunter3@db/eqia",
    }
    shown = repr(load_settings(tmp_path, given))
    assert not any(secret in shown for secret in (SECRET, "older-one", "hunter2", "hunter3"))


def test_builds_and_tests_have_settings_of_their_own_that_are_left_alone(tmp_path):
    load_settings(tmp_path, {"EQIA_SECRET_KEY": SECRET, "EQIA_ASSETS": "require"})


def test_a_relative_database_file_lies_in_the_instance(tmp_path):
    assert database_address("sqlite:///eqia.sqlite3", tmp_path) == (
        f"sqlite:///{tmp_path / 'eqia.sqlite3'}"
    )


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:////var/e.sqlite3", "postgresql://db/eqia"]
)
def test_other_addresses_stay_as_they_are(tmp_path, url):
    assert database_address(url, tmp_path) == url


def test_the_instance_must_be_named_in_full():
    with pytest.raises(SettingError, match="EQIA_INSTANCE_PATH"):
        instance_from_environment({"EQIA_INSTANCE_PATH": "here"})


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingError, match="EQIA_INSTANCE_PATH"):
        create_app(Settings.for_tests(), instance_path=tmp_path / "file" / "inside")


def test_an_older_key_still_opens_cookies(tmp_path):
    settings = Settings.for_tests(secret_key_fallbacks=("before",), env=Environment.DEVELOPMENT)
    app = create_app(settings, instance_path=tmp_path)
    assert app.config["SECRET_KEY_FALLBACKS"] == ["before"]


def test_a_deployment_refuses_passwords_of_its_own(tmp_path):
    file = tmp_path / "refused.txt"
    file.write_text("The Severn Bore\n\n")
    given = {"EQIA_SECRET_KEY": SECRET, "EQIA_REFUSED_PASSWORDS": str(file)}
    app = create_app(load_settings(tmp_path, given), instance_path=tmp_path)
    assert app.extensions["passwords"].problem("the severn bore 1")
    assert app.extensions["passwords"].problem("the severn estuary") is None
