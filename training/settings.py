"""How far a network has come on its way from float to the integers of the accelerator."""

from dataclasses import dataclass


@dataclass
class Settings:
    """What all layers of a network share; a schedule changes it."""

    binary_share: float = 0.0
    """Share of the weights that are in their format; at 0 all of them are real."""

    rounds_activations: bool = False
    """Whether activations are rounded to their formats."""

    uses_integers: bool = False
    """
    Whether LayerNorm, softmax and GELU are the integer functions of `docs/numerics.md`. Only
    where activations are rounded.
    """

    is_exact: bool = False
    """
    Whether layers compute what integers do to the last bit, without gradients: integer functions
    are used and the network is evaluated, not trained.
    """

    observes: bool = False
    """Whether activations are measured, and left as they are."""
