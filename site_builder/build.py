"""What every part of a build of the site needs: where files go, how pages are rendered, what decides their look."""

import hashlib
from dataclasses import dataclass

from site_builder.attacks import AttackList
from site_builder.environment import Render
from site_builder.output import OutputFolder

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Build:
    """One build; `generator` is the digest of all that decides what pages look like."""

    folder: OutputFolder
    renderer: Render
    generator: str
    attacks: AttackList
    built_at: str
    base_url: str

    def render(self, template: str, page: object) -> bytes:
        """Turn a context into bytes of HTML."""
        return self.renderer(f"pages/{template}.html", page).encode("utf-8", "replace")


def digest(*parts: str | bytes) -> str:
    """Digest texts and bytes, each with its length, as one."""
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        made.update(len(content).to_bytes(8, "big") + content)
    return made.hexdigest()
