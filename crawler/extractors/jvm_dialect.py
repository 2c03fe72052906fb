"""What Java and Kotlin share as dialects: annotations, and the libraries that build texts, lists and maps."""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import orjson
from tree_sitter import Node

from crawler.extractors.codebase import Declaration, ancestors
from crawler.extractors.dialect import Dialect, text_of
from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN
from crawler.extractors.evaluator import as_text
from crawler.extractors.expressions import Call, Expression, Name, Record, Symbol, Unbound, Value
from crawler.extractors.jvm_texts import TEXT_METHODS, format_text

_MAX_JSON = 1_000_000
_IMPORT = re.compile(rb"^\s*import\s+(?:static\s+)?([\w.]+(?:\.\*)?)(?:\s+as\s+\w+)?\s*;?\s*$", re.MULTILINE)
_EMPTY_MAPS = frozenset(
    (
        "HashMap", "LinkedHashMap", "TreeMap", "ConcurrentHashMap", "JsonObject", "JSONObject", "ObjectNode",
        "createObjectNode", "objectNode", "createObjectBuilder", "emptyMap",
    )
)  # fmt: skip
_EMPTY_LISTS = frozenset(
    (
        "ArrayList", "LinkedList", "HashSet", "LinkedHashSet", "TreeSet", "JsonArray", "JSONArray", "ArrayNode",
        "createArrayNode", "arrayNode", "createArrayBuilder", "emptyList", "emptySet",
    )
)  # fmt: skip
_PUTS = frozenset(("put", "set", "add", "addProperty", "putIfAbsent", "replace"))
_ADDS = frozenset(("add", "addAll", "addLast", "append"))


class JvmDialect(Dialect):
    """The part of Java and Kotlin that is the same in both."""

    type_nodes: ClassVar[frozenset[str]] = frozenset()  # node types that declare a type
    tool_calls: tuple[str, ...] = ()  # the SDK's methods that take a tool's parts
    annotation_nodes: ClassVar[frozenset[str]] = frozenset()

    def annotations(self, node: Node | None) -> list[Call]:
        """Give the annotations of a declaration or a parameter as calls, in order."""
        raise NotImplementedError

    def condition_of(self, node: Node, function: Node) -> Expression | None:
        """Give the condition of the innermost branch around a statement of a function; None for none."""
        inner = node
        for parent in ancestors(node):
            if parent == function:
                return None
            branch = self.branch(parent, inner)
            if branch is not None:
                condition, holds = branch
                lowered = self.lower(condition)
                return lowered if holds else Call(Name("!"), (lowered,), (), (), parent)
            inner = parent
        return None

    def branch(self, node: Node, inner: Node) -> tuple[Node, bool] | None:
        """Give an if's condition, and whether `inner` is the branch where it holds; None when it is no branch."""
        raise NotImplementedError

    def condition_text(self, node: Node, inner: Node) -> str | None:
        """Give an if's condition for what stands in its branch."""
        branch = self.branch(node, inner)
        if branch is None:
            return None
        text = text_of(branch[0])
        text = text.removeprefix("(").removesuffix(")") if branch[0].type == "parenthesized_expression" else text
        return text if branch[1] else f"!({text})"

    def annotated(self, annotation: Node) -> Node | None:
        """Give the declaration that an annotation stands on."""
        raise NotImplementedError

    def typed_names(self, node: Node) -> dict[str, str]:
        """Give the parameters and variables around a node whose type is written, with the type's last name."""
        raise NotImplementedError

    def tool_site(self, node: Node) -> Node | None:
        """Give the whole chain of calls that a construction of the SDK's tool begins; None when it is no such one."""
        raise NotImplementedError

    def fluent_end(self, node: Node) -> Node:
        """Give the last call of the fluent chain that a call begins."""
        raise NotImplementedError

    def is_base_call(self, node: Node) -> bool:
        """Tell whether a call names the class that another one extends."""
        raise NotImplementedError

    def is_abstract(self, declaration: Declaration) -> bool:
        """Tell whether a type has no instances of its own."""
        raise NotImplementedError

    def owner_of(self, node: Node) -> str:
        """Name the type that a node stands in."""
        for parent in ancestors(node):
            if parent.type in self.type_nodes:
                return self.function_name(parent)
        return ""

    def builtin(self, name: str, owner: Value, args: list[Value], named: Mapping[str, Value]) -> Value:
        """Do what collections, texts and JSON trees of the JVM do."""
        if named:
            return NotImplemented
        if isinstance(owner, Record) and owner.name == "class" and name in ("simpleName", "getSimpleName"):
            return owner.types[0].rpartition(".")[2] or UNKNOWN if owner.types else UNKNOWN
        if isinstance(owner, Record) and "name()" in owner.named and name in ("name", "toString"):
            return owner.named["name()"]
        if isinstance(owner, dict | list | str):
            return _on_value(name, owner, args)
        package = owner.last if isinstance(owner, Symbol) else ""
        if name in _EMPTY_MAPS:
            return dict(args[0]) if args and isinstance(args[0], dict) else {}
        if name in _EMPTY_LISTS:
            return list(args[0]) if args and isinstance(args[0], list) else []
        done = _FREE.get(f"{package}.{name}" if package else name) or _FREE.get(f"*.{name}")
        return done(args) if done is not None else NotImplemented


