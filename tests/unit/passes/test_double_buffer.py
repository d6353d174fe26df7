"""Which loops around a weight tile can be double-buffered."""

import pytest
from xdsl.utils.exceptions import PassFailedException

from tests.unit.passes.accel_ir import context, operations, parse
from vaqf.passes.double_buffer import DoubleBufferPass

ACCUMULATE = """
          accel.accumulate %x at %token, %input weights %tile to %sums {tokens = 2 : i64}
            : memref<6x4xi8, #accel.onchip>, memref<4x2xi8, #accel.local>,
              memref<6x4xi20, #accel.local>"""

LOAD = """
        accel.load %w[%number] to %tile
          : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local>"""

USE = f"""
        scf.for %token = %c0 to %tokens step %c2 {{{ACCUMULATE}
        }}"""

COUNT = """
    %count = arith.ceildivui %inputs, %c2 : index"""

ENGINE = f"""
builtin.module attributes {{accel.hardware = {{lanes = 4 : i64}}}} {{
  func.func private @matmul(
    %x: memref<6x4xi8, #accel.onchip>, %w: memref<?x4x2xi8, #accel.dram>,
    %tokens: index, %inputs: index, %outputs: index
  ) attributes {{accel.engine = "integer_matmul"}} {{
    %tile = accel.buffer : memref<4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index{COUNT}
    scf.for %output = %c0 to %outputs step %c4 {{
      %row = arith.divui %output, %c4 : index
      %first = arith.muli %row, %count : index
      scf.for %input = %c0 to %inputs step %c2 {{
        %column = arith.divui %input, %c2 : index
        %number = arith.addi %first, %column : index{LOAD}{USE}
      }}
    }}
    func.return
  }}
}}
"""

OTHER_USE = USE.replace("%token ", "%again ").replace("%token,", "%again,")

NOT_ONE_AFTER_THE_OTHER = "does not read tiles one after the other"
NOT_FOLLOWED = "is not followed by the one loop that uses its tile, at the end of a loop"


def test_engine_that_the_variations_start_from_is_right():
    module = parse(ENGINE)
    DoubleBufferPass().apply(context(), module)
    module.verify()
    assert len(operations(module, "accel.load")) == 2
    assert len(operations(module, "accel.concurrent")) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("load %w[%number]", "load %w[%column]", id="number is no sum"),
        pytest.param("%first, %column", "%first, %input", id="counts channels, not tiles"),
        pytest.param("divui %input, %c2", "divui %input, %c4", id="counts tiles of another size"),
        pytest.param("%input = %c0", "%input = %c2", id="leaves the first tile out"),
        pytest.param("%output = %c0", "%output = %c4", id="leaves the first row out"),
        pytest.param("%first = arith.muli", "%first = arith.addi", id="rows have no length"),
        pytest.param("%row, %count", "%row, %outputs", id="length of a row is not its tiles"),
        pytest.param("ceildivui %inputs", "ceildivui %outputs", id="counts other tiles"),
        pytest.param("%inputs, %c2", "%inputs, %c4", id="row of tiles of another size"),
    ],
)
def test_tiles_in_another_order(old: str, new: str):
    refuses(ENGINE.replace(old, new), NOT_ONE_AFTER_THE_OTHER)


def test_tiles_of_two_numbers():
    text = ENGINE.replace("memref<?x4x2xi8", "memref<?x?x4x2xi8")
    refuses(text.replace("load %w[%number]", "load %w[%number, %c0]"), NOT_ONE_AFTER_THE_OTHER)


def test_number_of_tiles_that_is_not_known_before_the_loops():
    head, tail = ENGINE.split(COUNT)
    inside = tail.replace("      %row =", f"{COUNT}\n      %row =", 1)
    refuses(head + inside, NOT_ONE_AFTER_THE_OTHER)


def test_loop_between_the_two():
    text = ENGINE.replace(
        "      scf.for %input", "      scf.for %again = %c0 to %c2 step %c2 {\n      scf.for %input"
    )
    refuses(text.replace("      }\n    }", "      }\n      }\n    }"), NOT_ONE_AFTER_THE_OTHER)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(USE, USE + OTHER_USE, id="two loops"),
        pytest.param(
            USE,
            f"{USE}\n        accel.fill %sums[] with 0 : memref<6x4xi20, #accel.local>",
            id="something else follows",
        ),
        pytest.param(
            LOAD,
            "\n        %is_first = arith.cmpi eq, %input, %c0 : index\n"
            f"        scf.if %is_first {{{LOAD}\n        }}",
            id="only some tiles are read",
        ),
        pytest.param(
            ACCUMULATE,
            f"{ACCUMULATE}\n          accel.fill %tile[] with 0 : memref<4x2xi8, #accel.local>",
            id="something else uses the tile",
        ),
    ],
)
def test_tile_that_something_else_uses(old: str, new: str):
    refuses(ENGINE.replace(old, new), NOT_FOLLOWED)


def test_all_engines_are_checked_before_any_is_changed():
    good = ENGINE.replace("@matmul", "@good").rstrip().removesuffix("}")
    bad = ENGINE[ENGINE.index("  func.func") :].replace("load %w[%number]", "load %w[%column]")
    module = parse(good + bad)
    before = str(module)
    with pytest.raises(PassFailedException):
        DoubleBufferPass().apply(context(), module)
    assert str(module) == before


def refuses(text: str, message: str):
    assert text != ENGINE
    with pytest.raises(PassFailedException, match=message):
        DoubleBufferPass().apply(context(), parse(text))
