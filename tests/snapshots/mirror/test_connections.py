"""The wire: connections are kept, TLS is verified, and addresses that are none are refused."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fangtang.kernel.errors import Unavailable
from fangtang.snapshots.mirror.asking import Origin
from tests.snapshots.mirror.conftest import PATIENCE, SHORT, Line
from tests.snapshots.mirror.network import asked


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For portal.test and 127.0.0.1, signed by itself; key and certificate in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal.test")])
    names = x509.SubjectAlternativeName([x509.DNSName("portal.test"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = (
        built.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    place.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return place


class Counting(ThreadingHTTPServer):
    """Counts connections."""

    daemon_threads = True
    connections = 0

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)


@pytest.fixture
def secure(line: Line, certificate: Path) -> Iterator[Counting]:
    """The line's origin behind TLS."""
    yield from _serving(line, certificate)


@pytest.fixture
def plain(line: Line) -> Iterator[Counting]:
    yield from _serving(line, None)


def _serving(line: Line, certificate: Path | None) -> Iterator[Counting]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = asked(line.middle.upstream, self.path, host=self.headers["Host"])
            self.send_response_only(reply.status)
            for name, content in reply.headers.items():
                self.send_header(name, content)
            self.end_headers()
            self.wfile.write(reply.body)

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ssl.SSLError):
                return

    server = Counting(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def test_a_pull_over_tls(line: Line, secure: Counting, certificate: Path) -> None:
    address = f"https://127.0.0.1:{secure.server_port}"
    line.origin = Origin(address, host="portal.test", ca_file=str(certificate), patience=PATIENCE)
    line.pull()
    assert line.shown() == line.city.files


@pytest.mark.parametrize(("host", "is_known"), [("portal.test", False), ("other.test", True)])
def test_tls_is_verified(line: Line, secure: Counting, certificate: Path, host: str, is_known: bool) -> None:
    """Neither an unknown authority nor another name will do."""
    origin = Origin(f"https://127.0.0.1:{secure.server_port}", host=host, ca_file=str(certificate) if is_known else None, patience=PATIENCE)
    with pytest.raises(Unavailable) as refused:
        origin.record()
    assert refused.value.data["reason"] == "broken"
    assert "CERTIFICATE_VERIFY_FAILED" in refused.value.data["detail"] or "doesn't match" in refused.value.data["detail"]


def test_tls_that_drips_ends_too(certificate: Path) -> None:
    """The deadline holds below TLS as well."""
    import socket
    import time

    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        raw, _ = server.accept()
        try:
            with context.wrap_socket(raw, server_side=True) as connection:
                connection.recv(1000)
                for _ in range(200):
                    connection.sendall(b"H")
                    time.sleep(0.05)
        except OSError:
            return

    threading.Thread(target=drip, daemon=True).start()
    began = time.monotonic()
    with server, pytest.raises(Unavailable) as refused:
        Origin(f"https://127.0.0.1:{server.getsockname()[1]}", ca_file=str(certificate), patience=SHORT).record()
    assert refused.value.data["reason"] == "slow"
    assert time.monotonic() - began < 9


def test_connections_are_kept(line: Line, plain: Counting) -> None:
    line.city.publish({f"many/{number}.html": b"%d" % number for number in range(200)})
    line.origin = Origin(f"http://127.0.0.1:{plain.server_port}", host="portal.test", patience=PATIENCE)
    line.pull()
    assert plain.connections <= 2 * line.origin.connections


def test_a_kept_connection_that_was_closed_is_opened_again(line: Line) -> None:
    line.pull()
    line.city.publish({"index.html": b"next"})
    closed: list[str] = []

    def close_once(path: str, reply: object) -> object:
        if path == "record.json" and not closed:
            closed.append(path)
            return lambda connection: None
        return reply

    line.middle.tampering = close_once  # type: ignore[assignment]
    line.pull()
    assert line.shown() == line.city.files


@pytest.mark.parametrize("url", ["", "portal.test", "ftp://portal.test", "https://", "https://user@portal.test", "https://portal.test/?a", "file:///etc"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ValueError):
        Origin(url)
