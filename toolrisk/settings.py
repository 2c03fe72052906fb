"""What the environment and the installation decide; only the application reads this."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are.

    `catalog` is a SQLAlchemy URL, `cache` holds fetched archives, `overrides` are reviewed verdicts.
    """

    catalog: str
    cache: Path
    data: Path
    overrides: Path


def read_settings() -> Settings:
    """Read TOOLRISK_CATALOG (a path or a SQLAlchemy URL), TOOLRISK_CACHE (a folder) and TOOLRISK_OVERRIDES (a file)."""
    catalog = os.environ.get("TOOLRISK_CATALOG") or "catalog.db"
    cache = os.environ.get("TOOLRISK_CACHE")
    return Settings(
        catalog=catalog if "://" in catalog else f"sqlite:///{catalog}",
        cache=Path(cache) if cache else platformdirs.user_cache_path("toolrisk"),
        data=_data_folder(),
        overrides=Path(os.environ.get("TOOLRISK_OVERRIDES") or "overrides.jsonl"),
    )


def _data_folder() -> Path:
    """Find our data files: inside the package when installed, at the top of a checkout otherwise."""
    package = Path(__file__).resolve().parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"
