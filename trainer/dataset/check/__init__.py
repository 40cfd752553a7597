"""Everything that can be wrong with rows that could be read: all of it is reported at once."""

from trainer.dataset.check.facts import Facts
from trainer.dataset.check.rows import check_rows
from trainer.dataset.check.run import check_tables

__all__ = ["Facts", "check_rows", "check_tables"]
