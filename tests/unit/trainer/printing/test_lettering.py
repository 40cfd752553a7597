"""Words as dots, large enough for a room."""

from __future__ import annotations

from trainer.printing.lettering import raster_of


def test_a_name_is_as_wide_as_its_characters_and_has_ink() -> None:
    """Three characters of twenty dots; nothing typed is read as markup; no words have no dots."""
    raster = raster_of("王晓明", 20)
    assert (len(raster), len(raster[0])) == (20, 60)
    assert 150 < sum(map(sum, raster)) < 900
    assert len(raster_of("#[x]*_", 20)) == 20
    assert raster_of("王", 20) != raster_of("三", 20)
