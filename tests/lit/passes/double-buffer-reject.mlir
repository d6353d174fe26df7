// RUN: vaqf-opt %s -p double-buffer --verify-diagnostics --split-input-file | filecheck %s

// CHECK: double-buffer: the module has no 'lanes' in 'accel.hardware': run tile-engines first
builtin.module {
  func.func private @matmul(%x: memref<6x4xi8, #accel.onchip>, %w: memref<?x4x2xi8, #accel.dram>, %tokens: index, %inputs: index, %outputs: index) attributes {accel.engine = "integer_matmul"} {
    %tile = accel.buffer : memref<4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %count = arith.ceildivui %inputs, %c2 : index
    scf.for %output = %c0 to %outputs step %c4 {
      %row = arith.divui %output, %c4 : index
      %first = arith.muli %row, %count : index
      scf.for %input = %c0 to %inputs step %c2 {
        %column = arith.divui %input, %c2 : index
        %number = arith.addi %first, %column : index
        accel.load %w[%number] to %tile : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local> loc("/fc1/MatMul")
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %x at %token, %input weights %tile to %sums {tokens = 2 : i64} : memref<6x4xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
        }
      }
    }
    func.return
  }
}

// -----

// CHECK: double-buffer: 'accel.load' at /fc1/MatMul: loads into one of several tiles already: double-buffer has run before
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @matmul(%x: memref<6x4xi8, #accel.onchip>, %w: memref<?x4x2xi8, #accel.dram>, %tokens: index, %inputs: index, %outputs: index) attributes {accel.engine = "integer_matmul"} {
    %tile = accel.buffer : memref<2x4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %count = arith.ceildivui %inputs, %c2 : index
    scf.for %output = %c0 to %outputs step %c4 {
      %row = arith.divui %output, %c4 : index
      %first = arith.muli %row, %count : index
      scf.for %input = %c0 to %inputs step %c2 {
        %column = arith.divui %input, %c2 : index
        %number = arith.addi %first, %column : index
        accel.load %w[%number] to %tile[%c0] : memref<?x4x2xi8, #accel.dram>, memref<2x4x2xi8, #accel.local> loc("/fc1/MatMul")
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %x at %token, %input weights %tile[%c0] to %sums {tokens = 2 : i64} : memref<6x4xi8, #accel.onchip>, memref<2x4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
        }
      }
    }
    func.return
  }
}

// -----

// CHECK: double-buffer: 'accel.buffer' at /fc1/tile: is split already: run double-buffer before partition-arrays
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @matmul(%x: memref<6x4xi8, #accel.onchip>, %w: memref<?x4x2xi8, #accel.dram>, %tokens: index, %inputs: index, %outputs: index) attributes {accel.engine = "integer_matmul"} {
    %tile = accel.buffer {partition = [#accel.partition<dim = 0, factor = 0, "4 at once">]} : memref<4x2xi8, #accel.local> loc("/fc1/tile")
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %count = arith.ceildivui %inputs, %c2 : index
    scf.for %output = %c0 to %outputs step %c4 {
      %row = arith.divui %output, %c4 : index
      %first = arith.muli %row, %count : index
      scf.for %input = %c0 to %inputs step %c2 {
        %column = arith.divui %input, %c2 : index
        %number = arith.addi %first, %column : index
        accel.load %w[%number] to %tile : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local> loc("/fc1/MatMul")
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %x at %token, %input weights %tile to %sums {tokens = 2 : i64} : memref<6x4xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
        }
      }
    }
    func.return
  }
}

// -----

// CHECK: double-buffer: 'accel.accumulate' at {{.*}}: multiplies by a tile that 0 ops load, expected one
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @matmul(%x: memref<6x4xi8, #accel.onchip>, %w: memref<?x4x2xi8, #accel.dram>, %tokens: index, %inputs: index, %outputs: index) attributes {accel.engine = "integer_matmul"} {
    %tile = accel.buffer : memref<4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %count = arith.ceildivui %inputs, %c2 : index
    scf.for %output = %c0 to %outputs step %c4 {
      %row = arith.divui %output, %c4 : index
      %first = arith.muli %row, %count : index
      scf.for %input = %c0 to %inputs step %c2 {
        %column = arith.divui %input, %c2 : index
        %number = arith.addi %first, %column : index
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %x at %token, %input weights %tile to %sums {tokens = 2 : i64} : memref<6x4xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
        }
      }
    }
    func.return
  }
}

// -----

