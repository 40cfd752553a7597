"""The main job end to end on the embedded default: what ``trainer demo`` does."""
