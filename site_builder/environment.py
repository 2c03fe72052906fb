"""The templates: where they are, how they are loaded, and a digest of all that decides what pages look like."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import minijinja
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent.parent / "site_templates"
STATIC = TEMPLATES / "static"
_CODE = tuple(TEMPLATES.parent / name for name in ("site_builder", "policy", "catalog", "classifier"))


Render = Callable[[str, object], str]


def make_renderer() -> Render:
    """Make what renders a template with a page's context: minijinja, which reads Jinja2's templates and is faster.

    Its text is Jinja2's to the byte, which tests hold it to: it only spells three escaped characters in another way.
    """
    environment = minijinja.Environment(
        loader=_read_template,
        undefined_behavior="strict",
        auto_escape_callback=_always,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        reload_before_render=False,
    )

    def render(template: str, page: object) -> str:
        text: str = environment.render_template(template, page=page)
        # No text of a stranger can hold one of these: its ampersand would be escaped itself.
        return text.replace("&#x2f;", "/").replace("&#x27;", "&#39;").replace("&quot;", "&#34;")

    return render


def make_reference() -> Render:
    """Make the same of Jinja2, whose language the templates are written in and which is what they mean."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return lambda template, page: environment.get_template(template).render(page=page)


def _read_template(name: str) -> str | None:
    path = TEMPLATES / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _always(_: str) -> bool:
    return True


def digest_generator() -> str:
    """Digest the templates and the code that fills them: when it changes, every page is rendered again."""
    digest = hashlib.blake2b(digest_size=16)
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    files += [path for folder in _CODE for kind in ("*.py", "*.json") for path in folder.rglob(kind)]
    for path in sorted(files):
        digest.update(path.relative_to(TEMPLATES.parent).as_posix().encode())
        digest.update(b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
