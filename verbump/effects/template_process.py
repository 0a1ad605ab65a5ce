"""The process that renders a user's templates: a request as JSON on stdin, the texts or the fault on stdout.

It runs as a script (`python -I -S`), imports nothing of verbump, and takes its own limits before it looks at a
template: CPU time, memory, output, no file written. What a template could reach by breaking out of jinja2's sandbox is
a process with an empty environment, which holds nothing but the request.
"""

from __future__ import annotations

import _thread
import json
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

_LARGEST_RESULT = 10_000_000  # characters or items of a repetition, bits of a power
_POLL_SECONDS = 0.02


class _LimitReachedError(Exception):
    """A limit: `what` says which."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def main() -> None:
    """Answer the one request on stdin."""
    request = json.loads(sys.stdin.buffer.read())
    sys.path += request["path"]
    environment = _environment(request["texts"])
    _limit(request["cpu_seconds"], request["memory_bytes"])
    answer: dict[str, Any]
    try:
        answer = {"texts": _render(environment, request)}
    except Exception as error:  # noqa: BLE001  whatever a template raises is its fault, told with its line
        answer = {"fault": _fault(error, request["texts"])}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


def _environment(texts: Mapping[str, str]) -> Any:
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """The sandbox, which also looks at the size of products and powers before it makes them."""

        intercepted_binops = frozenset({"*", "**"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if _size(operator, left, right) > _LARGEST_RESULT:
                raise _LimitReachedError("memory")
            return super().call_binop(context, operator, left, right)

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        # The name as file name, so that tracebacks speak of it.
        return (texts[name], name, lambda: True) if name in texts else None

    return Sandbox(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _size(operator: str, left: Any, right: Any) -> int:
    """How large a product or power gets: its length, or its bits."""
    if operator == "**":
        return int(left.bit_length()) * abs(right) if isinstance(left, int) and isinstance(right, int) else 0
    for many, times in ((left, right), (right, left)):
        if isinstance(times, int) and hasattr(many, "__len__"):
            return len(many) * times
    return 0


def _limit(cpu_seconds: float, memory_bytes: int) -> None:
    """Limits from here on. Windows has no resource limits: there the clock and the parent's patience remain."""
    try:
        import resource
    except ImportError:
        pass
    else:
        hard = int(time.process_time() + cpu_seconds) + 2
        for name, value in (
            (resource.RLIMIT_CPU, hard),
            (resource.RLIMIT_AS, memory_bytes),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(name, (value, value))
    signal.signal(signal.SIGINT, _stop)
    threading.Thread(target=_watch, args=(time.process_time() + cpu_seconds,), daemon=True).start()


def _watch(end: float) -> None:
    """Interrupt the main thread when its CPU time is spent: a clock that a busy machine does not hurry."""
    while True:
        if time.process_time() > end:
            _thread.interrupt_main()
        time.sleep(_POLL_SECONDS)


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise _LimitReachedError("time")


def _render(environment: Any, request: Mapping[str, Any]) -> list[str]:
    template = environment.get_template(request["name"])
    texts = []
    left = request["output_characters"]
    for item in request["items"]:
        pieces = []
        for piece in template.generate(item):
            left -= len(piece)
            if left < 0:
                raise _LimitReachedError("output")
            pieces.append(piece)
        texts.append("".join(pieces))
    return texts


def _fault(error: Exception, texts: Mapping[str, str]) -> dict[str, Any]:
    """What kind of fault, in which template and line, and what is said of it."""
    from jinja2.exceptions import SecurityError, TemplateNotFound, TemplateSyntaxError, UndefinedError

    name, line = _place(error, texts)
    kind, said = "failed", f"{type(error).__name__}: {error}"
    if isinstance(error, TemplateSyntaxError):
        name, line = error.name or name, error.lineno
        kind, said = "syntax", error.message or ""
    elif isinstance(error, TemplateNotFound):
        kind, said = "not-found", str(error.name)
    elif isinstance(error, SecurityError):
        kind, said = "unsafe", error.message or ""
    elif isinstance(error, UndefinedError):
        kind, said = "undefined", error.message or ""
    elif isinstance(error, _LimitReachedError):
        kind, said = "limit", error.what
    elif isinstance(error, (MemoryError, OverflowError)):
        kind, said = "limit", "memory"
    elif isinstance(error, RecursionError):
        kind, said = "limit", "depth"
    return {"kind": kind, "said": said[:300], "name": name, "line": line}


def _place(error: Exception, texts: Mapping[str, str]) -> tuple[str | None, int | None]:
    """The innermost template line of the traceback: jinja2 rewrites its frames to the template's own lines."""
    place: tuple[str | None, int | None] = (None, None)
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename in texts:
            place = (step.tb_frame.f_code.co_filename, step.tb_lineno)
        step = step.tb_next
    return place


if __name__ == "__main__":
    main()
