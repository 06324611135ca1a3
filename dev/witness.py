"""A witness on this machine: `python -m dev.witness PORT FOLDER LOG_VKEY`.

It keeps the last checkpoint that it signed in FOLDER, and signs another only if the log's own
signature is good and the tree continues that one (c2sp.org/tlog-witness). `GET /checkpoint` gives
the last one: what somebody outside knows, whatever becomes of the database.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from backend.transparency.checkpoints import Checkpoint, cosign, open_checkpoint
from backend.transparency.merkle import EMPTY_ROOT
from backend.transparency.notes import KeyKind, Signer, VerifierKey
from backend.transparency.reading import Malformed, Unverified
from backend.transparency.submissions import SUBMISSION_BYTES, Submission

NAME = "witness.example"


class Refused(Exception):
    """Not signed: the status and the text of the answer."""

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Witness:
    """The state: a key, the last checkpoint, and a ledger of all that were asked for."""

    def __init__(self, folder: Path, log: VerifierKey) -> None:
        self.folder, self.log = folder, log
        self._lock = threading.Lock()
        key = folder / "witness.key"
        if not key.exists():
            key.write_text(Signer.generate(NAME, KeyKind.COSIGNATURE).text)
            key.chmod(0o600)
        self.signer = Signer.parse(key.read_text())

    @property
    def last(self) -> str:
        """The last checkpoint's note; empty before the first."""
        file = self.folder / "checkpoint"
        return file.read_text() if file.exists() else ""

    def add(self, body: bytes) -> str:
        """The cosignature line. Raises Refused."""
        with self._lock:
            try:
                line = self._signed(body)
            except Refused as refused:
                self._note(refused.status)
                raise
            self._note(200)
            return line

    def _signed(self, body: bytes) -> str:
        try:
            asked = Submission.parse(body)
            open_checkpoint(asked.checkpoint, self.log)
        except Malformed as error:
            raise Refused(400, str(error)) from error
        except Unverified as error:
            raise Refused(403, str(error)) from error
        known = open_checkpoint(self.last, self.log) if self.last else None
        size, root = (known.size, known.root) if known else (0, EMPTY_ROOT)
        if asked.old_size != size:
            raise Refused(409, f"{size}\n")
        return self._continued(asked, known, root)

    def _continued(self, asked: Submission, known: Checkpoint | None, root: bytes) -> str:
        try:
            new = asked.verify(self.log, root)
        except Malformed as error:
            raise Refused(400, str(error)) from error
        except Unverified as error:
            raise Refused(422, str(error)) from error
        if known and new.size == known.size and new.root != known.root:
            raise Refused(409, f"{known.size}\n")
        kept = self.folder / "checkpoint.new"
        kept.write_text(asked.checkpoint)
        kept.replace(self.folder / "checkpoint")
        return cosign(asked.checkpoint, self.signer, int(time.time()))

    def _note(self, status: int) -> None:
        with (self.folder / "ledger.jsonl").open("a") as ledger:
            ledger.write(json.dumps({"at_s": int(time.time()), "status": status}) + "\n")


def server(port: int, witness: Witness) -> ThreadingHTTPServer:
    """The witness on a port of 127.0.0.1; 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            try:
                if self.path != "/add-checkpoint" or length > SUBMISSION_BYTES:
                    raise Refused(404)
                self._answer(200, witness.add(self.rfile.read(length)))
            except Refused as refused:
                self._answer(refused.status, refused.text)

        def do_GET(self) -> None:
            found = self.path == "/checkpoint" and witness.last
            self._answer(200 if found else 404, witness.last if found else "")

        def _answer(self, status: int, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            kind = "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The ledger is enough."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def main() -> None:
    """Serve until interrupted; prints the key that the log has to be told."""
    port, folder, log = int(sys.argv[1]), Path(sys.argv[2]), VerifierKey.parse(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    witness = Witness(folder, log)
    print(witness.signer.verifier, flush=True)
    server(port, witness).serve_forever()


if __name__ == "__main__":
    main()