// CHECK: double-buffer: 'accel.accumulate' at {{.*}}: multiplies by a tile that 2 ops load, expected one
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @matmul(%x: memref<6x4xi8, #accel.onchip>, %w: memref<?x4x2xi8, #accel.dram>, %tokens: index, %inputs: index, %outputs: index) attributes {accel.engine = "integer_matmul"} {
    %tile = accel.buffer : memref<4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %count = arith.ceildivui %inputs, %c2 : index
    scf.for %output = %c0 to %outputs step %c4 {
      %row = arith.divui %output, %c4 : index
      %first = arith.muli %row, %count : index
      scf.for %input = %c0 to %inputs step %c2 {
        %column = arith.divui %input, %c2 : index
        %number = arith.addi %first, %column : index
        accel.load %w[%number] to %tile : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local> loc("/fc1/MatMul")
        accel.load %w[%number] to %tile : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local> loc("/fc1/MatMul")
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %x at %token, %input weights %tile to %sums {tokens = 2 : i64} : memref<6x4xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
        }
      }
    }
    func.return
  }
}

// -----

// The number of the tile is not a sum.
// CHECK: double-buffer: 'accel.load' at /fc1/MatMul: does not read tiles one after the other, expected those of two nested loops
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @matmul(%x: memref<6x4xi8, #accel.onchip>, %w: memref<?x4x2xi8, #accel.dram>, %tokens: index, %inputs: index, %outputs: index) attributes {accel.engine = "integer_matmul"} {
    %tile = accel.buffer : memref<4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %count = arith.ceildivui %inputs, %c2 : index
    scf.for %output = %c0 to %outputs step %c4 {
      %row = arith.divui %output, %c4 : index
      %first = arith.muli %row, %count : index
      scf.for %input = %c0 to %inputs step %c2 {
        %column = arith.divui %input, %c2 : index
        %number = arith.addi %first, %column : index
        accel.load %w[%column] to %tile : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local> loc("/fc1/MatMul")
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %x at %token, %input weights %tile to %sums {tokens = 2 : i64} : memref<6x4xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
        }
      }
    }
    func.return
  }
}

// -----

// Two loops use the tile.
// CHECK: double-buffer: 'accel.load' at /fc1/MatMul: is not followed by the one loop that uses its tile, at the end of a loop
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @matmul(%x: memref<6x4xi8, #accel.onchip>, %w: memref<?x4x2xi8, #accel.dram>, %tokens: index, %inputs: index, %outputs: index) attributes {accel.engine = "integer_matmul"} {
    %tile = accel.buffer : memref<4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %count = arith.ceildivui %inputs, %c2 : index
    scf.for %output = %c0 to %outputs step %c4 {
      %row = arith.divui %output, %c4 : index
      %first = arith.muli %row, %count : index
      scf.for %input = %c0 to %inputs step %c2 {
        %column = arith.divui %input, %c2 : index
        %number = arith.addi %first, %column : index
        accel.load %w[%number] to %tile : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local> loc("/fc1/MatMul")
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %x at %token, %input weights %tile to %sums {tokens = 2 : i64} : memref<6x4xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
        }
        scf.for %again = %c0 to %tokens step %c2 {
          accel.accumulate %x at %again, %input weights %tile to %sums {tokens = 2 : i64} : memref<6x4xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
        }
      }
    }
    func.return
  }
}

// -----

// Every tile is read more than once.
// CHECK: double-buffer: 'accel.load' at /fc1/MatMul: does not stand in two loops of an engine and fill a buffer of it
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
  func.func private @matmul(%x: memref<6x4xi8, #accel.onchip>, %w: memref<?x4x2xi8, #accel.dram>, %tokens: index, %inputs: index, %outputs: index) attributes {accel.engine = "integer_matmul"} {
    %tile = accel.buffer : memref<4x2xi8, #accel.local>
    %sums = accel.buffer : memref<6x4xi20, #accel.local>
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    scf.for %batch = %c0 to %c2 step %c2 {
    %count = arith.ceildivui %inputs, %c2 : index
    scf.for %output = %c0 to %outputs step %c4 {
      %row = arith.divui %output, %c4 : index
      %first = arith.muli %row, %count : index
      scf.for %input = %c0 to %inputs step %c2 {
        %column = arith.divui %input, %c2 : index
        %number = arith.addi %first, %column : index
        accel.load %w[%number] to %tile : memref<?x4x2xi8, #accel.dram>, memref<4x2xi8, #accel.local> loc("/fc1/MatMul")
        scf.for %token = %c0 to %tokens step %c2 {
          accel.accumulate %x at %token, %input weights %tile to %sums {tokens = 2 : i64} : memref<6x4xi8, #accel.onchip>, memref<4x2xi8, #accel.local>, memref<6x4xi20, #accel.local>
        }
      }
    }
    }
    func.return
  }
}
