"""Files are whole or not there, and nothing is left running."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from crawler.web import Answer, Web, WebError
from tests.standins.bad_server import BadServer, answers, drips, never_ends, says
from tests.standins.quick_web import quick

OK = answers(200, b"here")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


def test_a_download_gives_a_file_and_an_answer_without_body(server: BadServer, web: Web, tmp_path: Path) -> None:
    body = bytes(range(256)) * 16_384
    file = tmp_path / "new" / "archive"
    answer = web.download(server.on("/", answers(200, body, {"ETag": '"1"'})), file).result(5)
    assert answer == Answer(200, f"{server.address}/", answer.headers, b"")
    assert file.read_bytes() == body
    assert list(file.parent.iterdir()) == [file]


def test_a_download_that_breaks_is_begun_anew(server: BadServer, web: Web, tmp_path: Path) -> None:
    web.download(server.on("/", says(HEAD + b"half", reset=True), OK), tmp_path / "file").result(5)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"here"]


@pytest.mark.parametrize(("behaviour", "cause"), [(never_ends, "too large"), (says(HEAD + b"half"), "damaged")])
def test_a_download_that_fails_leaves_the_old_file_and_no_part(
    server: BadServer, web: Web, tmp_path: Path, behaviour: Any, cause: str
) -> None:
    (tmp_path / "file").write_bytes(b"old")
    future = web.download(server.on("/", behaviour), tmp_path / "file", max_bytes=3_000_000)
    error = future.exception(5)
    assert isinstance(error, WebError)
    assert error.cause == cause
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_download_of_what_is_still_current_writes_nothing(server: BadServer, web: Web, tmp_path: Path) -> None:
    url = server.on("/", answers(304))
    assert web.download(url, tmp_path / "file", headers={"If-None-Match": '"1"'}).result(5).status == 304
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_tried_again(
    server: BadServer, web: Web, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    error = web.download(server.on("/", OK), tmp_path / "file" / "below").exception(5)
    assert "cannot be written" in str(error)
    assert server.times("/") == 1


def test_leaving_waits_for_downloads(server: BadServer, tmp_path: Path) -> None:
    url = server.on("/", answers(200, b"here", wait=0.2))
    with Web(quick()) as web:
        future = web.download(url, tmp_path / "file")
    assert future.result(0).status == 200


def test_leaving_by_an_exception_ends_downloads(server: BadServer, tmp_path: Path) -> None:
    url = server.on("/", drips)
    began = time.monotonic()
    futures = []

    def interrupted() -> None:
        with Web(quick(total_seconds=30)) as web:
            futures.append(web.download(url, tmp_path / "file"))
            while not server.asked:
                time.sleep(0.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert futures[0].cancelled()
    assert time.monotonic() - began < 15  # the whole time is twice that
    assert not list(tmp_path.iterdir())


def test_outside_its_with_it_says_so() -> None:
    with pytest.raises(RuntimeError, match="with"):
        Web(quick()).get("https://127.0.0.1/")


def test_no_thread_stays_behind(server: BadServer) -> None:
    url = server.on("/", answers(200, b"", {"Connection": "close"}))
    before = threading.active_count()
    with Web(quick()) as web:
        web.get(url)
    deadline = time.monotonic() + 2
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
