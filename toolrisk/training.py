"""Training the classifier: joins our labels with definitions that live elsewhere."""

from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import orjson

from catalog.records import ToolDefinition
from classifier.errors import LabelError
from classifier.labels import Key
from classifier.train import train
from crawler.recovery.tools_list import read_tools_list
from toolrisk.settings import Settings


def train_model(settings: Settings, dumps: Path) -> dict[str, Any]:
    """Train on our labels and the definitions in `dumps`, replace the shipped model, and give its card.

    Raises LabelError when nothing can be joined or a label cannot be used.
    """
    labels = settings.data / "labels"
    today = datetime.now(UTC).date().isoformat()
    trained = train(labels / "labels.csv", labels / "authored.jsonl", read_definitions(dumps), date=today)
    folder = Path(str(resources.files("classifier"))) / "artifacts"
    (folder / "model.json").write_bytes(trained.artifact)
    (folder / "card.json").write_bytes(trained.card)
    card: dict[str, Any] = orjson.loads(trained.card)
    return card


def read_definitions(dumps: Path) -> dict[Key, ToolDefinition]:
    """Read a folder of `tools/list` answers that also name their `registry` and `package`."""
    definitions: dict[Key, ToolDefinition] = {}
    for path in sorted(dumps.glob("*.json")):
        data = path.read_bytes()
        document = orjson.loads(data)
        if isinstance(document, dict) and {"registry", "package"} <= document.keys():
            for definition in read_tools_list(data, path.name).definitions:
                definitions[document["registry"], document["package"], definition.name] = definition
    if not definitions:
        raise LabelError(f"{dumps}: no tools/list answers that name their registry and package")
    return definitions
