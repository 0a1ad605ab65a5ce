"""A preview's plan that another job has made: read as what it is, a file by somebody who may mean ill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verbump.domain import json_shape
from verbump.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_PLAN = 1_000_000  # bytes; a comment holds 65,536 characters
_AGAIN = "verbump preview --format json makes one"


def read_plan(path: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The plan in a file, of the shape that `schema` describes.

    Raises:
        UsageError: there is no such file.
        InputError: it is too large, no plain file, not JSON, or of another shape.
    """
    file = Path(path)
    try:
        if file.is_symlink() or (file.exists() and not file.is_file()):
            raise InputError(f"{path}: not a plain file", hint=_AGAIN, code="plan-invalid")
        with file.open("rb") as stream:
            content = stream.read(LONGEST_PLAN + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", hint=_AGAIN, code="no-plan") from error
    if len(content) > LONGEST_PLAN:
        message = f"{path}: more than {LONGEST_PLAN:,} bytes: no plan of a preview is so large"
        raise InputError(message, hint=_AGAIN, code="plan-too-large")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON", hint=_AGAIN, code="plan-invalid") from error
    fault = json_shape.find_fault(schema, data)
    if fault is not None:
        raise InputError(f"{path}: not a plan of a preview: {fault}", hint=_AGAIN, code="plan-invalid")
    assert isinstance(data, dict)
    return data
