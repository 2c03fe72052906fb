"""The templates: where they are, how they are loaded, and a digest of all that decides what pages look like."""

import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent.parent / "site_templates"
STATIC = TEMPLATES / "static"
_CODE = (Path(__file__).parent, Path(__file__).parent.parent / "policy", Path(__file__).parent.parent / "catalog")


def make_environment() -> Environment:
    """Make the environment that all pages are rendered in."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def digest_generator() -> str:
    """Digest the templates and the code that fills them: when it changes, every page is rendered again."""
    digest = hashlib.blake2b(digest_size=16)
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    files += [path for folder in _CODE for path in folder.rglob("*.py")]
    for path in sorted(files):
        digest.update(path.relative_to(TEMPLATES.parent).as_posix().encode())
        digest.update(b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
