"""Where the embedded datasets are: in the installed package, or in a checkout of the source."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from trainer.errors import UsageError

NAMES: Final = ("zoucheng", "jining")

_PACKAGE: Final = Path(__file__).parent.parent
#: First as an installed package carries them, then as a checkout holds them.
PLACES: Final = (_PACKAGE / "_fixtures", _PACKAGE.parent / "fixtures")


def fixture_folder(name: str) -> Path:
    """Return the folder of an embedded dataset; raise UsageError where there is none so named."""
    for place in PLACES:
        folder = place / name
        if name in NAMES and (folder / "office.toml").is_file():
            return folder
    raise UsageError(
        "there is no embedded dataset “{name}”; choose one of {names}",
        name=name,
        names=", ".join(NAMES),
    )
