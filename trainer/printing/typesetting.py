"""Setting a document by Typst with a Chinese font: the same data give the same bytes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from trainer.errors import Refused, UsageError

FONT: Final = "Noto Sans CJK SC"


def typeset(template: str, data: Any) -> bytes:
    """Return the PDF of a Typst template that reads ``sys.inputs.data`` as JSON.

    Raise UsageError where the extra is not installed, Refused where a font is missing: boxes in
    place of letters must not pass for a document.
    """
    try:
        # an extra that few need, and heavy
        import manimgx_fonts_cjk
        import typst
    except ModuleNotFoundError:
        raise UsageError(
            "PDF needs the extra “pdf”; install county-trainer[pdf], or choose another format"
        ) from None
    fonts = Path(str(manimgx_fonts_cjk.__file__)).parent
    # its types want the source and the fonts' folder to be of one type
    compiled: Any = typst.compile_with_warnings
    pdf, warnings = compiled(
        template.encode(),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    told = [str(getattr(warning, "message", warning)) for warning in warnings]
    if any(re.search("unknown font family", text) for text in told):
        raise Refused(
            "the font {font} is missing, so no document was made; install county-trainer[pdf]",
            font=FONT,
        )
    return bytes(pdf)
