// RUN: python -c "import numpy; numpy.savez('%t.npz', images=numpy.zeros((2, 3, 2, 2), 'f4'))"
// RUN: not vaqf-opt %s -p 'calibrate-activations{data="%t.npz"}' 2>&1 | filecheck %s --check-prefix NAME
// RUN: not vaqf-opt %s -p 'calibrate-activations{data="%t.nowhere.npz"}' 2>&1 | filecheck %s --check-prefix NOWHERE
// RUN: not vaqf-opt %s -p 'calibrate-activations{samples=-1}' 2>&1 | filecheck %s --check-prefix NEGATIVE

// NAME: calibrate-activations: {{.*}}.npz: has 'images', expected 'pixels', float32 of shape (samples, 3, 2, 2)
// NOWHERE: calibrate-activations: {{.*}}.nowhere.npz: cannot be read: No such file or directory
// NEGATIVE: calibrate-activations: samples is -1, it must not be negative
func.func @forward(%x: tensor<1x3x2x2xf32> {vaqf.name = "pixels"}) -> tensor<1x3x2x2xf32> {
  func.return %x : tensor<1x3x2x2xf32>
}
