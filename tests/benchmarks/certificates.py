"""How long certificates take: a class of 500 issued, printed, listed and proved; no option.

``python -m tests.benchmarks.certificates`` prints processor seconds.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from typing import TypeVar

from db.engine import open_engine
from db.setup import prepare
from tests.factories.certified import certify, decide, issue
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.outcomes.certificates.checking import check_certificate
from trainer.outcomes.certificates.facts import read_certificates
from trainer.outcomes.certificates.paper import print_certificates
from trainer.outcomes.certificates.standing import unsupported_certificates
from trainer.phrases import set_language
from trainer.reports.certificates import register_sheet

PEOPLE = 500
Made = TypeVar("Made")


def timed(what: str, act: Callable[[], Made]) -> Made:
    """Do something, and print what it cost."""
    begun = time.process_time()
    made = act()
    print(f"{what}: {time.process_time() - begun:.2f} s")  # noqa: T201 - a measure prints
    return made


def main() -> None:
    """Measure each step."""
    set_language("zh")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/office.db"
        prepare(url)
        desk = Desk(url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))
        people = [f"P{number:03}" for number in range(PEOPLE)]
        certify(desk, *people)
        decide(desk, people[-1])
        timed("issued", lambda: issue(desk))
        with desk.reading() as session:
            found = timed("read", lambda: read_certificates(session))
            timed("checked one", lambda: check_certificate(session, found[7].number, found[7].code))
            timed("held against what they rest on",
                  lambda: unsupported_certificates(session, desk, found))  # fmt: skip
        pdf = timed("printed", lambda: print_certificates(found))
        print(f"  {len(found)} pages, {len(pdf) / 1e6:.1f} MB")  # noqa: T201 - a measure prints
        timed("register as PDF", lambda: register_sheet(found, "全部日期", "示例单位"))
        open_engine(url).dispose()


if __name__ == "__main__":
    main()
