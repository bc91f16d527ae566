"""A time-stamping authority that stamps by OpenSSL, and an address that takes whatever is posted to it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_CONFIGURATION = """
[req]
distinguished_name = name
x509_extensions = authority
prompt = no
[name]
CN = Authority of a test
[authority]
extendedKeyUsage = critical,timeStamping
basicConstraints = CA:TRUE
[tsa]
default_tsa = this
[this]
serial = {folder}/serial
signer_cert = {folder}/certificate.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_chain = no
"""


def openssl(*arguments: str) -> str:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout


class Address:
    """What was posted to it, by path. It answers 503 for as long as it is `away`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.away = False
        self.posted: list[bytes] = []
        (folder / "tsa.cnf").write_text(_CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")
        files = ["-keyout", str(folder / "key.pem"), "-out", str(self.certificate), "-config", str(folder / "tsa.cnf")]
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files)

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        if self.away:
            return 503, b""
        if path == "/nonsense":
            return 200, b"nonsense"
        self.posted.append(body)
        if path != "/stamp":
            return 204, b""
        query, reply = self.folder / "query", self.folder / "reply"
        query.write_bytes(body)
        openssl("ts", "-reply", "-config", str(self.folder / "tsa.cnf"), "-queryfile", str(query), "-out", str(reply))
        return 200, reply.read_bytes()


@contextmanager
def listening(address: Address) -> Iterator[str]:
    """Where it listens."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, answer = address.answer(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing is to be said of it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
