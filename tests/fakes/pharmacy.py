"""A pharmacy's webhook receiver: verifies, keeps its own ledger, and can misbehave on request.

It does what Standard Webhooks asks of a receiver: checks the raw bytes against every known
secret, refuses old and new timestamps, takes each `webhook-id` once. It shares no code with ours.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_SECONDS = 300


@dataclass(frozen=True)
class Received:
    """One accepted message."""

    id: str
    type: str
    timestamp: str
    data: dict[str, Any]
    raw: bytes


@dataclass
class Ledger:
    """What the pharmacy knows: accepted messages, repeats of them, and refusals."""

    accepted: list[Received] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    requests: int = 0


class PharmacyReceiver:
    """`with PharmacyReceiver() as pharmacy:` listens on `pharmacy.url`.

    `trust(secret)` before messages come. `behave(...)`: "well", a status such as 500 or 410,
    "hang" (no answer), "drip" (a header byte now and then), "flood" (an endless body),
    "redirect" (302 to `elsewhere`), "cut" (closes without an answer).
    """

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.secrets: list[bytes] = []
        self.behaviour: str | int = "well"
        self.elsewhere = "http://169.254.169.254/latest/meta-data/"
        self.bytes_sent = 0
        self.released = threading.Event()
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"pharmacy": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hooks"

    def trust(self, secret: str) -> None:
        """Accept messages signed with this secret too (`whsec_…`)."""
        self.secrets.append(base64.b64decode(secret.removeprefix("whsec_")))

    def behave(self, how: str | int) -> None:
        self.behaviour = how

    def __enter__(self) -> "PharmacyReceiver":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def take(self, headers: dict[str, str], raw: bytes) -> int:
        """The status for one message; the ledger says why."""
        try:
            message_id = self._verified(headers, raw)
        except ValueError as error:
            self.ledger.refused.append(str(error))
            return 401
        if any(message.id == message_id for message in self.ledger.accepted):
            self.ledger.repeats.append(message_id)
            return 200
        body = json.loads(raw)
        self.ledger.accepted.append(
            Received(message_id, body["type"], body["timestamp"], body["data"], raw)
        )
        return 204

    def _verified(self, headers: dict[str, str], raw: bytes) -> str:
        message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not message_id or not stamp.isdigit():
            raise ValueError("headers")
        if abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
            raise ValueError("timestamp")
        signed = f"{message_id}.{stamp}.".encode() + raw
        good = {
            base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
            for secret in self.secrets
        }
        sent = headers.get("webhook-signature", "").split(" ")
        if not any(one.startswith("v1,") and one[3:] in good for one in sent):
            raise ValueError("signature")
        return message_id


class _Handler(BaseHTTPRequestHandler):
    pharmacy: PharmacyReceiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", "0")))
        self.close_connection = True
        with self.pharmacy.lock:
            self.pharmacy.ledger.requests += 1
        how = self.pharmacy.behaviour
        if how == "well":
            headers = {name.lower(): value for name, value in self.headers.items()}
            with self.pharmacy.lock:
                status = self.pharmacy.take(headers, raw)
            self._answer(status)
        elif isinstance(how, int):
            self._answer(how)
        else:
            getattr(self, f"_{how}")()

    def _answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", "0")
        self.end_headers()

    def _redirect(self) -> None:
        self._answer(302, Location=self.pharmacy.elsewhere)

    def _hang(self) -> None:
        self.pharmacy.released.wait()

    def _cut(self) -> None:
        self.connection.close()

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
        while not self.pharmacy.released.wait(0.1):
            if not self._wrote(b"a"):
                return

    def _flood(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n")
        while not self.pharmacy.released.is_set() and self._wrote(b"x" * 8192):
            self.pharmacy.bytes_sent += 8192

    def _wrote(self, data: bytes) -> bool:
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:
            return False
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
