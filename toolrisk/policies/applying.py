"""What `toolrisk policy apply` does: recommend a policy for each server of a client, and merge it into its file.

Nothing is written before every file was read, merged and found to be as it should: then all of them are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.siblings import server_context
from clients.client import Surroundings
from clients.configuration import ConfiguredServer, read_configuration
from clients.discovery import FoundFile, find_project_files, find_user_files, name_file
from clients.errors import DocumentError
from clients.launch import resolve
from clients.merge import Merged, merge_policy
from clients.merge_forms import FORMS
from clients.redaction import HIDDEN
from policy.errors import PolicyError
from policy.format import Format, Loss, write_policy
from policy.profile import Bounds, Profile
from toolrisk.policies.exporting import find_format
from toolrisk.policies.policy_files import Appliable, Where
from toolrisk.policies.replacing import Replaced, read_whole, replace_whole
from toolrisk.policies.source import Sourced, policy_of, recommended_for
from toolrisk.scan.looking_up import look_up
from toolrisk.scan.report import ReadServer
from toolrisk.settings import SettingError, Settings
from toolrisk.subject import Subject
from toolrisk.texts import one_line

_Place = tuple[Path, str]  # a file, and a server's name in it
_MEANS = "nothing of it was changed, and what its client does by itself still holds"


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for. `servers` are the names that count, each with what it is, if that was said."""

    client: Appliable
    servers: Mapping[str, str | None]
    profile: Profile = Profile.RECOMMENDED
    file: Path | None = None
    project: Path | None = None
    replace: bool = False
    fetch: bool = False


