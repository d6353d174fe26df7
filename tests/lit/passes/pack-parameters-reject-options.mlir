// RUN: vaqf-opt %s -p 'pack-parameters{word-bits=100}' --verify-diagnostics

// expected-error@unknown {{'word-bits' is 100, accepted are 64, 128, 256, 512 and 1024}}
builtin.module {
}
