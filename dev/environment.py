"""The variables that the service reads, for a run on this machine; see .env.example."""

import secrets
from base64 import b64encode
from collections.abc import Mapping

from dev.servers.both import Servers
from dev.servers.folders import Folder, kept_secret


def for_service(folder: Folder, servers: Servers, given: Mapping[str, str]) -> dict[str, str]:
    """`given` with everything the service needs added; what is set already stays.

    Secrets are made once for the folder. SANDBOX is on: invented patients, test clocks.
    """
    seed = b64encode(secrets.token_bytes(32)).decode()
    ours = {
        "SECRET_KEY": kept_secret(folder.path / "secret_key.secret", secrets.token_urlsafe(50)),
        "SIGNING_KEY": kept_secret(folder.path / "signing_key.secret", seed),
        "SANDBOX": "1",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
    return {**ours, **given, **urls}
