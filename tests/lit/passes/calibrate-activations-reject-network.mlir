// RUN: vaqf-opt %s -p calibrate-activations --verify-diagnostics --split-input-file

// expected-error@+1 {{'func.func': argument 'pixels' is tensor<1x2x!quant.int<8, 0.5>>, expected tensor<1x...xf32>}}
func.func @forward(%x: tensor<1x2x!quant.int<8, 0.5>> {vaqf.name = "pixels"}) -> tensor<1x2x!quant.int<8, 0.5>> {
  func.return %x : tensor<1x2x!quant.int<8, 0.5>>
}

// -----

// expected-error@+1 {{'func.func': argument 'input0' is tensor<3x2xf32>, expected tensor<1x...xf32>}}
func.func @forward(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  func.return %x : tensor<3x2xf32>
}

// -----

func.func @forward(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %one = quant.quantize %x : tensor<1x2xf32> -> tensor<1x2x!quant.int<1, 3.0e38>>
  %huge = quant.dequantize %one : tensor<1x2x!quant.int<1, 3.0e38>> -> tensor<1x2xf32>
  // expected-error@unknown {{'vit.add' at /blocks.0/Add: the result is not finite on a sample of the calibration}}
  %sum = vit.add %huge, %huge : tensor<1x2xf32>, tensor<1x2xf32> -> tensor<1x2xf32> loc("/blocks.0/Add")
  func.return %sum : tensor<1x2xf32>
}

// -----

// expected-error@+1 {{'builtin.module': does not define the function '@forward' that is executed}}
func.func @backward(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  func.return %x : tensor<1x2xf32>
}
