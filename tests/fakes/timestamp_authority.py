"""A timestamp authority on this machine: openssl's own, with keys made for the test."""

import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[req]
distinguished_name = name
prompt = no
x509_extensions = root
[name]
CN = Timestamps for tests
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamp]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""
ROOT = (
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -config openssl.cnf"
    " -keyout root.key -out root.pem"
)
REQUEST = (
    "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config openssl.cnf"
    " -subj /CN=tsa -keyout tsa.key -out tsa.csr"
)
CERTIFICATE = (
    "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30"
    " -extfile openssl.cnf -extensions stamp -out tsa.pem"
)
REPLY = "ts -reply -config openssl.cnf -section tsa -queryfile query.tsq -out reply.tsr"


def openssl(folder: Path, command: str) -> None:
    """Run openssl in the folder; its own words when it fails."""
    words = ["openssl", *command.split()]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def timestamp_authority(folder: Path):
    """Its address and its root certificate; `ledger` in the folder counts what it stamped."""
    (folder / "openssl.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    for command in (ROOT, REQUEST, CERTIFICATE):
        openssl(folder, command)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            query = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "query.tsq").write_bytes(query)
            openssl(folder, REPLY)
            answer = (folder / "reply.tsr").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            with (folder / "ledger").open("a") as ledger:
                ledger.write("stamped\n")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", (folder / "root.pem").read_bytes()
    finally:
        server.shutdown()
        server.server_close()
