"""Choosing precision and parameters for a board and a frame rate."""
