"""What holds of every scan: exit codes, ids that stay, the same bytes, no secret, and no waiting."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clients import CLIENTS
from clients.client import Surroundings, System
from tests.clients.scan_catalog import HELD, Held, make_catalog
from tests.clients.scan_machine import Machine, machine, npx
from tests.effort import ends_within

__all__ = ["machine"]  # a fixture

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clients"


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [
        ([], 1),
        (["--fail-on", "critical"], 1),
        (["--fail-on", "low"], 1),
        (["--fail-on", "never"], 0),
        (["--fail-on", "sometimes"], 2),
        (["--fail-on", "high,low"], 2),
        (["--fail-on", "never,unknown"], 2),
        (["--fail-on", "critical, unknown"], 1),
        (["--json", "--sarif", "-"], 2),
        (["absent.json"], 2),
        (["--baseline", "absent.json"], 2),
        (["--ignore", "absent.toml"], 2),
    ],
)
def test_exit_codes_are_those_of_the_contract(machine: Machine, fail_on: list[str], code: int) -> None:
    machine.configure(".cursor/mcp.json", {"mail": npx("@acme/mail-mcp@1.2.3")})
    answer = machine.scan(*fail_on)
    assert answer.exit_code == code
    assert answer.stderr.count("\n") == (code == 2)


def test_low_findings_count_only_when_asked_for(machine: Machine) -> None:
    machine.configure(".cursor/mcp.json", {"some": npx("partial-mcp")})
    codes = [machine.scan("--fail-on", level).exit_code for level in ("high", "medium", "low", "info")]
    assert codes == [0, 0, 1, 1]


def variants(machine: Machine) -> list[Callable[[], object]]:
    mail, web = npx("@acme/mail-mcp@1.2.3"), {"command": "uvx", "args": ["web-mcp==2.0.0"]}
    renamed = {"post": npx("@acme/mail-mcp@1.2.3", "--verbose"), "a": web}
    return [
        lambda: machine.configure(".cursor/mcp.json", {"mail": mail, "web": web}),
        lambda: machine.configure(".cursor/mcp.json", {"web": web, "mail": mail}),
        lambda: machine.configure(".cursor/mcp.json", renamed),
        lambda: machine.configure(".codeium/windsurf/mcp_config.json", renamed),
        lambda: machine.configure("../workspace/.vscode/mcp.json", {"web": web, "mail": mail}, "servers"),
    ]


def test_ids_do_not_depend_on_client_file_order_or_name(machine: Machine) -> None:
    found = []
    for configure in variants(machine):
        shutil.rmtree(machine.home)
        configure()
        found.append(machine.ids())
    assert len(found[0]) > 2
    assert all(ids == found[0] for ids in found)
    for configure in variants(machine):
        configure()
    assert machine.ids() == found[0]


def test_two_scans_write_the_same_bytes(machine: Machine) -> None:
    for configure in variants(machine):
        configure()
    for output in ([], ["--json"], ["--sarif", "-"], ["--markdown", "-"]):
        assert machine.scan(*output).stdout == machine.scan(*output).stdout


def test_no_secret_of_any_client_is_in_any_output(machine: Machine) -> None:
    for client in CLIENTS:
        [fixture] = (FIXTURES / client.id).glob("user.*")
        for path, _ in client.files(Surroundings(System.LINUX, machine.home, {})):
            file = Path(str(path).replace("*", "some"))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(fixture.read_bytes())
    machine.configure(
        "../workspace/.mcp.json", {"broken": {"command": ["x7Kp2PLANTED9QzL4vT8mB3"], "args": {"PLANTED-9": 1}}}
    )
    (machine.work / ".cursor").mkdir()
    (machine.work / ".cursor" / "mcp.json").write_text('{"mcpServers": {"a": {"env": {"TOKEN": "PLANTED-10" "x"}}}}')
    sarif, markdown, baseline = (machine.work / name for name in ("s.json", "m.md", "b.json"))
    answers = [
        machine.scan("--sarif", str(sarif), "--markdown", str(markdown), "--write-baseline", str(baseline)),
        machine.scan("--json"),
        machine.scan("--baseline", str(baseline), "--fail-on", "unknown"),
    ]
    outputs = [text for answer in answers for text in (answer.stdout, answer.stderr, repr(answer.exception))]
    outputs += [path.read_text() for path in (sarif, markdown, baseline)]
    assert all("planted" not in output.lower() for output in outputs)
    assert len(json.loads(outputs[3])["servers"]) > 3 * len(CLIENTS)
    assert "•••" in outputs[3]


def test_halves_of_characters_in_names_can_be_printed_everywhere(machine: Machine) -> None:
    file = machine.work / "\udcff.json"
    file.write_text('{"mcpServers": {"a\\ud800": {"command": "x\\udfff", "args": ["\\ud800"]}}}')
    for output in ([], ["--json"], ["--sarif", "-"], ["--markdown", "-"]):
        answer = machine.scan(str(file), *output)
        assert (answer.exit_code, answer.exception) == (0, None)
        assert "ud800" in answer.stdout


def test_fifty_servers_of_the_catalog_are_scanned_in_no_time(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [
        Held("npm", f"made-{at}", "1.0.0", {f"list_things_{at}_{kind}": f"Lists {kind}." for kind in range(20)})
        for at in range(60)
    ]
    monkeypatch.setenv("TOOLRISK_CATALOG", str(make_catalog(tmp_path / "large.db", [*held, *HELD])))
    machine.configure(".cursor/mcp.json", {f"s{number}": npx(f"made-{number}@1.0.0") for number in range(50)})
    with ends_within(3):
        assert machine.scan("--fail-on", "never").exit_code == 0
