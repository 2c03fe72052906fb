"""Promises about the repository itself: names, notes, layers, nothing of anybody's machine or registry."""

import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("toolrisk", "site_builder", "clients", "crawler", "classifier", "policy", "catalog")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_says_what_it_is_for_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""')
    assert not re.search(r"\b(?:TODO|FIXME|XXX)\b", text)
    assert path.stem not in ("utils", "helpers", "common", "base", "misc", "manager")


def test_our_packages_are_ours() -> None:
    for package in PACKAGES:
        owners = metadata.packages_distributions().get(package, [])
        assert set(owners) <= {"toolrisk"}, f"{package} is also installed by {owners}"
        module = __import__(package)
        assert Path(str(module.__file__)).is_relative_to(ROOT)


def test_no_address_of_a_registry_or_of_this_machine_is_in_a_file() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    # Put together here, so that this file does not hold what it looks for.
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
    ]
    for name in listed.splitlines():
        path = ROOT / name
        if path.is_file():
            text = path.read_bytes()
            assert not [host for host in hosts if host.encode() in text], name
            assert str(ROOT).encode() not in text, name


def test_extraction_code_names_no_single_server() -> None:
    targets = (ROOT / "data" / "targets" / "default.txt").read_text(encoding="utf-8")
    names = re.findall(r"(?:npm:|pypi:)(@?[\w./-]+?)(?:@|==)", targets)
    assert len(names) >= 50
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert not [name for name in names if re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w./-])", code)]


def test_paths_that_documents_name_exist() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for name in re.findall(
            r"`((?:docs|crawler|classifier|policy|catalog|toolrisk|site_builder|data)/[\w./-]+)`",
            (document.read_text(encoding="utf-8")),
        ):
            if "NAME" not in name:
                assert (ROOT / name.rstrip("/")).exists(), f"{document.name} names {name}"
