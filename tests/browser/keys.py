"""Accounts that open by a password, and by everything else too."""

from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

PASSWORD = "dry lips in every season"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_SAID = b'{"type": "webauthn.create", "challenge": "", "origin": ""}'
_FLAGS = AuthenticatorData.FLAG


def give_password(who: Any) -> None:
    """The account's address is confirmed, and PASSWORD opens it."""
    who.user.set_password(PASSWORD)
    who.user.save()
    address = {"email": who.user.email, "verified": True, "primary": True}
    who.user.emailaddress_set.get_or_create(**address)


def give_every_factor(who: Any) -> Authenticator:
    """An authenticator app (TOTP_SECRET), recovery codes, and a passkey of a lost phone; which."""
    TOTP.activate(who.user, TOTP_SECRET)
    RecoveryCodes.activate(who.user)
    return WebAuthn.add(who.user, "iPhone", _registration()).instance


def _registration() -> dict[str, Any]:
    """What a browser answers when a passkey is made. Nobody keeps its private key."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(bytes(16), b"of a lost phone", key)
    seen = _FLAGS.UP | _FLAGS.UV | _FLAGS.AT
    data = AuthenticatorData.create(sha256(b"localhost").digest(), seen, 0, credential)
    return {
        "id": websafe_encode(credential.credential_id),
        "rawId": websafe_encode(credential.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(
                b'{"type":"webauthn.create","challenge":"","origin":""}'
            ),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
