"""Code of earlier versions goes when a new version keeps its own, unless somebody uses it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from trainer.timetable.engine.annealing import folder
from trainer.timetable.engine.annealing.unused import DAY_SECONDS, UNUSED_DAYS, remove_unused

OLD, USED, STRANGE = "0123456789abcdef", "fedcba9876543210", "photographs"


def kept(path: Path, days: float) -> Path:
    """Return a folder with code that was used so many days ago."""
    (path / "offices_1").mkdir(parents=True)
    (path / "offices_1" / "f.nbc").write_bytes(b"code")
    (path / "done").touch()
    then = time.time() - days * DAY_SECONDS
    for each in (*path.iterdir(), path):
        os.utime(each, (then, then))
    return path


@pytest.fixture
def kernels(tmp_path: Path) -> Path:
    """Return a folder of folders: one long unused, one used of late, one that is not ours."""
    kept(tmp_path / OLD, UNUSED_DAYS + 1)
    kept(tmp_path / USED, UNUSED_DAYS - 1)
    kept(tmp_path / STRANGE, UNUSED_DAYS + 1)
    return tmp_path


def left(kernels: Path) -> set[str]:
    return {path.name for path in kernels.iterdir()}


def test_who_keeps_new_code_removes_what_nobody_uses(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path, kernels: Path
) -> None:
    with folder.one_at_a_time("offices"):
        (own_folder / "offices" / "f.nbc").write_bytes(b"code")
    assert left(kernels) == {USED, STRANGE, "offices"}
    # an ordinary start removes nothing, and notes that the code is used
    kept(kernels / OLD, UNUSED_DAYS + 1)
    done = own_folder / "offices" / "done"
    os.utime(done, (0, 0))
    with folder.one_at_a_time("offices"):
        pass
    assert left(kernels) == {OLD, USED, STRANGE, "offices"}
    assert time.time() - done.stat().st_mtime < DAY_SECONDS


def test_the_versions_own_folders_stay_however_old(kernels: Path) -> None:
    remove_unused(kernels, {kernels / OLD})
    assert left(kernels) == {OLD, USED, STRANGE}


def test_a_folder_into_which_somebody_compiles_stays(kernels: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    path = kernels / OLD
    with (path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        long_ago = time.time() - (UNUSED_DAYS + 1) * DAY_SECONDS
        for each in (path / "lock", path):
            os.utime(each, (long_ago, long_ago))
        remove_unused(kernels, ())
        assert (path / "done").exists()


def test_what_is_a_link_or_somebody_elses_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = kept(tmp_path / "elsewhere", UNUSED_DAYS + 1)
    kernels = tmp_path / "kernels"
    kernels.mkdir()
    (kernels / OLD).symlink_to(elsewhere, target_is_directory=True)
    remove_unused(kernels, ())
    assert (left(kernels), (elsewhere / "done").exists()) == ({OLD}, True)
    kept(kernels / USED, UNUSED_DAYS + 1)
    monkeypatch.setattr(os, "getuid", lambda: 12345, raising=False)
    remove_unused(kernels, ())
    assert left(kernels) == {OLD, USED}


def test_where_nothing_can_be_read_or_removed_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, kernels: Path
) -> None:
    remove_unused(kernels / "nowhere", ())

    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refused)
    remove_unused(kernels, ())
    assert left(kernels) == {OLD, USED, STRANGE}
