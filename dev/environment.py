"""The variables that the service reads, for a run on this machine; see .env.example."""

import secrets
from base64 import b64encode
from collections.abc import Mapping

from dev.servers.both import Servers
from dev.servers.folders import Folder, kept_secret

ROLES = {"APP_DATABASE_URL", "SEALER_DATABASE_URL"}
NOT_FOR_THE_SERVICE = ROLES | {"AUDIT_SIGNING_KEY"}


def for_service(folder: Folder, servers: Servers, given: Mapping[str, str]) -> dict[str, str]:
    """`given` with everything the service needs added; what is set already stays.

    Secrets are made once for the folder. SANDBOX is on: invented patients, test clocks.
    DATABASE_URL is the owner's: for migrations and tests. The service runs with `as_app`.
    """
    ours = {
        "SECRET_KEY": kept_secret(folder.path / "secret_key.secret", secrets.token_urlsafe(50)),
        "SIGNING_KEY": kept_secret(folder.path / "signing_key.secret", _seed()),
        "SANDBOX": "1",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    urls = {
        "DATABASE_URL": servers.database_url,
        "APP_DATABASE_URL": servers.app_database_url,
        "SEALER_DATABASE_URL": servers.sealer_database_url,
        "REDIS_URL": servers.redis_url,
    }
    return {**ours, **given, **{name: url for name, url in urls.items() if url}}


def has_roles(environment: Mapping[str, str]) -> bool:
    """Whether the service and the sealer have roles of their own; without, the owner is all."""
    return any(environment.get(name) for name in ROLES)


def as_app(environment: Mapping[str, str]) -> dict[str, str]:
    """What web, worker, beat and relay get: neither the owner's password nor the sealer's key."""
    kept = {k: v for k, v in environment.items() if k not in NOT_FOR_THE_SERVICE}
    url = environment.get("APP_DATABASE_URL") or environment["DATABASE_URL"]
    return {**kept, "DATABASE_URL": url}


def as_sealer(folder: Folder, environment: Mapping[str, str]) -> dict[str, str]:
    """What the sealer gets instead: a role of its own, and the key that signs checkpoints."""
    key = folder.path / "audit_signing_key.secret"
    return {
        "DATABASE_URL": environment.get("SEALER_DATABASE_URL") or environment["DATABASE_URL"],
        "AUDIT_SIGNING_KEY": environment.get("AUDIT_SIGNING_KEY") or kept_secret(key, _seed()),
    }


def _seed() -> str:
    return b64encode(secrets.token_bytes(32)).decode()
