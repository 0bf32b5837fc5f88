"""Every setting in one typed place, read from the environment or from a `.env` file."""

from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg
from pydantic import (
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "known-to-everyone-and-therefore-for-development-only"  # noqa: S105 -- refused in production


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is untyped
    """A pooled connection whose session nobody changes, so that giving it back costs no round trip."""

    def get_reset_query(self) -> str:
        """Reset nothing."""
        return ""


class Settings(BaseSettings):
    """What a deployment may decide; a name in capitals is the environment variable of the same name."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    environment: Literal["development", "production"] = Field(
        default="development", description="Outside development a weak SECRET is refused at start-up."
    )
    host: str = Field(default="127.0.0.1", description="Address that the API listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port that the API listens on.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe log line that is written."
    )
    data_dir: Path = Field(
        default=Path(".data"),
        description="Folder of the embedded servers, and of attachments that API and workers share.",
    )
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="PostgreSQL 15 or newer, as in postgresql://user:password@host:5432/fieldgraph. "
        "Unset: an embedded PostgreSQL keeps its data in DATA_DIR.",
    )
    redis_url: str | None = Field(
        default=None,
        repr=False,
        description="Redis 7 or newer or Valkey, as in redis://host:6379/0. "
        "Unset: an embedded Valkey keeps its data in DATA_DIR.",
    )
    pool_size: PositiveInt = Field(default=10, description="Most database connections of one pool in one process.")
    worker_threads: PositiveInt = Field(default=4, description="Jobs that one worker process does at a time.")

    secret: str = Field(
        default=DEVELOPMENT_SECRET,
        repr=False,
        description="Signs tokens and cursors. Outside development 32 bytes or more of your own: openssl rand -hex 32.",
    )
    jwks_url: str | None = Field(
        default=None, description="Key set of an identity provider whose tokens are accepted as well."
    )
    jwt_issuer: str | None = Field(default=None, description="When set, a token must carry exactly this `iss`.")
    jwt_audience: str | None = Field(default=None, description="When set, a token must carry this `aud`.")

    public_url: str | None = Field(
        default=None,
        description="Where clients reach the API, as in https://api.example.com, for the URLs in its answers. "
        "Unset: as each request says.",
    )
    max_attachment_bytes: PositiveInt = Field(
        default=26_214_400, le=2**31 - 1, description="Largest file that can be attached."
    )
    upload_seconds: PositiveInt = Field(default=900, le=86_400, description="How long an upload's URL works.")
    download_seconds: PositiveInt = Field(
        default=300, le=86_400, description="How long a download's URL works at least; at most it is twice as long."
    )
    s3_bucket: str | None = Field(
        default=None, description="Bucket of an S3-compatible store for attachments. Unset: they are kept in DATA_DIR."
    )
    s3_endpoint: str | None = Field(
        default=None, description="The store's address, as in https://minio.example.com:9000. Unset: Amazon's."
    )
    s3_region: str = Field(default="us-east-1", description="The bucket's region.")
    s3_access_key_id: str | None = Field(
        default=None, description="Key id for the bucket. Unset: as the machine's own role allows."
    )
    s3_secret_access_key: str | None = Field(default=None, repr=False, description="The key's secret.")

    smtp_host: str | None = Field(
        default=None, description="Mail server that takes e-mails, as in smtp.example.com. Unset: none are sent."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the way to the mail server is kept secret: STARTTLS as on port 587, TLS from the start as on "
        "465, or not at all.",
    )
    smtp_user: str | None = Field(default=None, description="Who logs in to the mail server. Unset: nobody does.")
    smtp_password: str | None = Field(default=None, repr=False, description="The password of SMTP_USER.")
    mail_sender: str | None = Field(
        default=None, description="Whom e-mails come from, as in Fieldgraph <fieldgraph@example.com>."
    )

    principal_seconds: NonNegativeFloat = Field(
        default=1.0, description="How long a token's principal is remembered: revoking a key takes as long to work."
    )

    horizon_days: PositiveInt = Field(default=90, description="How many days ahead a series has its tasks.")
    occurrences_ahead: PositiveInt = Field(
        default=500, description="How many occurrences a series has ahead of time at most, also before the horizon."
    )
    fold_hours: PositiveInt = Field(
        default=24, description="What could not be sent for so many hours is told of in a digest instead."
    )
    purge_days: PositiveInt = Field(
        default=30, le=3650, description="How many days a deleted task can be restored; then it is gone for good."
    )
    clock_seconds: PositiveFloat = Field(
        default=1.0, description="Pause between two looks of the clock for what is due."
    )

    max_body_bytes: PositiveInt = Field(default=262_144, description="Largest request body.")
    max_characters: PositiveInt = Field(default=15_000, description="Longest GraphQL document.")
    max_tokens: PositiveInt = Field(default=1_000, description="Most tokens in a document.")
    max_depth: PositiveInt = Field(default=12, description="Deepest nesting of a selection.")
    max_root_fields: PositiveInt = Field(default=30, description="Most aliases and root fields in a document.")
    max_directives: PositiveInt = Field(default=20, description="Most directives in a document.")
    max_fragments: PositiveInt = Field(default=50, description="Most fragments in a document.")
    max_selections: PositiveInt = Field(default=250, description="Most fields, counted wherever a fragment is used.")
    max_filter_fields: PositiveInt = Field(default=250, description="Most fields that all filters name together.")
    max_values: PositiveInt = Field(default=5_000, description="Most values in all variables together.")
    max_cost: PositiveInt = Field(
        default=5_000, description="Highest cost of an operation: `first` times child for a connection."
    )
    execution_seconds: PositiveFloat = Field(default=10.0, description="Longest execution of an operation.")

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url and urlsplit(url).scheme not in {"postgres", "postgresql"}:
            raise ValueError("must start with postgresql://")
        return url

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str | None) -> str | None:
        if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("must start with redis://, rediss:// or unix://")
        return url

    @model_validator(mode="after")
    def _has_a_strong_secret(self) -> Self:
        weak = self.secret == DEVELOPMENT_SECRET or len(self.secret.encode()) < 32
        if weak and self.environment != "development":
            raise ValueError("SECRET must be at least 32 bytes of your own outside development: openssl rand -hex 32")
        return self

    @model_validator(mode="after")
    def _has_all_that_mail_needs(self) -> Self:
        if self.smtp_host and not (self.mail_sender and self.public_url):
            raise ValueError("SMTP_HOST needs MAIL_SENDER, and PUBLIC_URL for the links in e-mails")
        return self


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def complaint(error: ValidationError) -> str:
    """Everything wrong with the settings, as one line."""
    faults = []
    for fault in error.errors(include_url=False, include_input=False):
        name = "".join(f"{part} ".upper() for part in fault["loc"])
        faults.append(name + fault["msg"].removeprefix("Value error, "))
    return "; ".join(faults)


def example() -> str:
    """The text of `.env.example`: every setting with its meaning and its default, commented out."""
    lines = ["# Generated by `make settings`. Copy to .env and uncomment what you change.", ""]
    for name, field in Settings.model_fields.items():
        lines += [f"# {line}" for line in wrap(field.description or "", 118)]
        secret = name == "secret"
        lines += [f"#{name.upper()}={'' if field.default is None or secret else field.default}", ""]
    return "\n".join(lines[:-1]) + "\n"


def tortoise(database_url: str, *, pool_size: int = 10) -> dict[str, Any]:
    """Tortoise's configuration for a database.

    A socket folder (`?host=/folder`) and `sslmode` are understood as asyncpg understands them; any other parameter
    is a setting of the session.
    """
    url = urlsplit(database_url)
    query = dict(parse_qsl(url.query))
    credentials = {
        "host": query.pop("host", None) or url.hostname,
        "port": int(query.pop("port", None) or url.port or 5432),
        "user": unquote(url.username or "") or None,
        "password": unquote(url.password or "") or None,
        "database": unquote(url.path[1:]) or None,
        "ssl": query.pop("sslmode", None),
        "maxsize": pool_size,
        "server_settings": query,
        "connection_class": Connection,
    }
    app = {"models": ["models"], "migrations": "models.migrations", "default_connection": "default"}
    connection = {"engine": "tortoise.backends.asyncpg", "credentials": credentials}
    return {"connections": {"default": connection}, "apps": {"models": app}, "use_tz": True, "timezone": "UTC"}


def __getattr__(name: str) -> Any:
    """`TORTOISE`, for `tortoise -c settings.TORTOISE`: made when asked for, so that importing reads no environment."""
    if name == "TORTOISE":
        return tortoise(settings().database_url or "postgresql://127.0.0.1/fieldgraph")
    raise AttributeError(name)
