"""What VAQF uses of lark, with the types that its own annotations leave open."""

from collections.abc import Set
from typing import Generic, TypeVar

_Leaf = TypeVar("_Leaf")

class Token(str):
    type: str
    start_pos: int | None
    end_pos: int | None

class Meta:
    start_pos: int
    end_pos: int

class Tree(Generic[_Leaf]):
    data: str
    children: list[_Leaf | Tree[_Leaf]]
    @property
    def meta(self) -> Meta: ...

class Lark:
    def __init__(
        self, grammar: str, *, start: str, parser: str, propagate_positions: bool
    ) -> None: ...
    def parse(self, text: str) -> Tree[Token]: ...

class UnexpectedInput(Exception):
    pos_in_stream: int | None

class UnexpectedToken(UnexpectedInput):
    token: Token
    accepts: Set[str] | None
    expected: Set[str]

class UnexpectedCharacters(UnexpectedInput):
    char: str
    allowed: Set[str] | None
