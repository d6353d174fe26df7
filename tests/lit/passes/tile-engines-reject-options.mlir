// RUN: not vaqf-opt %s -p 'tile-engines{lanes=0}' 2>&1 | filecheck %s --check-prefix LANES
// RUN: not vaqf-opt %s -p 'tile-engines{keys=0}' 2>&1 | filecheck %s --check-prefix KEYS
// RUN: not vaqf-opt %s -p 'tile-engines{binary-matmul=64,64}' 2>&1 | filecheck %s --check-prefix COUNT
// RUN: not vaqf-opt %s -p 'tile-engines{integer-matmul=64,8,0}' 2>&1 | filecheck %s --check-prefix POSITIVE
// RUN: not vaqf-opt %s -p 'tile-engines{lanes=12 binary-matmul=24,8,4}' 2>&1 | filecheck %s --check-prefix INPUTS
// RUN: not vaqf-opt %s -p 'tile-engines{lanes=12 integer-matmul=18,4,1 binary-matmul=12,12,4}' 2>&1 | filecheck %s --check-prefix OUTPUTS

// LANES: tile-engines: 'lanes' is 0, it must be positive
// KEYS: tile-engines: 'keys' is 0, it must be positive
// COUNT: tile-engines: 'binary-matmul' is 64,64, expected three positive sizes: output channels, input channels, tokens
// POSITIVE: tile-engines: 'integer-matmul' is 64,8,0, expected three positive sizes: output channels, input channels, tokens
// INPUTS: tile-engines: 'binary-matmul' has 8 input channels, they must divide the 12 lanes of a word
// OUTPUTS: tile-engines: 'integer-matmul' has 18 output channels, they must be a multiple of the 12 lanes of a word

func.func @parameters() {
  func.return
}
func.func @forward() {
  func.return
}
