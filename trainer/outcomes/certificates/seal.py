"""The check code of a certificate: twelve signs that only the office's key makes of what it says.

It is the HMAC-SHA-256, by a key of its own that is derived from the office's secret, of everything
that the certificate states. So neither a number nor a name can be altered without another code. It
is written in letters and figures that nobody takes for one another: no 0, O, 1 or I.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 12
#: What a scanned certificate's text begins with, so that no other code is taken for one.
PREFIX: Final = "TRAINER-CERT"

_BITS: Final = 5
_GROUP: Final = 4
_NAME: Final = 8
_DASHES: Final = "-‐‑‒–—―−"


def code_of(key: bytes, said: Sequence[Any]) -> str:
    """Return the check code of what a certificate says, given as plain values in their order."""
    document = json.dumps(list(said), ensure_ascii=False, separators=(",", ":"))
    number = int.from_bytes(hmac.new(key, document.encode(), hashlib.sha256).digest())
    signs = []
    for _place in range(LENGTH):
        number, low = divmod(number, 1 << _BITS)
        signs.append(ALPHABET[low])
    return "".join(signs)


def key_name(key: bytes) -> str:
    """Return a short name of a key, by which a code is known to be of it; it gives nothing away."""
    return hashlib.sha256(b"name of key:" + key).hexdigest()[:_NAME]


def grouped(code: str) -> str:
    """Return a code as it is printed: in groups of four."""
    return "-".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def folded(typed: str) -> str | None:
    """Return a code as it was typed, without dashes and blanks; None for what can be no code."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(sign for sign in plain if not sign.isspace() and sign not in _DASHES)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def is_same(code: str, typed: str) -> bool:
    """Tell whether a typed code is a certificate's, in a time that does not tell how far it is."""
    return hmac.compare_digest(code.encode(), (folded(typed) or "").encode())


def text_of_code(number: str, code: str) -> str:
    """Return what the QR code on a certificate holds."""
    return f"{PREFIX}:{code}:{number}"


def scanned(text: str) -> tuple[str, str] | None:
    """Return number and code of a scanned certificate, or None for any other text."""
    prefix, _colon, rest = text.strip().partition(":")
    code, colon, number = rest.partition(":")
    return (number, code) if prefix == PREFIX and colon and number and code else None
