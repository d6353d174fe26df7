"""Recipes: precision by layer and constraints, in a small language (`docs/recipes.md`)."""

from vaqf.compiler.recipe.board import limited_board
from vaqf.compiler.recipe.errors import RecipeError
from vaqf.compiler.recipe.parsing import parse_recipe, parse_rules, read_recipe
from vaqf.compiler.recipe.printing import print_pattern, print_recipe, print_rule
from vaqf.compiler.recipe.tree import BoardPart, Numbers, Part, Pattern, Recipe, Rule

__all__ = [
    "BoardPart",
    "Numbers",
    "Part",
    "Pattern",
    "Recipe",
    "RecipeError",
    "Rule",
    "limited_board",
    "parse_recipe",
    "parse_rules",
    "print_pattern",
    "print_recipe",
    "print_rule",
    "read_recipe",
]
