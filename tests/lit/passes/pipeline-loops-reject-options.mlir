// RUN: vaqf-opt %s -p 'pipeline-loops{vector-lanes=0}' --verify-diagnostics

// expected-error@unknown {{'vector-lanes' is 0, it must be positive}}
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
}
