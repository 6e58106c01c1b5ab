"""The JSON Schema of the configuration file, for editors and for messages that say what to write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def config_schema() -> Schema:
    """Return the JSON Schema of ``crm-sync.yaml``."""
    from crm_sync.config.file import ConfigFile

    told = _plain(ConfigFile.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **told, "title": "crm-sync.yaml"}


def _plain(part: Any, *, named: bool = False) -> Any:
    """Return the schema without made-up titles and without null, which is written by leaving a key out.

    *named* says that the keys of *part* are names of the file's own and no words of the schema.
    """
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _plain(value, named=not named and key in {"properties", "$defs"})
        for key, value in part.items()
        if named or not (key == "title" or (key == "default" and value in (None, {})))
    }
    choices = kept.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        choices = [choice for choice in choices if choice != {"type": "null"}]
        kept.pop("anyOf")
        kept = {**(choices[0] if len(choices) == 1 else {"anyOf": choices}), **kept}
    return kept


class SchemaWalk:
    """Looks things up in the schema by the keys that lead to them."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def keys_at(self, where: tuple[str | int, ...], data: Any) -> list[str]:
        """Return the keys that may stand there, [] where any name may."""
        found = [form.get("properties", {}) for form in self._forms_at(where, data)]
        return list(dict.fromkeys(key for properties in found for key in properties))

    def example_at(self, where: tuple[str | int, ...], data: Any) -> Any:
        """Return an example of what may stand there, None where the schema shows none."""
        for form in (*self._steps(where, data), *self._forms_at(where, data)):
            if form.get("examples"):
                return form["examples"][0]
        return None

    def _forms_at(self, where: tuple[str | int, ...], data: Any) -> list[Schema]:
        for part in where:
            data = _inside(data, part)
        return [form for step in self._steps(where, data) for form in self._forms(step, data)]

    def _steps(self, where: tuple[str | int, ...], data: Any) -> list[Schema]:
        steps, here = [self._schema], data
        for part in where:
            forms = [form for step in steps for form in self._forms(step, here)]
            steps = [step for form in forms for step in _into(form, part)]
            here = _inside(here, part)
        return steps

    def _forms(self, schema: Schema, data: Any) -> Iterator[Schema]:
        """Yield the forms that a schema allows, of several kinds only the one that *data* says it is."""
        if "$ref" in schema:
            yield from self._forms(self._schema["$defs"][schema["$ref"].rpartition("/")[2]], data)
            return
        choices = schema.get("anyOf") or schema.get("oneOf")
        if not choices:
            kind = schema.get("properties", {}).get("kind", {}).get("const")
            told = data.get("kind") if isinstance(data, dict) else None
            if told is None or kind in (None, told):
                yield schema
            return
        for choice in choices:
            yield from self._forms(choice, data)


def _into(form: Schema, part: str | int) -> Iterator[Schema]:
    if isinstance(part, int):
        inner = form.get("items")
    else:
        inner = form.get("properties", {}).get(part) or form.get("additionalProperties")
    if isinstance(inner, dict):
        yield inner


def _inside(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None
