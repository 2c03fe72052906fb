"""`toolrisk scan` as a user types it: what is found, known and unknown, read and fetched."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.clients.scan_catalog import make_catalog
from tests.clients.scan_machine import SERVER, Machine, machine, npx

__all__ = ["machine"]  # a fixture


def test_nothing_configured_is_nothing_to_scan(machine: Machine) -> None:
    answer = machine.scan()
    assert answer.exit_code == 3
    assert "0 servers" in answer.stdout


def test_servers_of_this_machine_and_of_the_current_folder_are_looked_up(machine: Machine) -> None:
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    machine.configure("../workspace/.mcp.json", {"web": {"command": "uvx", "args": ["web-mcp==2.0.0"]}})
    found = machine.report()
    assert [(one["name"], one["client"], one["target"], one["known_version"]) for one in found["servers"]] == [
        ("mail", "cursor", "npm:@acme/mail-mcp@1.2.3", "1.2.3"),
        ("web", "claude-code", "pypi:web-mcp==2.0.0", "2.0.0"),
    ]
    mail = found["servers"][0]
    assert mail["analysed"]
    assert mail["risks"]["Critical"] >= 1
    assert {"delete_mailbox"} <= {one["tool"] for one in found["findings"] if one["rule"] == "risk-critical"}
    shown = machine.scan()
    assert shown.exit_code == 1
    assert "delete_mailbox" in shown.stdout


def test_servers_are_found_by_repository_image_and_address_too(machine: Machine) -> None:
    servers = {
        "notes": {"command": "uvx", "args": ["--from", "git+https://github.com/Acme/Notes", "notes"]},
        "image": {"command": "docker", "args": ["run", "-i", "acme/mail:1.2"]},
        "far": {"url": "https://mail.example/mcp?key=1"},
        "module": {"command": "python", "args": ["-m", "web_mcp"]},
    }
    machine.configure(".cursor/mcp.json", servers)
    found = {one["name"]: one for one in machine.report()["servers"]}
    assert [name for name, one in found.items() if not one["analysed"]] == []
    assert found["far"]["known_as"] == found["image"]["known_as"]
    assert "taken for web-mcp" in found["module"]["gaps"][0]


def test_a_package_from_another_registry_is_doubted(machine: Machine) -> None:
    entry = {"command": "npx", "args": ["--registry", "https://packages.example", "@acme/mail-mcp@1.2.3"]}
    machine.configure(
        ".cursor/mcp.json", {"mail": entry, "other": npx("absent@1.0.0", env={"npm_config_registry": "x"})}
    )
    found = {one["name"]: one for one in machine.report("--fetch")["servers"]}
    assert "registry that the launch names" in found["mail"]["gaps"][0]
    assert "not read" in found["other"]["reason"]
    assert machine.scan("--fail-on", "unknown").exit_code == 1


def test_another_program_under_an_accepted_name_is_new(machine: Machine) -> None:
    machine.configure(".cursor/mcp.json", {"mine": {"command": "/opt/mine"}})
    machine.scan("--write-baseline", "b.json")
    assert machine.scan("--baseline", "b.json", "--fail-on", "unknown").exit_code == 0
    machine.configure(".cursor/mcp.json", {"mine": {"command": "/opt/other"}})
    assert machine.scan("--baseline", "b.json", "--fail-on", "unknown").exit_code == 1


def test_what_could_not_be_resolved_is_not_analysed_and_never_clean(machine: Machine) -> None:
    servers = {
        "far": {"url": "https://far.example/mcp"},
        "program": {"command": "/usr/local/bin/some-server"},
        "absent": npx("not-in-the-catalog@1.0.0"),
        "empty": npx("empty-mcp@1.0.0"),
        "script": {"command": "node", "args": ["/absent/index.js"]},
        "nothing": {},
    }
    machine.configure(".cursor/mcp.json", servers)
    found = machine.report()
    reasons = {one["name"]: one["reason"] for one in found["servers"]}
    assert not any(one["analysed"] for one in found["servers"])
    assert "its source is not known" in reasons["far"]
    assert "a local program: some-server" in reasons["program"]
    assert "--fetch reads it" in reasons["absent"]
    assert "no tools were found" in reasons["empty"]
    assert "no folder with a manifest" in reasons["script"]
    assert "incomplete" in reasons["nothing"]
    assert {one["server"] for one in found["findings"] if one["rule"] == "not-analysed"} == set(servers)
    assert machine.scan().exit_code == 0
    assert machine.scan("--fail-on", "unknown").exit_code == 1
    assert "NOT ANALYSED" in machine.scan().stdout


def test_a_server_that_is_known_in_part_says_so(machine: Machine) -> None:
    machine.configure(".cursor/mcp.json", {"some": npx("partial-mcp@1.0.0")})
    [server] = machine.report()["servers"]
    assert server["analysed"]
    assert "filled when the server runs" in server["gaps"][0]
    assert machine.scan("--fail-on", "unknown").exit_code == 1


def test_tools_that_nobody_assessed_are_unknown(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOLRISK_CATALOG", str(make_catalog(tmp_path / "raw.db", judge=False)))
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    [finding] = machine.report()["findings"]
    assert finding["level"] == "unknown"
    assert "3 tools are not assessed" in finding["says"]


def test_without_a_catalog_everything_is_unknown_and_a_damaged_one_is_an_error(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    monkeypatch.setenv("TOOLRISK_CATALOG", str(tmp_path / "absent.db"))
    found = machine.report()
    assert "there is no catalog yet" in found["notes"][0]
    assert not found["servers"][0]["analysed"]
    assert not (tmp_path / "absent.db").exists()
    (tmp_path / "bad.db").write_text("no catalog")
    monkeypatch.setenv("TOOLRISK_CATALOG", str(tmp_path / "bad.db"))
    assert type(machine.scan().exception).__name__ == "CatalogError"


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        (npx("@acme/mail-mcp"), "unpinned"),
        (npx("@acme/mail-mcp@latest"), "unpinned"),
        (npx("@acme/mail-mcp@1.0.0"), "other-version"),
        ({"command": "docker", "args": ["run", "acme/mail"]}, "unpinned"),
    ],
)
def test_versions_that_float_or_differ_are_low_findings(machine: Machine, entry: dict[str, Any], rule: str) -> None:
    machine.configure(".cursor/mcp.json", {"mail": entry})
    found = {one["rule"]: one["level"] for one in machine.report()["findings"]}
    assert found[rule] == "low"
    assert not {"unpinned", "other-version"} - {rule} & set(found)


def test_a_server_that_is_switched_off_is_named_and_not_judged(machine: Machine) -> None:
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp", disabled=True)})
    found = machine.report()
    assert found["findings"] == []
    assert [(one["name"], one["disabled"]) for one in found["servers"]] == [("mail", True)]
    assert machine.scan().exit_code == 0


def test_servers_of_one_client_are_looked_at_together_and_those_of_two_are_not(machine: Machine) -> None:
    mail, web = npx("@acme/mail-mcp@1.2.3"), {"command": "uvx", "args": ["web-mcp==2.0.0"]}
    machine.configure(".cursor/mcp.json", {"mail": mail, "web": web})
    together = {one["rule"]: one for one in machine.report()["findings"]}
    assert "shadow" in together
    trifecta = together["combination/lethal-trifecta"]
    assert trifecta["server"] == "mail, web"
    assert len(trifecta["places"]) == 2
    machine.configure(".cursor/mcp.json", {"mail": mail})
    machine.configure(".codeium/windsurf/mcp_config.json", {"web": web})
    apart = {one["rule"] for one in machine.report()["findings"]}
    assert "shadow" not in apart


def test_a_threat_in_a_definition_is_quoted(machine: Machine) -> None:
    entry = {"command": "uvx", "args": ["--from", f"git+https://github.com/acme/notes@{'a1' * 20}", "notes"]}
    machine.configure(".cursor/mcp.json", {"notes": entry})
    threats = [one for one in machine.report()["findings"] if one["rule"].startswith("threat/")]
    assert threats
    assert all(one["quote"] and one["tool"] == "add_note" for one in threats)


def test_a_script_of_this_machine_is_read_without_fetching(machine: Machine) -> None:
    (machine.work / "server.py").write_text(SERVER)
    (machine.work / "pyproject.toml").write_text('[project]\nname = "mine"\nversion = "0.1"\n')
    machine.configure("../workspace/.mcp.json", {"own": {"command": "python", "args": ["server.py"]}})
    [server] = machine.report()["servers"]
    assert (server["known_from"], server["known_version"], server["identity"]) == ("folder", "0.1", "local:mine")
    assert [tool["name"] for tool in server["tools"]] == ["delete_everything"]


def test_a_folder_that_is_a_servers_source_is_scanned_as_one(machine: Machine) -> None:
    (machine.work / "server.py").write_text(SERVER)
    (machine.work / "pyproject.toml").write_text('[project]\nname = "mine"\n')
    machine.configure("../workspace/.cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    found = machine.report(str(machine.work))
    assert sorted(one["name"] for one in found["servers"]) == ["mail", "mine"]
    assert {"mail", "mine"} <= {one["server"] for one in found["findings"]}
    assert machine.scan(str(machine.home)).exit_code == 3


def test_a_folder_of_several_servers_or_of_none_is_not_analysed(machine: Machine) -> None:
    several, none = machine.work / "several", machine.work / "none"
    for name in ("one", "two"):
        (several / name).mkdir(parents=True)
        (several / name / "server.py").write_text(SERVER.replace("mine", name))
        scripts = f'[project.scripts]\n{name} = "server:main"\n'
        (several / name / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "1"\n{scripts}')
    (several / "package.json").write_text("{}")
    none.mkdir()
    (none / "package.json").write_text('{"name": "none"}')
    (none / "index.js").write_text("console.log(1);\n")
    servers = {
        "none": {"command": "node", "args": ["none/index.js"]},
        "several": {"command": "npx", "args": ["./several"]},
    }
    machine.configure("../workspace/.mcp.json", servers)
    reasons = {one["name"]: one["reason"] for one in machine.report()["servers"]}
    assert "no tools were found in its source" in reasons["none"]
    assert "holds 2 servers" in reasons["several"]
    assert sorted(one["name"] for one in machine.report(str(several))["servers"]) == ["one", "two"]
    assert machine.report("--fetch", str(none))["servers"] == []


def test_a_file_is_scanned_when_it_is_named(machine: Machine) -> None:
    file = machine.configure("some/servers.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    assert [one["name"] for one in machine.report(str(file))["servers"]] == ["mail"]
    file.write_text("{}")
    answer = machine.scan(str(file), "--fail-on", "unknown")
    assert answer.exit_code == 1
    assert "expected servers under" in answer.stdout
    assert machine.scan(str(file)).exit_code == 3


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_fetch_reads_what_the_catalog_does_not_hold(machine: Machine, tmp_path: Path) -> None:
    repository = tmp_path / "mine.git"
    repository.mkdir()
    (repository / "server.py").write_text(SERVER)
    (repository / "pyproject.toml").write_text('[project]\nname = "mine"\n')
    named = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    for words in (["init", "-q"], ["add", "."], [*named, "commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=repository, check=True)
    machine.configure(
        ".cursor/mcp.json", {"mine": {"command": "uvx", "args": ["--from", f"git+file://{repository}", "m"]}}
    )
    assert [one["analysed"] for one in machine.report()["servers"]] == [False]
    [server] = machine.report("--fetch")["servers"]
    assert (server["known_from"], [tool["name"] for tool in server["tools"]]) == ("fetched", ["delete_everything"])


def test_a_target_that_cannot_be_fetched_is_not_analysed(machine: Machine, tmp_path: Path) -> None:
    absent = f"git+file://{tmp_path}/absent.git"
    machine.configure(".cursor/mcp.json", {"mine": {"command": "uvx", "args": ["--from", absent, "m"]}})
    [server] = machine.report("--fetch")["servers"]
    assert server["reason"].startswith("could not be read")
    assert machine.scan("--fetch", "--fail-on", "unknown").exit_code == 1
