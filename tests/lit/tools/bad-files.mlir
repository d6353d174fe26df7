// RUN: not vaqf-opt %t.no/such.mlir 2>&1 | filecheck %s --check-prefix MISSING
// MISSING: vaqf-opt: error: {{.*}}.no/such.mlir: No such file or directory

// RUN: not vaqf-opt %t.no/such.onnx 2>&1 | filecheck %s --check-prefix MODEL
// MODEL: vaqf-opt: error: {{.*}}.no/such.onnx: No such file or directory

// RUN: echo hello > %t.txt
// RUN: not vaqf-opt %t.txt 2>&1 | filecheck %s --check-prefix ENDING
// ENDING: vaqf-opt: error: {{.*}}.txt: ends neither in .mlir nor in .onnx, say which with -f

// RUN: not vaqf-opt -f mlir %models/families/timm_patch8.legacy17.onnx 2>&1 | filecheck %s --check-prefix BINARY
// BINARY: vaqf-opt: error: {{.*}}timm_patch8.legacy17.onnx: not a text in UTF-8 (byte

// RUN: not vaqf-opt -f onnx < %s 2>&1 | filecheck %s --check-prefix STDIN
// STDIN: vaqf-opt: error: an ONNX model is read from a file, not from the standard input

// RUN: not vaqf-opt %s -o %t.no/such.mlir 2>&1 | filecheck %s --check-prefix OUTPUT
// OUTPUT: vaqf-opt: error: {{.*}}.no/such.mlir: No such file or directory

// RUN: python3 -c "print('builtin.module {' * 3000 + '}' * 3000)" > %t.deep.mlir
// RUN: not vaqf-opt %t.deep.mlir 2>&1 | filecheck %s --check-prefix DEEP
// DEEP: vaqf-opt: error: {{.*}}.deep.mlir: operations are nested too deep to be read

// RUN: echo > %t.empty.mlir
// RUN: not vaqf run %t.empty.mlir --input %t.empty.mlir 2>&1 | filecheck %s --check-prefix EMPTY
// EMPTY: vaqf: error: 'builtin.module' at {{.*}}.empty.mlir: does not define the function '@forward' that is executed

// An output is written whole or not at all.
// RUN: rm -f %t.out
// RUN: not vaqf-opt %s -p quantize-weights{bits=99} -o %t.out 2>&1 | filecheck %s --check-prefix FAILED
// FAILED: vaqf-opt: error: quantize-weights:{{.*}}99
// RUN: not ls %t.out
// RUN: vaqf-opt %s -o %t.out | filecheck %s --allow-empty --check-prefix NOTHING
// NOTHING-NOT: {{.}}
// RUN: filecheck %s --check-prefix WRITTEN --input-file %t.out
// WRITTEN: func.func @forward

func.func @forward() {
  func.return
}
