"""Inputs of benchmarks that every checkout has alike: a classified catalog, and a corpus of sources.

Not real servers: the catalog is of our authored examples, the corpus of our tests' fixtures. Figures of the ecosystem
come from a crawl.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_COPIES = 5  # so that there is something to measure


def make_catalog(folder: Path) -> tuple[Path, Path]:
    """Make a catalog of the authored examples, all assessed, in `folder`; give it and the folder of their answers.

    Each server of the examples is one of the catalog, and one `tools/list` answer.
    """
    catalog, lists = folder / "catalog.db", folder / "lists"
    lists.mkdir()
    servers = defaultdict(list)
    for line in (ROOT / "data/labels/authored.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        servers[one["server"]].append({name: one.get(name) for name in ("name", "description", "inputSchema")})
    for server, tools in servers.items():
        (lists / f"{server}.json").write_text(json.dumps({"tools": tools}), encoding="utf-8")
    environment = {**os.environ, "TOOLRISK_CATALOG": str(catalog), "TOOLRISK_CACHE": str(folder / "cache")}
    targets = [f"tools:{path}" for path in sorted(lists.iterdir())]
    for arguments in (["crawl", *targets], ["classify"]):
        command = [sys.executable, "-m", "toolrisk", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return catalog, lists


def make_corpus(folder: Path) -> Path:
    """Lay the extractors' fixtures out in `folder` as targets, each language one, several times over."""
    corpus = folder / "corpus"
    for language in sorted((ROOT / "tests/fixtures/extractors").iterdir()):
        for copy in range(_COPIES if language.is_dir() else 0):
            shutil.copytree(language, corpus / f"{language.name}-{copy}")
    return corpus
