"""Secrets out of every text that leaves verbump: raw, URL-encoded and base64, and whatever stands before @ in a URL."""

from __future__ import annotations

import base64
import os
import re
from urllib.parse import quote

from verbump.effects.git_environment import is_secret_name

_USERINFO = re.compile(r"(?<=://)[^\s/@]{1,2000}@")
_TOKEN_QUERY = re.compile(r"(?<=[?&])((?:private_|access_)?token|password)=[^\s&]{1,2000}", re.IGNORECASE)
_LEAST = 6  # a shorter value would blot out ordinary words
_MARK = "***"


def redact(text: str) -> str:
    """The text with every secret replaced by ***."""
    for secret in _secrets():
        text = text.replace(secret, _MARK)
    text = _USERINFO.sub("", text)
    return _TOKEN_QUERY.sub(rf"\1={_MARK}", text)


def _secrets() -> list[str]:
    """Values of secret variables in each spelling that a log could hold, longest first."""
    found: set[str] = set()
    for name, value in os.environ.items():
        if is_secret_name(name) and len(value) >= _LEAST:
            raw = value.encode()
            found |= {
                value,
                quote(value, safe=""),
                base64.b64encode(raw).decode(),
                base64.urlsafe_b64encode(raw).decode(),
            }
            found.add(base64.b64encode(b"x-access-token:" + raw).decode())
    return sorted(found, key=len, reverse=True)
