"""TLS ends at a proxy: forms from the public address are taken, from elsewhere none."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as now
from django.test import Client

PUBLIC = "https://clinic.example"
ASKED = """
import json
from backend.config import settings as s
print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_TRUSTED_ORIGINS, s.SECURE_PROXY_SSL_HEADER,
                  s.SECURE_HSTS_SECONDS]))
"""
TOKEN = "a" * 32


def settings_with(**more):
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_with_a_public_address_of_tls_its_forms_are_ours_and_browsers_keep_to_it():
    secure, origins, header, seconds = settings_with(PUBLIC_URL=PUBLIC, TRUSTED_PROXIES="1")

    assert (secure, origins, seconds) == (True, [PUBLIC], 31_536_000)
    assert header == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_without_a_proxy_of_ours_nobody_says_that_it_was_tls():
    assert settings_with(PUBLIC_URL=PUBLIC, TRUSTED_PROXIES="0")[2] is None
    assert settings_with(PUBLIC_URL="http://127.0.0.1:8000")[:2] == [False, []]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("origin", "status"), [(PUBLIC, 302), ("https://elsewhere.example", 403), ("null", 403)]
)
def test_a_form_is_taken_from_the_public_address_alone(settings, origin, status):
    settings.CSRF_TRUSTED_ORIGINS = [PUBLIC]
    client = Client(enforce_csrf_checks=True, headers={"Origin": origin})
    client.cookies[now.CSRF_COOKIE_NAME] = TOKEN

    answer = client.post("/language", {"language": "en", "csrfmiddlewaretoken": TOKEN})

    assert answer.status_code == status
