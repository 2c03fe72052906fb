"""Make `.venv` with the pinned dependencies and this project in it. Needs only Python and its venv module."""

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def main() -> None:
    """Make the environment; say in one line what is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs before anything checked the version
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}; make PYTHON=python3.12 …")
    if not (VENV / "bin" / "pip").exists():
        try:
            venv.create(VENV, with_pip=True, clear=True)
        except (OSError, subprocess.CalledProcessError):
            sys.exit(".venv could not be made; on Debian its module is a package: apt-get install python3-venv")
    python = str(VENV / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "--requirement", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], check=True)
    (VENV / "installed").touch()


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"setting up .venv failed: {' '.join(error.cmd[3:6])} … exited with {error.returncode}")
