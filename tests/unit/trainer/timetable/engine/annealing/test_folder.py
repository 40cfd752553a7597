"""Compiled code is kept for exactly what it was compiled from, and nobody waits for it in vain."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from trainer.timetable.engine.annealing import folder


def made(core: str = "offices") -> None:
    """Let a core be compiled: numba writes a file of code and its index."""
    with folder.one_at_a_time(core):
        (folder.folder_of(core) / "f.nbi").write_bytes(b"index")
        (folder.folder_of(core) / "f.1.nbc").write_bytes(b"code")


def test_the_folder_follows_the_content_of_the_cores_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engine = Path(folder.__file__).parents[1]
    for part in ("annealing", *folder.CORES):
        shutil.copytree(engine / part, tmp_path / part)
    monkeypatch.setattr(folder, "__file__", str(tmp_path / "annealing" / "folder.py"))

    def folders() -> list[Path]:
        return [folder.folder_of.__wrapped__(core) for core in ("curricula", "offices")]

    first = folders()
    (tmp_path / "offices" / "moves.py").write_text("changed", encoding="utf-8")
    second = folders()
    assert (first[0] == second[0], first[1] == second[1]) == (True, False)
    (tmp_path / "annealing" / "chance.py").write_text("changed", encoding="utf-8")
    third = folders()
    assert (second[0] == third[0], second[1] == third[1]) == (False, False)


def test_another_place_processor_python_or_library_has_a_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What numba keeps for one of them is no use to the other, so that it has to be compiled."""
    before = folder.folder_of.__wrapped__("offices")

    def others() -> Iterator[Path]:
        for where, name, other in (
            (sys, "version", "3.99"),
            (folder, "_processor", lambda: "another"),
            (folder, "version", lambda _: "99"),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(where, name, other)
                yield folder.folder_of.__wrapped__("offices")
        engine = Path(folder.__file__).parents[1]
        for part in ("annealing", "offices"):
            shutil.copytree(engine / part, tmp_path / part)
        with monkeypatch.context() as patch:
            patch.setattr(folder, "__file__", str(tmp_path / "annealing" / "folder.py"))
            yield folder.folder_of.__wrapped__("offices")

    assert len({before, *others()}) == 5


def test_without_a_home_nothing_is_written_where_the_program_was_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda _: Path("~/.cache/trainer"))
    there = folder.folder_of.__wrapped__("offices")
    monkeypatch.setattr(folder, "folder_of", lambda _: there)
    assert not folder.can_be_written("offices")
    assert list(tmp_path.iterdir()) == []


def test_code_that_somebody_else_may_have_put_there_is_not_run(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    assert folder.can_be_written("offices")
    monkeypatch.setattr(os, "getuid", lambda: 12345, raising=False)
    assert not folder.can_be_written("offices")
    assert not folder.will_be_kept("offices")


def test_processes_compile_one_after_the_other_until_the_code_is_kept(own_folder: Path) -> None:
    fcntl = pytest.importorskip("fcntl")

    def is_held() -> bool:
        with (own_folder / "offices" / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    with folder.one_at_a_time("offices"):
        assert is_held()
        (own_folder / "offices" / "f.nbc").write_bytes(b"code")
    assert not is_held()
    assert folder.is_kept("offices")
    # from now on nobody waits
    with folder.one_at_a_time("offices"):
        assert not is_held()


def test_nobody_waits_for_ever_for_a_process_that_was_stopped_while_it_compiled(
    own_folder: Path,
) -> None:
    fcntl = pytest.importorskip("fcntl")
    (own_folder / "offices").mkdir()
    began = time.monotonic()
    with (own_folder / "offices" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with folder.one_at_a_time("offices", patience=0.1):
            assert time.monotonic() - began >= 0.1
    assert time.monotonic() - began < 30


def test_the_next_process_compiles_where_one_failed(own_folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt), folder.one_at_a_time("offices"):
        (own_folder / "offices" / "half.nbc").write_bytes(b"co")
        raise KeyboardInterrupt
    assert not folder.is_kept("offices")
    with folder.one_at_a_time("offices"):
        # what an interrupted process left is not used
        assert not (own_folder / "offices" / "half.nbc").exists()


@pytest.mark.parametrize("broken", [b"", b"cod", b"code and more", b"\0\0\0\0"])
def test_code_that_is_not_as_it_was_written_is_thrown_away(own_folder: Path, broken: bytes) -> None:
    """A processor would run it, and the process would end."""
    made()
    assert folder.is_kept("offices")
    (own_folder / "offices" / "f.1.nbc").write_bytes(broken)
    assert folder.will_be_kept("offices")
    with folder.one_at_a_time("offices"):
        assert not list((own_folder / "offices").glob("f.*"))


def test_where_nothing_was_written_nothing_is_said_to_be_kept(own_folder: Path) -> None:
    with folder.one_at_a_time("offices"):
        pass
    assert not folder.is_kept("offices")


def test_where_no_folder_can_be_written_nobody_waits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(folder, "folder_of", lambda core: tmp_path / "file" / core)
    with folder.one_at_a_time("offices"), folder.one_at_a_time("offices"):
        pass
