"""Engines as loops over tiles: what `tile-engines` puts in place of each layer op."""
