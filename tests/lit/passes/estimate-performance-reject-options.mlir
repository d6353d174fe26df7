// RUN: vaqf-opt %s -p 'estimate-performance{memory-bits=0}' --verify-diagnostics

// expected-error@unknown {{'memory-bits' is 0, it must be positive}}
builtin.module {
}
