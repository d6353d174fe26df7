// What is read, what is verified, and what is written. Files are given by name, the standard input by none.

// RUN: vaqf-opt --version | filecheck %s --check-prefix VERSION
// RUN: vaqf-opt --list-targets | filecheck %s --check-prefix TARGETS
// RUN: vaqf-opt --help | filecheck %s --check-prefix HELP
// VERSION: vaqf {{[0-9.]+}}, xdsl {{[0-9.]+}}
// TARGETS:     hls
// TARGETS:     mlir
// TARGETS:     upstream-mlir
// HELP: usage: vaqf-opt [FILE] [-p PASSES] [-t TARGET] [-o FILE] [options]

// RUN: echo '%%x = "some.op"() <{a = 1 : i32}> {b} : () -> i32' > %t.unknown.mlir
// RUN: not vaqf-opt %t.unknown.mlir 2>&1 | filecheck %s --check-prefix UNKNOWN
// RUN: vaqf-opt --allow-unregistered-dialect %t.unknown.mlir | filecheck %s --check-prefix ALLOWED
// RUN: not vaqf-opt --allow-unregistered-dialect --no-implicit-module %t.unknown.mlir 2>&1 | filecheck %s --check-prefix MODULE
// RUN: vaqf-opt --allow-unregistered-dialect --print-no-properties < %t.unknown.mlir | filecheck %s --check-prefix ATTRIBUTES
// UNKNOWN: error: {{.*}}unknown.mlir:1:{{[0-9]+}}: operation 'some.op' is not registered
// ALLOWED: "some.op"() <{a = 1 : i32}> {b} : () -> i32
// MODULE: error: {{.*}}unknown.mlir:1:1: builtin.module operation expected
// ATTRIBUTES: "some.op"() {b, a = 1 : i32} : () -> i32

// RUN: echo 'func.func @f(%%x: tensor<2xf32>) { %%y = vit.gelu %%x : tensor<2xf32> -> tensor<3xf32> func.return }' > %t.invalid.txt
// RUN: not vaqf-opt --frontend mlir %t.invalid.txt 2>&1 | filecheck %s --check-prefix INVALID
// RUN: vaqf-opt -f mlir --disable-verify %t.invalid.txt --output-file %t.written.mlir > %t.nothing
// RUN: not test -s %t.nothing
// RUN: filecheck %s --check-prefix WRITTEN < %t.written.mlir
// INVALID: error: 'vit.gelu' at {{.*}}invalid.txt:1:{{[0-9]+}}: 'result' has shape (3,), expected (2,)
// WRITTEN: vit.gelu %x : tensor<2xf32> -> tensor<3xf32>

// RUN: echo 'func.func @forward() { func.return }' > %t.mlir
// RUN: vaqf-opt %t.mlir --load-pass-plugin %models/../../examples/debugging/skip_partial_tiles.py -p skip-partial-tiles --target mlir | filecheck %s --check-prefix PLUGIN
// RUN: not vaqf-opt %t.mlir --load-pass-plugin %models/../../examples/debugging/round_down_scales.py -p 'round-down-scales{layer="head"}' 2>&1 | filecheck %s --check-prefix NO-LAYER
// RUN: not vaqf-opt %t.mlir -p round-down-scales 2>&1 | filecheck %s --check-prefix NO-PLUGIN
// RUN: not vaqf-opt %t.mlir --target mlri 2>&1 | filecheck %s --check-prefix TARGET
// PLUGIN: func.func @forward
// NO-LAYER: error: round-down-scales: no layer is called 'head'
// NO-PLUGIN: error: {{.*}}round-down-scales
// TARGET: error: {{.*}}mlri{{.*}}mlir
