"""A picture of how the engine grows with the office: three small curves in one SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 300, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 24, 30, 36
TICKS: Final = 4

Row = Mapping[str, Any]
Curve = tuple[str, Callable[[Row], float | None]]


def _above_bound(row: Row) -> float | None:
    if row["placed"] < row["meetings"] or not row["bound"]:
        return None
    return float(100 * (row["cost"] / row["bound"] - 1))


#: Each curve's title, and its value for a measured size; None leaves a size out.
PLACING: Final[Curve] = (
    "processor seconds until all is placed",
    lambda row: row["all_placed_processor"],
)
SOLVING: Final[tuple[Curve, ...]] = (
    ("cost above the proved bound, %", _above_bound),
    ("memory of all processes, MB", lambda row: row["memory"]),
)


def growth_chart(placing: Sequence[Row], solving: Sequence[Row]) -> str:
    """Return the SVG of the curves over the size of the office, in meetings.

    The first is of ``placing``, what it took to place everything; the others of whole solves.
    """
    curves = [(PLACING, placing), *((curve, solving) for curve in SOLVING)]
    whole = WIDTH * len(curves)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT}">',
        "<style>text{font:11px sans-serif}</style>",
        f'<rect width="{whole}" height="{HEIGHT}" fill="white"/>',
    ]
    for place, ((title, value), rows) in enumerate(curves):
        ordered = sorted(rows, key=lambda row: row["meetings"])
        points = [(row["meetings"], y) for row in ordered if (y := value(row)) is not None]
        lines.append(f'<g transform="translate({place * WIDTH} 0)">')
        lines.append(f'<text x="{LEFT}" y="18" font-weight="bold">{escape(title)}</text>')
        lines += _curve(points)
        lines.append("</g>")
    return "\n".join([*lines, "</svg>", ""])


def _curve(points: Sequence[tuple[float, float]]) -> Iterator[str]:
    if not points:
        return
    most_x = round_up(max(x for x, _ in points))
    most_y = round_up(max(y for _, y in points))

    def at(x: float, y: float) -> tuple[float, float]:
        across = LEFT + (WIDTH - LEFT - RIGHT) * x / most_x
        return round(across, 1), round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * y / most_y, 1)

    for step in range(TICKS + 1):
        x, y = at(most_x * step / TICKS, most_y * step / TICKS)
        yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        label = f"{most_y * step / TICKS:,g}"
        yield f'<text x="{LEFT - 5}" y="{y + 4}" text-anchor="end">{label}</text>'
        label = f"{most_x * step / TICKS:,.0f}"
        yield f'<text x="{x}" y="{HEIGHT - BOTTOM + 14}" text-anchor="middle">{label}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">meetings</text>'
    places = [at(x, y) for x, y in points]
    path = "L".join(f"{x} {y}" for x, y in places)
    yield f'<path d="M{path}" fill="none" stroke="#1f5fa8" stroke-width="2"/>'
    for (x, y), (meetings, value) in zip(places, points, strict=True):
        yield f'<circle cx="{x}" cy="{y}" r="3" fill="#1f5fa8">'
        yield f"<title>{meetings:,g}: {value:,.4g}</title></circle>"


def round_up(value: float) -> float:
    """Return the next figure above that divides into quarters that are easy to read."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.2, 1.6, 2, 4, 6, 8, 10) if step * power >= value)
