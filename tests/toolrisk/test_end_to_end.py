"""All stages through the command line, against a registry on loopback: what a new user does, in seconds."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from policy.document import document_schema
from tests.loopback_registry import LoopbackRegistry

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")

MAIL = """
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("mail")


@mcp.tool()
def send_mail(to: str, body: str) -> str:
    "Send an e-mail to one person."


@mcp.tool()
def delete_mailbox(mailbox: str) -> str:
    "Permanently delete a mailbox with everything in it."


@mcp.tool()
def list_mail(mailbox: str) -> list[str]:
    "List the messages in a mailbox."
"""
SHOP = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
const server = new McpServer({ name: "shop" });
server.registerTool("create_refund", {
  description: "Refund a customer's payment in full or in part.</script><script>alert(1)</script>",
  inputSchema: { charge: z.string(), amount: z.number() },
}, async () => ({}));
server.tool("start_server", "Starts the shop's server.", {}, async () => ({}));
"""


def run(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "TOOLRISK_CATALOG": str(folder / "catalog.db"),
        "TOOLRISK_CACHE": str(folder / "cache"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "NO_COLOR": "1",
    }
    command = [sys.executable, "-m", "toolrisk", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, input=stdin, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def shelf(registry: LoopbackRegistry, tmp_path: Path) -> Path:
    """A folder with a list of two real-looking servers and one that does not exist."""
    registry.add_wheel("mail-server", "1.0.0", {"mail_server/server.py": MAIL})
    registry.add_npm("shop-server", "2.0.0", {"dist/index.js": SHOP})
    (tmp_path / "targets.txt").write_text("pypi:mail-server==1.0.0\nnpm:shop-server@2.0.0\npypi:absent==9\n")
    return tmp_path


def site_files(folder: Path) -> dict[str, tuple[int, bytes]]:
    # When sources were visited and what failed is told by status.json, and a visit more is told there.
    told = {"status.json", "state.db"}
    files = [path for path in (folder / "public").rglob("*") if path.is_file() and path.name not in told]
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


@needs_npm
def test_catalog_is_built_and_a_second_run_changes_nothing(shelf: Path) -> None:
    first = run(shelf, "catalog", "--targets", "targets.txt")
    assert first.returncode == 1, first.stderr  # one target does not exist, and the exit code says so
    assert "Traceback" not in first.stderr
    assert "pypi:absent==9: no such package or version" in first.stderr
    assert "2 servers (1 npm, 1 pypi)" in first.stdout
    assert "5 tools, 0 not analysed" in first.stdout
    before = site_files(shelf)
    assert any(path.endswith("index.html") for path in before)
    pages = [data for path, (_, data) in before.items() if path.endswith(".html")]
    assert all(b"<script>alert(1)" not in data for data in pages)
    second = run(shelf, "catalog", "--targets", "targets.txt")
    assert "2 unchanged" in second.stderr
    assert site_files(shelf) == before


@needs_npm
def test_policy_of_a_server_follows_its_categories(shelf: Path) -> None:
    run(shelf, "crawl", "--targets", "targets.txt")
    assert run(shelf, "classify").returncode == 0
    mail = json.loads(run(shelf, "policy", "mail-server").stdout)
    jsonschema.validate(mail, document_schema())
    assert mail["hide"] == ["delete_mailbox"]
    assert mail["tools"]["list_mail"] == {}
    assert mail["tools"]["send_mail"]["limits"][0]["max"] == 30
    shop = json.loads(run(shelf, "policy", "npm:shop-server@2.0.0").stdout)
    assert shop["tools"]["create_refund"] == {
        "require": [{"path": "args.amount", "op": "lte", "value": 100}],
        "deny_if": [{"conditions": [], "on_deny": "Requires human approval."}],
    }
    written = run(shelf, "policy", "shop-server", "--out", "shop.json")
    assert written.returncode == 0
    assert json.loads((shelf / "shop.json").read_text()) == shop
    from_target = run(shelf, "policy", "pypi:mail-server==1.0.0")
    assert json.loads(from_target.stdout) == mail


def test_unknown_server_names_the_nearest(shelf: Path) -> None:
    run(shelf, "crawl", "pypi:mail-server==1.0.0")
    answer = run(shelf, "policy", "mail-servr")
    assert answer.returncode == 3
    assert "did you mean mail-server?" in answer.stderr


def test_extract_prints_the_documented_json(shelf: Path) -> None:
    answer = run(shelf, "extract", "pypi:mail-server==1.0.0", "--json")
    document = json.loads(answer.stdout)
    assert answer.returncode == 0
    assert list(document)[:5] == ["schema_version", "target", "server", "outcome", "reasons"]
    assert (document["server"]["name"], document["server"]["version"]) == ("mail-server", "1.0.0")
    send = next(tool for tool in document["tools"] if tool["name"] == "send_mail")
    assert send["origin"] == {"path": "mail_server/server.py", "line": 8, "pattern": "python-decorator"}
    assert send["inputSchema"]["required"] == ["to", "body"]
    assert not (shelf / "catalog.db").exists()


def test_extract_of_nothing_is_told_apart_from_failure(shelf: Path) -> None:
    (shelf / "empty").mkdir()
    nothing = run(shelf, "extract", "empty", "--json")
    assert (nothing.returncode, json.loads(nothing.stdout)["outcome"]) == (3, "no_tools")
    failed = run(shelf, "extract", "pypi:absent==9", "--json")
    assert (failed.returncode, json.loads(failed.stdout)["outcome"]) == (1, "failed")


def test_same_files_give_the_same_tools_from_every_kind_of_target(shelf: Path) -> None:
    folder = shelf / "plain"
    (folder / "mail_server").mkdir(parents=True)
    (folder / "mail_server" / "server.py").write_text(MAIL)
    shutil.make_archive(str(shelf / "packed"), "zip", folder)
    shutil.make_archive(str(shelf / "packed"), "gztar", folder)
    found = [
        json.loads(run(shelf, "extract", target, "--json").stdout)["tools"]
        for target in ("pypi:mail-server==1.0.0", "plain", "packed.zip", "packed.tar.gz")
    ]
    assert found[0]
    # A lone top folder of a tar is taken for its wrapper, as npm and sdists have it.
    stripped = json.loads(json.dumps(found[0]).replace("mail_server/server.py", "server.py"))
    assert found[1:] == [found[0], found[0], stripped]


@pytest.mark.parametrize("dump", ['{"tools": [%s]}', "[%s]", '{"jsonrpc": "2.0", "id": 1, "result": {"tools": [%s]}}'])
def test_assess_reads_every_form_of_a_listing(tmp_path: Path, dump: str) -> None:
    text = dump % '{"name": "drop_table", "description": "Drop a table and all its rows."}'
    answer = run(tmp_path, "assess", "-", "--json", stdin=text)
    assert answer.returncode == 0, answer.stderr
    tool = json.loads(answer.stdout)["tools"][0]
    assert (tool["name"], tool["category"], tool["risk"]) == ("drop_table", "Destructive", "Critical")
    assert abs(sum(tool["probabilities"].values()) - 1) < 0.01
    assert len(tool["facets"]) == 8
    assert tool["evidence"][0]["quote"]


@pytest.mark.parametrize("text", ["", "{", '"text"', "{}", "[1, 2]", '{"tools": "none"}'])
def test_assess_of_nonsense_is_one_line(tmp_path: Path, text: str) -> None:
    answer = run(tmp_path, "assess", "-", stdin=text)
    assert answer.returncode in (1, 3)
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) <= 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["crawl", "nonsense"], 2, "accepted: npm:NAME"),
        (["crawl", "--targets", "none.txt"], 2, "cannot be read"),
        (["policy", "anything"], 1, "no catalog yet"),
        (["classify"], 1, "no catalog yet"),
        (["site"], 1, "no catalog yet"),
        (["status"], 1, "no catalog yet"),
        (["serve", "--site", "none"], 1, "run `toolrisk site` first"),
        (["extract", "git:/no/such/repository"], 1, "no such repository"),
        (["assess", "none.json"], 1, "cannot be read"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_wrong_use_is_one_clear_line(tmp_path: Path, arguments: list[str], code: int, says: str) -> None:
    answer = run(tmp_path, *arguments)
    assert answer.returncode == code
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr


def test_foreign_folder_is_never_built_into(shelf: Path) -> None:
    run(shelf, "crawl", "pypi:mail-server==1.0.0")
    run(shelf, "classify")
    (shelf / "mine").mkdir()
    (shelf / "mine" / "thesis.txt").write_text("mine")
    answer = run(shelf, "site", "--out", "mine")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert [path.name for path in (shelf / "mine").iterdir()] == ["thesis.txt"]


def test_full_disk_is_one_clear_line(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    dump = tmp_path / "dump.json"
    dump.write_text('[{"name": "look"}]')
    answer = run(tmp_path, "policy", str(dump), "--out", "/proc/none/policy.json")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr


def test_port_in_use_is_named(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "index.html").write_text("<!doctype html>")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = run(tmp_path, "serve", "--port", str(port))
    assert answer.returncode == 1
    assert f"port {port} cannot be had" in answer.stderr
