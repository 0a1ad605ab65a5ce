"""JSON held against the part of JSON Schema that verbump's own schemas use."""

from __future__ import annotations

from typing import Any

import pytest

from verbump.domain import json_shape

LIST = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2}
BUMP = {
    "type": "object",
    "required": ["bump", "tag"],
    "properties": {"bump": {"enum": ["major", "minor"]}, "tag": {"type": ["string", "null"]}, "more": LIST},
    "additionalProperties": False,
}
OPEN = {"type": "object", "properties": {"n": {"type": "integer"}}}
FAULTS: list[tuple[dict[str, Any], Any, str | None]] = [
    ({}, object(), None),
    ({"type": "string"}, "x", None),
    ({"type": "string"}, 1, "$: not of type string"),
    ({"type": "integer"}, True, "$: not of type integer"),
    ({"type": "boolean"}, True, None),
    ({"type": "boolean"}, 1, "$: not of type boolean"),
    ({"type": "integer"}, 1.5, "$: not of type integer"),
    ({"type": "null"}, None, None),
    ({"type": ["string", "null"]}, None, None),
    ({"type": ["string", "boolean"]}, False, None),
    ({"type": "object"}, [], "$: not of type object"),
    ({"const": 1}, 1, None),
    ({"const": 1}, 2, "$: not 1"),
    ({"const": 1}, True, "$: not 1"),
    ({"const": "v1"}, "v2", "$: not 'v1'"),
    ({"enum": ["a", 1]}, 1, None),
    ({"enum": ["a", 1]}, "b", "$: not one of a, 1"),
    ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "x", None),
    ({"anyOf": [{"type": "null"}, {"type": "string"}]}, None, None),
    ({"anyOf": [{"type": "null"}, {"const": 2}]}, 1, "$: not of type null"),
    ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 1, None),
    ({"items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}, [1, "x"], "$[1]: not of type integer"),
    (BUMP, {"bump": "major", "tag": None, "more": [1, 2]}, None),
    (BUMP, {"bump": "major"}, "$: tag is missing"),
    (BUMP, {"bump": "huge", "tag": "v1"}, "$.bump: not one of major, minor"),
    (BUMP, {"bump": "major", "tag": "v1", "x" * 41: 1}, f"$: {'x' * 40!r} does not belong here"),
    (BUMP, {"bump": "major", "tag": "v1", "more": []}, "$.more: 0 items"),
    (BUMP, {"bump": "major", "tag": "v1", "more": [1, 2, 3]}, "$.more: 3 items"),
    (BUMP, {"bump": "major", "tag": "v1", "more": [1, "x"]}, "$.more[1]: not of type integer"),
    (OPEN, {"other": 1, "n": "x"}, "$.n: not of type integer"),
    (OPEN, {"other": 1, "n": 2}, None),
    ({"additionalProperties": True}, {"x": 1}, None),
    ({"additionalProperties": False}, {"x": 1}, "$: 'x' does not belong here"),
    ({"minItems": 1}, [0], None),
    ({"maxItems": 1}, [], None),
    ({"items": {"type": "array", "items": {"const": 0}}}, [[0], [0, 1]], "$[1][1]: not 0"),
]


@pytest.mark.parametrize(("schema", "data", "wanted"), FAULTS)
def test_where_data_is_not_of_the_shape(schema: dict[str, Any], data: Any, wanted: str | None) -> None:
    assert json_shape.find_fault(schema, data) == wanted


def test_a_schema_says_nothing_that_is_not_checked() -> None:
    with pytest.raises(AssertionError, match=r"^\$\.n: \{'pattern'\}"):
        json_shape.find_fault({"properties": {"n": {"type": "string", "pattern": "x"}}}, {"n": "x"})
    known = {"$schema": "x", "title": "x", "description": "x"}
    assert json_shape.find_fault(known, 1) is None
