"""What the environment and the installation decide; only the application reads this."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

GITHUB_API = "https://api.github.com"


class SettingError(ValueError):
    """A variable of the environment has no value of its kind; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are.

    `catalog` is a SQLAlchemy URL, `cache` holds fetched archives, `overrides` are reviewed verdicts. `contact` is told
    to the servers that are asked; `allow_private` lets HTTP reach private addresses; `rate` and `per_host` are how many
    requests a second, and at once, one host gets. `executor` says where the work runs.
    """

    catalog: str = field(repr=False)  # it may hold a password
    cache: Path
    data: Path
    overrides: Path
    contact: str | None = None
    allow_private: bool = False
    rate: float = 20.0
    per_host: int = 4
    github_token: str | None = field(default=None, repr=False)
    github_api: str = GITHUB_API
    executor: str = "processes"


def read_settings() -> Settings:
    """Read the environment: the variables are listed in the README."""
    catalog = os.environ.get("TOOLRISK_CATALOG") or "catalog.db"
    cache = os.environ.get("TOOLRISK_CACHE")
    return Settings(
        catalog=catalog if "://" in catalog else f"sqlite:///{catalog}",
        cache=Path(cache) if cache else platformdirs.user_cache_path("toolrisk"),
        data=_data_folder(),
        overrides=Path(os.environ.get("TOOLRISK_OVERRIDES") or "overrides.jsonl"),
        contact=os.environ.get("TOOLRISK_CONTACT") or None,
        allow_private=os.environ.get("TOOLRISK_ALLOW_PRIVATE") == "1",
        rate=_number("TOOLRISK_RATE", 20.0),
        per_host=int(_number("TOOLRISK_PER_HOST", 4)),
        github_token=os.environ.get("GITHUB_TOKEN") or None,
        executor=os.environ.get("TOOLRISK_EXECUTOR") or "processes",
        github_api=(os.environ.get("TOOLRISK_GITHUB_API") or GITHUB_API).rstrip("/"),
    )


def _number(name: str, usual: float) -> float:
    text = os.environ.get(name) or str(usual)
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise SettingError(f"{name}={text}: expected a number above 0")
    return number


def _data_folder() -> Path:
    """Find our data files: inside the package when installed, at the top of a checkout otherwise."""
    package = Path(__file__).resolve().parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"
