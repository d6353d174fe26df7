// RUN: vaqf-opt %s -p 'pipeline-loops{vector-lanes=0}' --verify-diagnostics | filecheck %s --check-prefix LANES
// RUN: vaqf-opt %s -p 'pipeline-loops{root-interval=-1}' --verify-diagnostics | filecheck %s --check-prefix ROOT

// LANES: pipeline-loops: 'vector-lanes' is 0, it must be positive
// ROOT: pipeline-loops: 'root-interval' is -1, it must be positive
builtin.module attributes {accel.hardware = {lanes = 4 : i64}} {
}
