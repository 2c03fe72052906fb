"""The templates: where they are, how they are loaded, and a digest of all that decides what pages look like."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from site_builder.template_compiler import NotCompiledError, TemplateCompiler

TEMPLATES = Path(__file__).parent.parent / "site_templates"
STATIC = TEMPLATES / "static"
_CODE = tuple(TEMPLATES.parent / name for name in ("site_builder", "policy", "catalog", "classifier"))

Render = Callable[[str, object], str]


def make_renderer(theme: Path | None = None) -> Render:
    """Make what renders a template with a page's context: compiled, which is several times as fast as Jinja2.

    Its text is Jinja2's to the byte, which tests hold it to. Templates of the folder `theme` come before ours of the
    same name; those that say more than can be compiled are rendered by Jinja2.
    Raises TemplateError, when a template is rendered that cannot be read.
    """
    environment = _make_environment(theme)
    compiler = TemplateCompiler(environment)

    @cache
    def make(template: str) -> Callable[[object], str]:
        try:
            return compiler.compile(template)
        except NotCompiledError:
            return lambda page: environment.get_template(template).render(page=page)

    def render(template: str, page: object) -> str:
        return make(template)(page)

    return render


def make_reference(theme: Path | None = None) -> Render:
    """Make the same of Jinja2 alone, whose language the templates are written in and which is what they mean."""
    environment = _make_environment(theme)
    return lambda template, page: environment.get_template(template).render(page=page)


def _make_environment(theme: Path | None) -> Environment:
    return Environment(
        loader=FileSystemLoader([theme, TEMPLATES] if theme else [TEMPLATES]),
        undefined=StrictUndefined,
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def list_static(theme: Path | None) -> list[tuple[str, Path]]:
    """List the files of the folder `static` by name: ours, and those of a theme, which come before ours."""
    folders = [STATIC, *([theme / "static"] if theme else [])]
    found = {path.name: path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file()}
    return sorted(found.items())


def digest_generator(theme: Path | None = None) -> str:
    """Digest the templates and the code that fills them: when it changes, every page is rendered again."""
    digest = hashlib.blake2b(digest_size=16)
    roots = ((TEMPLATES, "*"), *((folder, kind) for folder in _CODE for kind in ("*.py", "*.json")))
    for root, kind in (*roots, *([(theme, "*")] if theme else [])):
        for path in sorted(one for one in root.rglob(kind) if one.is_file()):
            digest.update(f"{root.name}/{path.relative_to(root).as_posix()}".encode())
            digest.update(b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