def imports_of(data: bytes) -> list[str]:
    """Give the dotted names that a file imports."""
    return [found.decode("ascii", "replace") for found in _IMPORT.findall(data)]


def _on_value(name: str, owner: Any, args: list[Value]) -> Value:
    if isinstance(owner, dict):
        return _on_map(name, owner, args)
    if isinstance(owner, list):
        return _on_list(name, owner, args)
    done = TEXT_METHODS.get(name)
    if done is None:
        return NotImplemented
    if any(isinstance(arg, Unbound) for arg in args):
        return next(arg for arg in args if isinstance(arg, Unbound))
    try:
        return done(owner, *args)
    except (TypeError, ValueError, IndexError, OverflowError, AttributeError):
        return UNKNOWN


def _on_map(name: str, owner: dict[str, Value], args: list[Value]) -> Value:
    if name in _PUTS and len(args) == 2:
        key = key_text(args[0])
        return owner | {key: args[1]} if key is not None else owner
    if name in ("putAll", "setAll") and args and isinstance(args[0], dict):
        return owner | args[0]
    if name == "get" and len(args) == 1:
        key = key_text(args[0])
        return owner.get(key, UNKNOWN) if key is not None else UNKNOWN
    if name in ("putObject", "withObject", "putArray", "withArray"):
        return [] if name.endswith("Array") else {}
    if name in ("keySet", "keys"):
        return list(owner)
    if name == "values":
        return list(owner.values())
    if name in ("toString", "toPrettyString", "encode", "encodePrettily"):
        return json_text(owner)
    return owner if name in _SAME else NotImplemented


def _on_list(name: str, owner: list[Value], args: list[Value]) -> Value:
    if name in ("add", "append", "addLast") and len(args) == 1:
        return [*owner, args[0]]
    if name == "addAll" and args and isinstance(args[0], list):
        return [*owner, *args[0]]
    if name in ("collect", "toList", "toArray", "stream", "toTypedArray", "toSet", "asList", "sorted"):
        return owner
    if name == "joinToString":
        return _join([args[0] if args else ", ", owner])
    if name == "get" and len(args) == 1 and isinstance(args[0], int) and 0 <= args[0] < len(owner):
        return owner[args[0]]
    return owner if name in _SAME else NotImplemented


def key_text(value: Value) -> str | None:
    """Give a map's key as text; None when it is not known."""
    if isinstance(value, Symbol):
        # A constant of a library or an enum stands for its name; a bare variable that nobody knows for nothing.
        return value.last if "." in value.text or value.text[:1].isupper() else None
    return as_text(value)


