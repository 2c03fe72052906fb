"""Set up what the tests need, then run the whole suite. `make test` runs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Install a browser where that is possible, then run pytest with the arguments given."""
    _install("git", ("git",))
    _install("chromium", BROWSERS)
    _install("nginx-light", ("nginx", "/usr/sbin/nginx"))
    _install("postgresql", tuple(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb"))))
    # A process for each core, none of which waits for another; with `-n 0` all is in one process again.
    pytest = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", *sys.argv[1:]]
    sys.exit(subprocess.run(pytest, cwd=ROOT, check=False).returncode)


def _install(package: str, commands: tuple[str, ...]) -> None:
    """Install a Debian package when none of its commands is there and we are root; else say what is missing."""
    if any(shutil.which(command) for command in commands):
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
            subprocess.run([apt, *arguments], check=False, env=environment, stdout=subprocess.DEVNULL)
    if not any(shutil.which(command) for command in commands):
        print(f"{package} is not installed: the tests that need it are skipped (they fail where CI is set)")


if __name__ == "__main__":
    main()
