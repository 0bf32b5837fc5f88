"""What a deployment may set, and what start-up refuses."""

from pathlib import Path

import pytest
from pydantic import ValidationError

import settings
from settings import DEVELOPMENT_SECRET, Settings, complaint

ROOT = Path(settings.__file__).parent


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def read(**values):
    return Settings(_env_file=None, **values)


def refusal(**values):
    with pytest.raises(ValidationError) as caught:
        read(**values)
    return complaint(caught.value)


def test_the_example_file_lists_every_setting_with_its_default():
    assert (ROOT / ".env.example").read_text() == settings.example()
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"\n#{name.upper()}=" in settings.example()


def test_the_environment_decides_and_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("DATABASE_URL", "")
    assert (read().port, read().database_url) == (8123, None)


def test_development_works_without_a_secret_of_its_own():
    assert read().secret == DEVELOPMENT_SECRET


@pytest.mark.parametrize("secret", [DEVELOPMENT_SECRET, "x" * 31, "é" * 15])
def test_production_refuses_a_weak_secret_in_one_line(secret):
    assert refusal(environment="production", secret=secret) == (
        "SECRET must be at least 32 bytes of your own outside development: openssl rand -hex 32"
    )


def test_mail_needs_a_sender_and_a_place_for_its_links():
    told = {"smtp_host": "mail.example.com", "mail_sender": "fg@example.com", "public_url": "https://api.example.com"}
    assert read(**told).smtp_port == 587
    for name in ("mail_sender", "public_url"):
        assert refusal(**told | {name: None}) == (
            "SMTP_HOST needs MAIL_SENDER, and PUBLIC_URL for the links in e-mails"
        )


def test_production_accepts_a_secret_of_32_bytes():
    assert read(environment="production", secret="x" * 32).secret == "x" * 32


def test_a_wrong_setting_is_named_and_its_value_is_not_shown():
    assert refusal(port=0, database_url="mysql://me:hidden@host/db") == (
        "PORT Input should be greater than or equal to 1; DATABASE_URL must start with postgresql://"
    )


def test_secrets_are_not_in_the_printed_settings():
    shown = repr(read(secret="s" * 40, database_url="postgresql://me:hidden@host/db", redis_url="redis://:hidden@host"))
    assert "hidden" not in shown
    assert "ssss" not in shown


def test_settings_cannot_be_changed_while_the_program_runs():
    with pytest.raises(ValidationError):
        read().port = 9000


def test_tortoise_understands_a_socket_folder_an_escaped_password_and_sslmode():
    url = "postgresql://an%40na:p%2Fw@/field?host=/a%20folder&port=5433&sslmode=require&application_name=fieldgraph"
    assert settings.tortoise(url, pool_size=7)["connections"]["default"]["credentials"] == {
        "host": "/a folder",
        "port": 5433,
        "user": "an@na",
        "password": "p/w",
        "database": "field",
        "ssl": "require",
        "maxsize": 7,
        "server_settings": {"application_name": "fieldgraph"},
        "connection_class": settings.Connection,
    }