def json_text(value: Value) -> Value:
    """Give a tree as JSON text; UNKNOWN when part of it is not known."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return UNKNOWN


def _equal(one: Value, other: Value) -> Value:
    plain = (str, int, float, type(None))
    return one == other if isinstance(one, plain) and isinstance(other, plain) else NotImplemented


def _parsed(args: list[Value]) -> Value:
    if not args or not isinstance(args[0], str) or len(args[0]) > _MAX_JSON:
        return NotImplemented
    try:
        return orjson.loads(args[0])
    except orjson.JSONDecodeError:
        return NotImplemented


def _pairs(args: list[Value]) -> Value:
    keys = [key_text(key) for key in args[::2]]
    return {key: value for key, value in zip(keys, args[1::2], strict=False) if key is not None}


def _entries(args: list[Value]) -> Value:
    table: dict[str, Value] = {}
    for entry in args:
        key = key_text(entry[0]) if isinstance(entry, list) and len(entry) == 2 else None
        if key is not None:
            table[key] = entry[1]
    return table


def _listed(args: list[Value]) -> Value:
    return args[0] if len(args) == 1 and isinstance(args[0], list) else list(args)


def _join(args: list[Value]) -> Value:
    separator, *items = args
    items = items[0] if len(items) == 1 and isinstance(items[0], list) else items
    texts = [as_text(item) for item in items]
    if None in texts or not isinstance(separator, str):
        return UNKNOWN
    return separator.join(text for text in texts if text is not None)[:MAX_TEXT]


_SAME = frozenset(
    ("build", "copy", "asObject", "asArray", "toMap", "toMutableMap", "toMutableList", "deepCopy", "clone", "entrySet")
)
_FREE: dict[str, Callable[[list[Value]], Value]] = {
    "!": lambda args: not args[0] if isinstance(args[0], bool) else NotImplemented,
    "==": lambda args: _equal(*args),
    "!=": lambda args: not same if isinstance(same := _equal(*args), bool) else NotImplemented,
    "?:": lambda args: args[0] if isinstance(args[0], str | int | float | list | dict) else NotImplemented,
    "List.of": _listed,
    "Set.of": _listed,
    "Stream.of": _listed,
    "EnumSet.of": _listed,
    "ImmutableList.of": _listed,
    "ImmutableSet.of": _listed,
    "Arrays.asList": _listed,
    "Arrays.stream": _listed,
    "Collections.singletonList": _listed,
    "Collections.singleton": _listed,
    "Collections.unmodifiableList": _listed,
    "Collections.unmodifiableMap": lambda args: args[0] if args else UNKNOWN,
    "List.copyOf": _listed,
    "Set.copyOf": _listed,
    "Map.copyOf": lambda args: args[0] if args else UNKNOWN,
    "Collections.singletonMap": _pairs,
    "Map.of": _pairs,
    "ImmutableMap.of": _pairs,
    "Map.entry": list,
    "Map.ofEntries": _entries,
    "String.format": lambda args: format_text(args[0], args[1:]) if args else UNKNOWN,
    "String.join": lambda args: _join(args) if args else UNKNOWN,
    "String.valueOf": lambda args: args[0] if args else UNKNOWN,
    "listOf": list,
    "setOf": list,
    "arrayOf": list,
    "mutableListOf": list,
    "arrayListOf": list,
    "listOfNotNull": list,
    "setOfNotNull": list,
    "mutableSetOf": list,
    "linkedSetOf": list,
    "mapOf": _entries,
    "mutableMapOf": _entries,
    "linkedMapOf": _entries,
    "hashMapOf": _entries,
    "Pair": list,
    "JsonPrimitive": lambda args: args[0] if args else UNKNOWN,
    "JsonArray": _listed,
    "JsonObject": lambda args: args[0] if args and isinstance(args[0], dict) else {},
    "*.parseToJsonElement": _parsed,
    "*.decodeFromString": _parsed,
    "Optional.of": lambda args: args[0] if args else UNKNOWN,
    "Objects.requireNonNull": lambda args: args[0] if args else UNKNOWN,
    "Boolean.valueOf": lambda args: args[0] if args else UNKNOWN,
    "StringBuilder": lambda args: args[0] if args and isinstance(args[0], str) else "",
    "*.writeValueAsString": lambda args: json_text(args[0]) if args and isinstance(args[0], dict) else NotImplemented,
    "*.readTree": _parsed,
    "*.readValue": _parsed,
    "*.fromJson": _parsed,
    "*.parseString": _parsed,
}