@dataclass(frozen=True, slots=True)
class AppliedServer:
    """A server whose policy goes into a file, what the form could not say, and what was met there.

    `gaps` say why tools may be missing in it.
    """

    name: str
    file: Path
    losses: tuple[Loss, ...]
    merged: Merged
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A configured server that has no policy, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file as it is and as it will be; both are the same when there is nothing to do."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that applying comes to. `problems` are parts of the client's configuration that cannot be read."""

    form: Format
    files: tuple[ChangedFile, ...] = ()
    servers: tuple[AppliedServer, ...] = ()
    left: tuple[LeftAlone, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Chosen:
    sourced: Sourced
    gaps: tuple[str, ...] = ()


def plan_application(request: Request, settings: Settings, surroundings: Surroundings) -> Application:
    """Find the servers, recommend and merge; write nothing.

    Raises SettingError for a server that is not configured, PolicyError for a file that cannot be used, and what
    `policy_of` raises.
    """
    form = find_format(request.client.form)
    if form is None:
        raise SettingError(f"--client {request.client.id}: it has no form of its own")
    servers, problems = _configured(request, surroundings)
    _check_named(request, servers, problems)
    places, left = _places(request, servers, surroundings)
    chosen, unknown, notes = _policies(request, places, settings)
    left += unknown
    applied: list[AppliedServer] = []
    files: list[ChangedFile] = []
    for path in sorted({path for path, _ in chosen}):
        mine = {name: one for (where, name), one in chosen.items() if where == path}
        changed, done, refused = _merge_file(path, mine, form, _top(path, request, surroundings), request)
        files += [changed] if done else []
        applied += done
        left += refused
    return Application(
        form, tuple(files), tuple(applied), tuple(sorted(left, key=lambda one: one.name)), (*problems, *notes)
    )


def write_application(found: Application, request: Request, surroundings: Surroundings) -> dict[Path, Replaced]:
    """Write what is to be changed. Raises PolicyError, naming what had been written before."""
    written: dict[Path, Replaced] = {}
    for one in found.files:
        if not one.is_changed:
            continue
        try:
            top = _top(one.path, request, surroundings)
            written[one.path] = replace_whole(one.path, one.before, one.after, top)
        except (PolicyError, OSError) as error:
            before = f"; written before that: {', '.join(map(str, written))}" if written else ""
            raise PolicyError(f"{error}{before}") from None
    return written


def _configured(request: Request, surroundings: Surroundings) -> tuple[list[ConfiguredServer], tuple[str, ...]]:
    servers: list[ConfiguredServer] = []
    problems: list[str] = []
    for one in _files(request, surroundings):
        read = read_configuration(one.path, one.client, one.place)
        servers += read.servers
        for problem in read.problems:
            line = f": line {problem.line}" if problem.line else ""
            column = f", column {problem.column}" if problem.column else ""
            problems.append(f"{problem.file}{line}{column}: {problem.expected}")
    return servers, tuple(problems)


def _files(request: Request, surroundings: Surroundings) -> Iterable[FoundFile]:
    client = request.client.client
    if request.file is not None and FORMS[request.client.form].entry is not None:
        return [name_file(request.file.absolute(), (client,))]
    if request.project is not None:
        return find_project_files(request.project.absolute(), (client,))
    return find_user_files(surroundings, (client,))


def _check_named(request: Request, servers: Sequence[ConfiguredServer], problems: Sequence[str]) -> None:
    known = sorted({one.name for one in servers})
    for name in request.servers:
        if name not in known:
            shown = ", ".join(known[:10]) or "none"
            why = f"; {problems[0]}" if problems else ""
            says = f"--server {name}: {request.client.id} has no such server; it has: {shown}{why}"
            raise SettingError(one_line(says))


def _places(
    request: Request, servers: Iterable[ConfiguredServer], surroundings: Surroundings
) -> tuple[dict[_Place, list[ConfiguredServer]], list[LeftAlone]]:
    """Say where the policy of each server goes."""
    places: dict[_Place, list[ConfiguredServer]] = defaultdict(list)
    left: list[LeftAlone] = []
    for one in servers:
        if request.servers and one.name not in request.servers:
            continue
        project = request.project.absolute() if request.project else None
        path = request.file.absolute() if request.file else request.client.file(Where(surroundings, project, one))
        if HIDDEN in one.name:
            left.append(LeftAlone(one.name, "its name looks like a secret; give it another one"))
        elif path is None:
            left.append(LeftAlone(one.name, f"which file its policy goes into is not known ({one.file}); use --file"))
        else:
            places[path, one.name].append(one)
    return dict(places), left


def _policies(
    request: Request, places: Mapping[_Place, Sequence[ConfiguredServer]], settings: Settings
) -> tuple[dict[_Place, _Chosen], list[LeftAlone], tuple[str, ...]]:
    """Recommend a policy for what is known; say of the rest why there is none."""
    keys = {place: {resolve(one.launch).key for one in held} for place, held in places.items()}
    asked = {key for (_, name), held in keys.items() if not request.servers.get(name) for key in held if key}
    known, note = look_up(settings.catalog, asked) if asked else ({}, None)
    found: dict[_Place, _Chosen] = {}
    left: list[LeftAlone] = []
    for place, held in keys.items():
        name = place[1]
        chosen: _Chosen | str
        if subject := request.servers.get(name):
            chosen = _Chosen(policy_of(subject, settings, request.profile, Bounds(), name=name))
        elif len(held) > 1:
            chosen = f"it is configured in several ways; --server {name}=SERVER says which counts"
        else:
            one = places[place][0]
            read = known.get(next(iter(held)) or "") or (_fetch(one, settings) if request.fetch else _why_unknown(one))
            chosen = read if isinstance(read, str) else _recommend(read, request.profile, name)
        if isinstance(chosen, _Chosen) and chosen.sourced.unknown:
            chosen = f"not analysed: {chosen.sourced.unknown.split(';')[0]}"
        if isinstance(chosen, str):
            left.append(LeftAlone(name, f"{chosen}; {_MEANS}"))
        else:
            found[place] = chosen
    return found, left, (note,) if note else ()


def _recommend(read: ReadServer, profile: Profile, name: str) -> _Chosen:
    context = server_context(read.name, read.description, [definition for definition, _ in read.tools])
    subject = Subject(read.name, read.slug, context, read.tools)
    return _Chosen(recommended_for(subject, profile, Bounds(), name=name), read.gaps)


def _fetch(server: ConfiguredServer, settings: Settings) -> ReadServer | str:
    from toolrisk.scan.reading import fetch_target  # noqa: PLC0415 - loads every parser, and most servers are known

    target = resolve(server.launch).target
    return fetch_target(target, settings) if target else _why_unknown(server)


def _why_unknown(server: ConfiguredServer) -> str:
    resolution = resolve(server.launch)
    if resolution.target:
        return (
            f"not in the catalog: {resolution.target} (--fetch reads it, `toolrisk crawl {resolution.target}` adds it)"
        )
    why = resolution.reason or f"a program of this machine: {resolution.path}"
    return f"not in the catalog: {why}; --server {server.name}=FILE gives its tools"


def _merge_file(
    path: Path, policies: Mapping[str, _Chosen], form: Format, top: Path | None, request: Request
) -> tuple[ChangedFile, list[AppliedServer], list[LeftAlone]]:
    """Merge the policies of all servers whose file this is, one after another."""
    before = read_whole(path, top)
    data = before
    done: list[AppliedServer] = []
    left: list[LeftAlone] = []
    for name, one in sorted(policies.items()):
        try:
            rendered = write_policy(form, one.sourced.policy)
        except PolicyError as error:
            left.append(LeftAlone(name, f"{error}; {_MEANS}"))
            continue
        tools = [tool.tool for tool in one.sourced.policy.tools]
        try:
            merged = merge_policy(data, rendered.text, form.id, name, tools, replace=request.replace)
        except DocumentError as error:
            line = f": line {error.line}" if error.line else ""
            column = f", column {error.column}" if error.column else ""
            raise PolicyError(f"{one_line(str(path))}{line}{column}: {error.expected}; nothing was written") from None
        data = merged.data
        done.append(AppliedServer(name, path, rendered.losses, merged, one.gaps))
    return ChangedFile(path, before, data if data is not None else b""), done, left


def _top(path: Path, request: Request, surroundings: Surroundings) -> Path | None:
    """Give the folder that a file must not leave through a link; a file that a person named may be anywhere."""
    if request.file is not None:
        return None
    project = request.project.absolute() if request.project else None
    return next((top for top in (project, Path(surroundings.home)) if top and path.is_relative_to(top)), None)
