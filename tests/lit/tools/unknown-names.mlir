// Unknown names are one line with the nearest known one.

// RUN: not vaqf-opt %s -p canonicalise 2>&1 | filecheck %s --check-prefix PASS
// PASS: vaqf-opt: error: unknown pass 'canonicalise', did you mean 'canonicalize'?

// RUN: not vaqf-opt %s -p select-tokens-early,cse 2>&1 | filecheck %s --check-prefix OURS
// OURS: vaqf-opt: error: unknown pass 'select-tokens-early', did you mean 'select-token-early'?

// RUN: not vaqf-opt %s -p florp 2>&1 | filecheck %s --check-prefix FAR
// FAR: vaqf-opt: error: unknown pass 'florp', see vaqf-opt --list-passes; passes of your own need --load-pass-plugin

// RUN: not vaqf-opt %s -t hsl 2>&1 | filecheck %s --check-prefix TARGET
// TARGET: vaqf-opt: error: unknown target 'hsl', did you mean 'hls'?

// RUN: not vaqf-opt %s -p binarize-weights{per-tenser} 2>&1 | filecheck %s --check-prefix OPTION
// OPTION: vaqf-opt: error: pass 'binarize-weights' has no option 'per-tenser', did you mean 'per-tensor'?

// RUN: not vaqf-opt %s -p quantize-weights{width=8} 2>&1 | filecheck %s --check-prefix OPTIONS
// OPTIONS: vaqf-opt: error: pass 'quantize-weights' has no option 'width', options are bits

// RUN: not vaqf-opt %s -p dce{speed=8} 2>&1 | filecheck %s --check-prefix NONE
// NONE: vaqf-opt: error: pass 'dce' has no option 'speed', it has no options

func.func @forward() {
  func.return
}
