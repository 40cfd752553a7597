"""The catalogues: one ``.po`` per room and language, compiled beside it (``make catalogues``)."""
