"""Is JSON data of the shape that a schema describes: the part of JSON Schema (draft 2020-12) that verbump's own use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
_KNOWN = frozenset(
    {
        *("$schema", "title", "description", "type", "enum", "const", "anyOf"),
        *("properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
    }
)


def find_fault(schema: Mapping[str, Any], data: Any, place: str = "$") -> str | None:
    """Where and how `data` is not as `schema` says, None where it is: `$.next.bump: not one of …`.

    The schema is trusted: its depth bounds that of the search.
    """
    assert _KNOWN.issuperset(schema), f"{place}: {set(schema) - _KNOWN}"
    if "anyOf" in schema:
        faults = [find_fault(each, data, place) for each in schema["anyOf"]]
        return None if None in faults else faults[0]
    if "const" in schema and (data != schema["const"] or isinstance(data, bool)):
        return f"{place}: not {schema['const']!r}"
    if "enum" in schema and data not in schema["enum"]:
        return f"{place}: not one of {', '.join(map(str, schema['enum']))}"
    if "type" in schema and not _is_of(data, schema["type"]):
        return f"{place}: not of type {schema['type']}"
    if isinstance(data, dict):
        return _fault_in_object(schema, data, place)
    return _fault_in_array(schema, data, place) if isinstance(data, list) else None


def _is_of(data: Any, kind: str | list[str]) -> bool:
    kinds = [kind] if isinstance(kind, str) else kind
    if isinstance(data, bool):
        return "boolean" in kinds
    return any(isinstance(data, _KINDS[each]) for each in kinds)


def _fault_in_object(schema: Mapping[str, Any], data: dict[str, Any], place: str) -> str | None:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in data:
            return f"{place}: {name} is missing"
    for name, value in data.items():
        if name not in properties:
            if schema.get("additionalProperties", True) is False:
                return f"{place}: {name[:40]!r} does not belong here"
            continue
        fault = find_fault(properties[name], value, f"{place}.{name}")
        if fault is not None:
            return fault
    return None


def _fault_in_array(schema: Mapping[str, Any], data: list[Any], place: str) -> str | None:
    if not schema.get("minItems", 0) <= len(data) <= schema.get("maxItems", len(data)):
        return f"{place}: {len(data)} items"
    if "items" not in schema:
        return None
    faults = (find_fault(schema["items"], each, f"{place}[{index}]") for index, each in enumerate(data))
    return next((fault for fault in faults if fault is not None), None)
