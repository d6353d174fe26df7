// Text of passes and targets that cannot be read.

// RUN: not vaqf-opt %s -p 'quantize-weights{bits=8' 2>&1 | filecheck %s --check-prefix BRACE
// BRACE: vaqf-opt: error: pipeline 'quantize-weights{bits=8' is malformed: malformed pass arguments, expected either a space or `}` here (column 24)

// RUN: not vaqf-opt %s -p quantize-weights{bits=eight} 2>&1 | filecheck %s --check-prefix TYPE
// TYPE: vaqf-opt: error: pass 'quantize-weights': option 'bits' is eight, expected int

// RUN: not vaqf-opt %s -p quantize-weights{bits} 2>&1 | filecheck %s --check-prefix NOTHING
// NOTHING: vaqf-opt: error: pass 'quantize-weights': option 'bits' is nothing, expected int

// RUN: not vaqf-opt %s -p cse,,dce 2>&1 | filecheck %s --check-prefix COMMA
// COMMA: vaqf-opt: error: pipeline 'cse,,dce' is malformed: expected pass name here (column 5)

// RUN: not vaqf-opt %s -t mlir,hls 2>&1 | filecheck %s --check-prefix TARGETS
// TARGETS: vaqf-opt: error: target is 'mlir,hls', expected one target

// Values that are paths need no quotes.
// RUN: not vaqf-opt %s -p 'calibrate-activations{data=no/such.npz samples=3}' 2>&1 | filecheck %s --check-prefix BARE
// BARE: vaqf-opt: error: calibrate-activations:
// BARE-SAME: no/such.npz: cannot be read: No such file or directory

func.func @forward(%image: tensor<1x3x2x2xf32>) {
  func.return
}
