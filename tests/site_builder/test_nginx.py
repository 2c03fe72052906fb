"""The file written for nginx makes a real nginx answer as it should. Skipped where there is none."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import stamina

from site_builder.hosting import header_rules, make_host_files, security_headers
from tests.site_builder.conftest import build

MOVED = [("old-mail", "paperboat-mail")]
ANY_OF = {
    "": "search/index.html",
    "api": "api/v1/status.json",
    "downloads": "downloads/index.json",
    "static": "static/site.js",
}


@contextmanager
def serve_by_nginx(folder: Path, root: Path, told: bytes) -> Iterator[httpx.Client]:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx: apt-get install nginx-light")
    (folder / "site.conf").write_bytes(told)
    user = "user root;" if os.geteuid() == 0 else ""  # the folders of tests are closed to all others
    scratch = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi"))
    (folder / "nginx.conf").write_text(
        f"{user} pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {scratch}"
        f"uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; types {{ text/html html; application/json json; }}"
        f"server {{ listen unix:{folder}/at; root {root}; include {folder}/site.conf; }} }}"
    )
    server = subprocess.Popen([nginx, "-e", "stderr", "-c", folder / "nginx.conf", "-g", "daemon off;"])
    transport = httpx.HTTPTransport(uds=str(folder / "at"))
    try:
        with httpx.Client(transport=transport, base_url="http://localhost") as client:
            for attempt in stamina.retry_context(on=httpx.ConnectError, timeout=10):
                with attempt:
                    client.get("/")
            yield client
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.mark.parametrize("below", ["", "/catalog"])
def test_nginx_answers_as_every_host_is_told_to(tmp_path: Path, below: str) -> None:
    base = f"https://tools.example.org{below}"
    site = Path(f"{tmp_path}/public{below}")
    build(site, base_url=base, precompress=True)
    told = dict(make_host_files(base, MOVED))["nginx.conf"]
    with serve_by_nginx(tmp_path, tmp_path / "public", told) as client:
        for rule in header_rules():
            found = client.get(f"{below}/{ANY_OF[rule.folder]}")
            assert found.status_code == 200
            for name, value in (*security_headers(), *rule.headers):
                assert found.headers.get_list(name) == [value]
        assert client.get(f"{below}/.toolrisk/state.db").status_code == 404
        packed = client.get(f"{below}/index.html")
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.text == (site / "index.html").read_text()
        missing = client.get(f"{below}/none/")
        assert (missing.status_code, missing.text) == (404, (site / "404.html").read_text())
        moved = client.get(f"{below}/servers/old-mail/")
        assert (moved.status_code, moved.headers["location"]) == (301, f"{below}/servers/paperboat-mail/")
        folder = client.get(f"{below}/servers/paperboat-mail")
        assert (folder.status_code, folder.headers["location"]) == (301, f"{below}/servers/paperboat-mail/")
