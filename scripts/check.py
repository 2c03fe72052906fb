"""The gate: format, lint, import contract, types, and generated files up to date. `make check` runs it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS = (
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("import contract", ["lint-imports"]),
    ("types", ["mypy"]),
    ("generated docs", ["python", "scripts/make_docs.py", "--check"]),
)


def main() -> None:
    """Run every check, so that one run shows all that is wrong."""
    failed = []
    for name, command in CHECKS:
        result = subprocess.run(
            [str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True
        )
        print(f"{'ok  ' if result.returncode == 0 else 'FAIL'} {name}", flush=True)
        if result.returncode:
            failed.append(name)
            print(result.stdout + result.stderr, flush=True)
    if failed:
        sys.exit(f"check failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
