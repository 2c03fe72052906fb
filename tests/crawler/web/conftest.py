"""What tests of the web share: a server that misbehaves, a client in a hurry, certificates of our own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crawler.web import Web
from tests.standins.bad_server import BadServer, bad_server
from tests.standins.quick_web import quick


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(name="server")
def _server() -> Iterator[BadServer]:
    with bad_server() as server:
        yield server


@pytest.fixture(name="web")
def _web() -> Iterator[Web]:
    with Web(quick()) as web:
        yield web


@pytest.fixture(name="certificate", scope="session")
def _certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Make a certificate for localhost and far.test, and its key, as two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests of toolrisk")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.DNSName("far.test")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(built.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    return str(folder / "certificate.pem"), str(folder / "key.pem")


@pytest.fixture(name="secure_server")
def _secure_server(certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[BadServer]:
    """Run a server that speaks TLS, with a certificate that is trusted."""
    assert Path(certificate[0]).is_file()
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    with bad_server(certificate) as server:
        yield server
