"""What is installed from the wheel: the three packages, the catalogues, and the fixtures."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


def test_the_wheel_carries_fixtures_and_catalogues(tmp_path: Path) -> None:
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = set(zipfile.ZipFile(wheel).namelist())
    for model in ("zoucheng", "jining"):
        committed = {path.name for path in (ROOT / "fixtures" / model).iterdir() if path.is_file()}
        carried = {
            name.rpartition("/")[2]
            for name in names
            if name.startswith(f"trainer/_fixtures/{model}/")
        }
        assert committed == carried
    assert {name.split("/")[0] for name in names if "dist-info" not in name} == {
        "trainer",
        "tui",
        "db",
    }
    for part in ("trainer/locale", "trainer/_data", "tui", "db/migrations"):
        here = {
            str(path.relative_to(ROOT))
            for path in (ROOT / part).rglob("*")
            if path.suffix in {".mo", ".csv", ".tcss", ".mako"}
        }
        assert here <= names
