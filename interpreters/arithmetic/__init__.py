"""The formulas of `docs/numerics.md`, on plain arrays and integers."""
