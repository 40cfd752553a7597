"""The picture of growth holds a point for each measured size, and axes that hold them all."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.benchmarks.chart import HEIGHT, WIDTH, growth_chart, round_up

SVG = "{http://www.w3.org/2000/svg}"


def row(meetings: int, **changes: Any) -> dict[str, Any]:
    """Return what was measured of one size."""
    measured = {
        "placed": meetings,
        "all_placed_processor": 0.5,
        "cost": 101,
        "bound": 100,
        "memory": 400,
    }
    return {"meetings": meetings, **measured, **changes}


def test_each_size_is_a_point_of_each_curve() -> None:
    placing, solving = [row(6400), row(12_800), row(640)], [row(2560), row(640), row(6400)]
    root = ET.fromstring(growth_chart(placing, solving))  # noqa: S314 - our own
    points = list(root.iter(f"{SVG}circle"))
    assert len(points) == 9
    across = [float(circle.get("cx", "")) for circle in points]
    assert across[:3] == sorted(across[:3])
    assert across[3:] == sorted(across[3:6]) * 2
    assert all(0 < x < WIDTH for x in across)
    assert all(0 < float(circle.get("cy", "")) < HEIGHT for circle in points)


def test_what_was_not_all_placed_has_no_time_and_no_gap() -> None:
    rows = [row(640), row(6400, placed=6399, all_placed_processor=None)]
    root = ET.fromstring(growth_chart(rows, rows))  # noqa: S314 - our own
    assert len(list(root.iter(f"{SVG}circle"))) == 1 + 1 + 2


@pytest.mark.parametrize("value", [0.3, 1, 1.1, 7, 99, 640, 6400, 12_800])
def test_an_axis_reaches_over_its_values(value: float) -> None:
    assert value <= round_up(value) <= 2 * value
