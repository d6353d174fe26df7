// RUN: vaqf-opt %s -p raise-onnx-to-vit --verify-diagnostics --split-input-file
// RUN: not vaqf-opt %s -p raise-onnx-to-vit --split-input-file 2>&1 | filecheck %s --check-prefix REPORT

// Everything that cannot be raised is reported at once, with places, the most frequent first. What
// only follows from an operation that failed is not.
// REPORT:      vaqf-opt: error: 4 nodes cannot become part of a Vision Transformer:
// REPORT-NEXT:   2 x Sqrt: no operation of the vit dialect stands for it
// REPORT-NEXT:       1x5x4 -> 1x5x4 at /first, /second
// REPORT-NEXT:   1 x Conv: 'strides' is [2, 2], expected [4, 4]: only convolutions that cut an image into patches are accepted
// REPORT-NEXT:       1x3x8x8, 6x3x4x4 -> 1x6x3x3 at /stem/Conv
// REPORT-NEXT:   1 x Gelu: 'approximate' is "tanh", accepted is "none": the approximation by tanh is another function
// REPORT-NEXT:       1x5x4 -> 1x5x4 at /act
// REPORT-NEXT: what the graph shows:
// REPORT-NEXT:   GELU by tanh, as in GPT-2: GELU is approximated by tanh, at /act
// expected-error@unknown {{GELU by tanh, as in GPT-2: GELU is approximated by tanh, at /act}}
func.func @everything_at_once(%image: tensor<1x3x8x8xf32>, %x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %weight = onnx.initializer @weight : tensor<6x3x4x4xf32>
  // expected-error@unknown {{Conv at /stem/Conv: 'strides' is [2, 2], expected [4, 4]: only convolutions that cut an image into patches are accepted}}
  %grid = onnx.Conv %image, %weight kernel_shape = [4, 4] strides = [2, 2] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32> -> tensor<1x6x3x3xf32> loc("/stem/Conv")
  %turned = onnx.Transpose %grid perm = [0, 2, 3, 1] : tensor<1x6x3x3xf32> -> tensor<1x3x3x6xf32> loc("/stem/Transpose")
  // expected-error@unknown {{Sqrt at /first: no operation of the vit dialect stands for it (1x5x4 -> 1x5x4)}}
  %first = onnx.Sqrt %x : tensor<1x5x4xf32> -> tensor<1x5x4xf32> loc("/first")
  // expected-error@unknown {{Gelu at /act: 'approximate' is "tanh", accepted is "none": the approximation by tanh is another function (1x5x4 -> 1x5x4)}}
  %gelu = onnx.Gelu %first approximate = "tanh" : tensor<1x5x4xf32> -> tensor<1x5x4xf32> loc("/act")
  // expected-error@unknown {{Sqrt at /second: no operation of the vit dialect stands for it (1x5x4 -> 1x5x4)}}
  %second = onnx.Sqrt %gelu : tensor<1x5x4xf32> -> tensor<1x5x4xf32> loc("/second")
  %y = onnx.Add %x, %second : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}

// -----

func.func @padded(%image: tensor<1x3x2x2xf32>) -> tensor<1x6x1x1xf32> {
  %weight = onnx.initializer @weight : tensor<6x3x4x4xf32>
  // expected-error@+1 {{Conv: 'pads' is [1, 1, 1, 1], accepted are zeros only}}
  %y = onnx.Conv %image, %weight kernel_shape = [4, 4] strides = [4, 4] pads = [1, 1, 1, 1] dilations = [1, 1] group = 1 : tensor<1x3x2x2xf32>, tensor<6x3x4x4xf32> -> tensor<1x6x1x1xf32>
  func.return %y : tensor<1x6x1x1xf32>
}

// -----

func.func @dilated(%image: tensor<1x3x8x8xf32>) -> tensor<1x6x1x1xf32> {
  %weight = onnx.initializer @weight : tensor<6x3x4x4xf32>
  // expected-error@+1 {{'dilations' is [2, 2], accepted are ones only}}
  %y = onnx.Conv %image, %weight kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [2, 2] group = 1 : tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32> -> tensor<1x6x1x1xf32>
  func.return %y : tensor<1x6x1x1xf32>
}

// -----

func.func @left_over(%image: tensor<1x3x8x9xf32>) -> tensor<1x6x2x2xf32> {
  %weight = onnx.initializer @weight : tensor<6x3x4x4xf32>
  // expected-error@+1 {{Conv: an image of 8 x 9 does not divide into patches of 4 x 4}}
  %y = onnx.Conv %image, %weight kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x9xf32>, tensor<6x3x4x4xf32> -> tensor<1x6x2x2xf32>
  func.return %y : tensor<1x6x2x2xf32>
}

// -----

func.func @grouped(%image: tensor<1x2x8x8xf32>) -> tensor<1x6x2x2xf32> {
  %weight = onnx.initializer @weight : tensor<6x1x4x4xf32>
  // expected-error@below {{Conv: 'group' is 2, accepted is 1}}
  // expected-error@below {{the graph shows depthwise convolutions, as in ConvNeXt, EfficientNet and MobileNet: each channel is filtered by itself,}}
  %y = onnx.Conv %image, %weight kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [1, 1] group = 2 : tensor<1x2x8x8xf32>, tensor<6x1x4x4xf32> -> tensor<1x6x2x2xf32>
  func.return %y : tensor<1x6x2x2xf32>
}

// -----

// Patches in the wrong order are no tokens.
func.func @no_tokens(%image: tensor<1x3x8x8xf32>) -> tensor<1x6x4xf32> {
  %shape = onnx.constant dense<[1, 6, 4]> : tensor<3xi64>
  %weight = onnx.initializer @weight : tensor<6x3x4x4xf32>
  %scale = onnx.initializer @scale : tensor<4xf32>
  %grid = onnx.Conv %image, %weight kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32> -> tensor<1x6x2x2xf32> loc("/proj/Conv")
  %flat = onnx.Reshape %grid, %shape : tensor<1x6x2x2xf32>, tensor<3xi64> -> tensor<1x6x4xf32>
  // expected-error@+1 {{LayerNormalization: an operand is not in the order of tokens x channels}}
  %y = onnx.LayerNormalization %flat, %scale, %scale axis = -1 epsilon = 1.0e-6 : tensor<1x6x4xf32>, tensor<4xf32>, tensor<4xf32> -> tensor<1x6x4xf32>
  func.return %y : tensor<1x6x4xf32>
}

// -----

func.func @normalised_over_tokens(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %scale = onnx.initializer @scale : tensor<5x4xf32>
  // expected-error@+1 {{LayerNormalization: as 'vit.layer_norm', 'weight' has shape (5, 4), expected (4,)}}
  %y = onnx.LayerNormalization %x, %scale, %scale axis = 1 epsilon = 1.0e-6 : tensor<1x5x4xf32>, tensor<5x4xf32>, tensor<5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}

// -----

func.func @factor_of_each_channel(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %factors = onnx.constant dense<[0.5, 1.0, 1.5, 2.0]> : tensor<4xf32>
  // expected-error@+1 {{Mul: the constant of shape (4,) is no single number}}
  %y = onnx.Mul %x, %factors : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}

// -----

func.func @stretched(%x: tensor<1x5x4xf32>) -> tensor<2x5x4xf32> {
  %halves = onnx.constant dense<0.5> : tensor<2x1x1xf32>
  // expected-error@+1 {{Mul: it stretches its input to shape (2, 5, 4)}}
  %y = onnx.Mul %x, %halves : tensor<1x5x4xf32>, tensor<2x1x1xf32> -> tensor<2x5x4xf32>
  func.return %y : tensor<2x5x4xf32>
}

// -----

func.func @product_of_activations(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  // expected-error@+1 {{Mul: it multiplies neither by a number nor by a factor for each channel}}
  %y = onnx.Mul %x, %x : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}

// -----

func.func @divided_by_activations(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %one = onnx.constant dense<1.0> : tensor<f32>
  // expected-error@+1 {{Div: it divides by activations or weights, accepted are numbers}}
  %y = onnx.Div %one, %x : tensor<f32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}

// -----

func.func @error_function_of_another_width(%x: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %one = onnx.constant dense<1.0> : tensor<f32>
  // expected-error@+1 {{Erf: it is part of no GELU, x / 2 * (1 + erf(x / sqrt(2)))}}
  %e = onnx.Erf %x : tensor<5x8xf32> -> tensor<5x8xf32>
  %s = onnx.Add %e, %one : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  %y = onnx.Mul %x, %s : tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}

// -----

func.func @scaled_product(%x: tensor<5x4xf32>) -> tensor<5x8xf32> {
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  // expected-error@+1 {{Gemm: 'alpha' is 0.5, accepted is 1.0}}
  %y = onnx.Gemm %x, %weight {alpha = 0.5 : f32} : tensor<5x4xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}

// -----

func.func @scaled_bias(%x: tensor<5x4xf32>) -> tensor<5x8xf32> {
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %bias = onnx.initializer @bias : tensor<8xf32>
  // expected-error@+1 {{Gemm: 'beta' is 2.0, accepted is 1.0}}
  %y = onnx.Gemm %x, %weight, %bias {beta = 2.0 : f32} : tensor<5x4xf32>, tensor<4x8xf32>, tensor<8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}

// -----

func.func @turned_input(%x: tensor<4x5xf32>) -> tensor<5x8xf32> {
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  // expected-error@+1 {{Gemm: 'transA' is 1, accepted is 0}}
  %y = onnx.Gemm %x, %weight {transA = 1 : i64} : tensor<4x5xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}

// -----

func.func @product_of_matrices(%x: tensor<5x5xf32>) -> tensor<5x5xf32> {
  // expected-error@+1 {{Gemm: 'right' is no tensor of the model file}}
  %y = onnx.Gemm %x, %x : tensor<5x5xf32>, tensor<5x5xf32> -> tensor<5x5xf32>
  func.return %y : tensor<5x5xf32>
}

// -----

func.func @stack_of_weights(%x: tensor<1x5x4xf32>) -> tensor<2x5x8xf32> {
  %weight = onnx.initializer @weight : tensor<2x4x8xf32>
  // expected-error@+1 {{MatMul: a weight has shape (2, 4, 8), expected a matrix}}
  %y = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<2x4x8xf32> -> tensor<2x5x8xf32>
  func.return %y : tensor<2x5x8xf32>
}

// -----

func.func @offset_of_each_token(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %weight = onnx.initializer @weight : tensor<5x1xf32>
  // expected-error@+1 {{Add: a weight of shape (5, 1) is added to activations of shape (1, 5, 4)}}
  %y = onnx.Add %x, %weight : tensor<1x5x4xf32>, tensor<5x1xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}

// -----

func.func @softmax_of_tokens(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  // expected-error@+1 {{Softmax: its input is no attention scores}}
  %y = onnx.Softmax %x axis = -1 : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}

// -----

func.func @softmax_over_tokens(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  // expected-error@+1 {{Softmax: 'axis' is 1, expected the last of 3}}
  %y = onnx.Softmax %x axis = 1 : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}

// -----

func.func @more_channels(%x: tensor<1x5x4xf32>) -> tensor<1x5x8xf32> {
  // expected-error@+1 {{Concat: 'axis' is 2 for shape (1, 5, 8), only tokens can be concatenated}}
  %y = onnx.Concat %x, %x axis = 2 : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}

// -----

func.func @part_of_the_channels(%x: tensor<1x5x4xf32>) -> tensor<1x5x2xf32> {
  %sizes = onnx.constant dense<2> : tensor<2xi64>
  // expected-error@+1 {{Split: as an output of the model, an operand has only some channels of what is no linear layer}}
  %y, %z = onnx.Split %x, %sizes axis = 2 : tensor<1x5x4xf32>, tensor<2xi64> -> tensor<1x5x2xf32>, tensor<1x5x2xf32>
  func.return %y : tensor<1x5x2xf32>
}

// -----

func.func @no_heads(%x: tensor<1x4x8xf32>) -> tensor<1x2x4x4xf32> {
  %shape = onnx.constant dense<[1, 2, 4, 4]> : tensor<4xi64>
  %deep = onnx.Reshape %x, %shape : tensor<1x4x8xf32>, tensor<4xi64> -> tensor<1x2x4x4xf32>
  // expected-error@+1 {{MatMul: an operand is not in the order of heads x tokens x channels of a head}}
  %y = onnx.MatMul %deep, %deep : tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  func.return %y : tensor<1x2x4x4xf32>
}

// -----

func.func @two_images(%images: tensor<2x3x4x4xf32>) -> tensor<2x6x1x1xf32> {
  %weight = onnx.initializer @weight : tensor<6x3x4x4xf32>
  // expected-error@+1 {{Conv: 'input' has shape (2, 3, 4, 4), expected one image of colours x height x width}}
  %y = onnx.Conv %images, %weight kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<2x3x4x4xf32>, tensor<6x3x4x4xf32> -> tensor<2x6x1x1xf32>
  func.return %y : tensor<2x6x1x1xf32>
}

// -----

// Two images do not attend to each other.
func.func @two_batches(%q: tensor<2x1x5x4xf32>, %k: tensor<2x1x4x5xf32>) -> tensor<2x1x5x5xf32> {
  // expected-error@+1 {{MatMul: an operand is not in the order of heads x tokens x channels of a head}}
  %y = onnx.MatMul %q, %k : tensor<2x1x5x4xf32>, tensor<2x1x4x5xf32> -> tensor<2x1x5x5xf32>
  func.return %y : tensor<2x1x5x5xf32>
}

// -----

// expected-error@unknown {{input at input0: it is tensor<?x5x4xf32>, expected an image: 32-bit reals of a static shape (?)}}
func.func @dynamic(%x: tensor<?x5x4xf32>) -> tensor<1x5x4xf32> {
  // expected-error@+1 {{Constant: as an output of the model, 'output' is not made of activations (1x5x4)}}
  %one = onnx.constant dense<1.0> : tensor<1x5x4xf32>
  func.return %one : tensor<1x5x4xf32>
}

// -----

func.func @constant_output(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  // expected-error@+1 {{Constant: as an output of the model, 'output' is not made of activations}}
  %one = onnx.constant dense<1.0> : tensor<1x5x4xf32>
  func.return %one : tensor<1x5x4xf32>
}

// -----

func.func @every_other_position(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %two = onnx.constant dense<2> : tensor<1xi64>
  %five = onnx.constant dense<5> : tensor<1xi64>
  %positions = onnx.initializer @positions : tensor<5x4xf32>
  // expected-error@+1 {{Slice: it picks values of a weight that are not next to each other}}
  %some = onnx.Slice %positions, %zero, %five, %zero, %two : tensor<5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64> -> tensor<3x4xf32>
  %y = onnx.Add %x, %some : tensor<3x4xf32>, tensor<3x4xf32> -> tensor<3x4xf32>
  func.return %y : tensor<3x4xf32>
}

// -----

func.func @shuffled_positions(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %indices = onnx.constant dense<[3, 1]> : tensor<2xi64>
  %positions = onnx.initializer @positions : tensor<5x4xf32>
  // expected-error@+1 {{Gather: it picks values of a weight that are not next to each other}}
  %some = onnx.Gather %positions, %indices axis = 0 : tensor<5x4xf32>, tensor<2xi64> -> tensor<2x4xf32>
  %y = onnx.Add %x, %some : tensor<2x4xf32>, tensor<2x4xf32> -> tensor<2x4xf32>
  func.return %y : tensor<2x4xf32>
}

// -----

func.func @repeated_position(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %shape = onnx.constant dense<[5, 4]> : tensor<2xi64>
  %position = onnx.initializer @position : tensor<1x4xf32>
  // expected-error@+1 {{Expand: it repeats values of a weight}}
  %all = onnx.Expand %position, %shape : tensor<1x4xf32>, tensor<2xi64> -> tensor<5x4xf32>
  %y = onnx.Add %x, %all : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}

// -----

func.func @sum_of_weights(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %class = onnx.initializer @class : tensor<1x4xf32>
  %positions = onnx.initializer @positions : tensor<5x4xf32>
  // expected-error@+1 {{Add: it computes with weights alone, accepted are the weights that come out of it}}
  %sum = onnx.Add %class, %positions : tensor<1x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %y = onnx.Add %x, %sum : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}

// -----

func.func @constant_offset(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %one = onnx.constant dense<1.0> : tensor<f32>
  // expected-error@+1 {{Add: it is no residual connection, bias or position embedding}}
  %y = onnx.Add %x, %one : tensor<5x4xf32>, tensor<f32> -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}

// -----

func.func @bias_behind_a_factor(%x: tensor<5x4xf32>) -> tensor<5x8xf32> {
  %half = onnx.constant dense<0.5> : tensor<f32>
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %bias = onnx.initializer @bias : tensor<8xf32>
  %product = onnx.MatMul %x, %weight : tensor<5x4xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
  %scaled = onnx.Mul %product, %half : tensor<5x8xf32>, tensor<f32> -> tensor<5x8xf32>
  // expected-error@+1 {{Add: a bias is added to a linear layer that has a factor}}
  %y = onnx.Add %scaled, %bias : tensor<5x8xf32>, tensor<8xf32> -> tensor<5x8xf32>
  func.return %y : tensor<5x8xf32>
}

// -----

func.func @factor_of_each_token(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %factors = onnx.initializer @factors : tensor<5x1xf32>
  // expected-error@+1 {{Mul: a weight of shape (5, 1) multiplies activations of shape (5, 4), accepted is a factor for each channel}}
  %y = onnx.Mul %x, %factors : tensor<5x4xf32>, tensor<5x1xf32> -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}

// -----

func.func @mean_of_channels(%x: tensor<1x5x4xf32>) -> tensor<1x5x1xf32> {
  %axes = onnx.constant dense<-1> : tensor<1xi64>
  // expected-error@+1 {{ReduceMean: it averages something else than the channels of consecutive tokens}}
  %y = onnx.ReduceMean %x, %axes keepdims = 1 : tensor<1x5x4xf32>, tensor<1xi64> -> tensor<1x5x1xf32>
  func.return %y : tensor<1x5x1xf32>
}

// -----

// Channels that no reshape and no transposition brings into the order of heads.
func.func @shuffled_channels(%x: tensor<1x5x4xf32>) -> tensor<1x5x5xf32> {
  %order = onnx.constant dense<[0, 1, 3, 2]> : tensor<4xi64>
  %weight = onnx.initializer @weight : tensor<4x4xf32>
  %product = onnx.MatMul %x, %weight : tensor<1x5x4xf32>, tensor<4x4xf32> -> tensor<1x5x4xf32>
  %query = onnx.Gather %product, %order axis = 2 : tensor<1x5x4xf32>, tensor<4xi64> -> tensor<1x5x4xf32>
  %key = onnx.Transpose %product perm = [0, 2, 1] : tensor<1x5x4xf32> -> tensor<1x4x5xf32>
  // expected-error@+1 {{MatMul: an operand is not in the order of heads x tokens x channels of a head}}
  %y = onnx.MatMul %query, %key : tensor<1x5x4xf32>, tensor<1x4x5xf32> -> tensor<1x5x5xf32>
  func.return %y : tensor<1x5x5xf32>
}

// -----

// Columns in front of rows: no patches that lie side by side.
func.func @turned_patches(%image: tensor<1x3x4x4xf32>) -> tensor<1x4x12xf32> {
  %grid = onnx.constant dense<[1, 3, 2, 2, 2, 2]> : tensor<6xi64>
  %shape = onnx.constant dense<[1, 4, 12]> : tensor<3xi64>
  %gamma = onnx.initializer @gamma : tensor<12xf32>
  %deep = onnx.Reshape %image, %grid : tensor<1x3x4x4xf32>, tensor<6xi64> -> tensor<1x3x2x2x2x2xf32>
  %turned = onnx.Transpose %deep perm = [0, 2, 4, 5, 3, 1] : tensor<1x3x2x2x2x2xf32> -> tensor<1x2x2x2x2x3xf32>
  %patches = onnx.Reshape %turned, %shape : tensor<1x2x2x2x2x3xf32>, tensor<3xi64> -> tensor<1x4x12xf32>
  // expected-error@+1 {{LayerNormalization: an operand is not in the order of tokens x channels}}
  %y = onnx.LayerNormalization %patches, %gamma axis = -1 epsilon = 1.0e-6 : tensor<1x4x12xf32>, tensor<12xf32> -> tensor<1x4x12xf32>
  func.return %y : tensor<1x4x12xf32>
}

// -----

func.func @constant_token(%x: tensor<4x6xf32>) -> tensor<5x6xf32> {
  %class = onnx.constant dense<0.0> : tensor<1x6xf32>
  // expected-error@+1 {{Concat: it concatenates what are neither activations nor weights}}
  %y = onnx.Concat %class, %x axis = 0 : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  func.return %y : tensor<5x6xf32>
}

// -----

func.func @pooler(%x: tensor<1x5x4xf32>) -> tensor<1x4xf32> {
  %zero = onnx.constant dense<0> : tensor<i64>
  %weight = onnx.initializer @weight : tensor<4x4xf32>
  %class = onnx.Gather %x, %zero axis = 1 : tensor<1x5x4xf32>, tensor<i64> -> tensor<1x4xf32>
  %pooled = onnx.Gemm %class, %weight : tensor<1x4xf32>, tensor<4x4xf32> -> tensor<1x4xf32>
  // expected-error@+1 {{Tanh: it is part of a pooler, the tanh of a linear layer: export the tokens alone, in transformers with add_pooling_layer=False}}
  %y = onnx.Opaque "" "Tanh" (%pooled) : (tensor<1x4xf32>) -> tensor<1x4xf32>
  func.return %y : tensor<1x4xf32>
}

// -----

// As many elements as there are activations do not make a position embedding.
func.func @stretched_by_positions(%x: tensor<1x5x4xf32>) -> tensor<5x5x4xf32> {
  %positions = onnx.initializer @positions : tensor<5x1x4xf32>
  // expected-error@+1 {{Add: a weight of shape (5, 1, 4) is added to activations of shape (1, 5, 4), which stretches them to shape (5, 5, 4)}}
  %y = onnx.Add %x, %positions : tensor<1x5x4xf32>, tensor<5x1x4xf32> -> tensor<5x5x4xf32>
  func.return %y : tensor<5x5x4xf32>
}

// -----

func.func @stretched_by_column(%x: tensor<1x4xf32>) -> tensor<4x4xf32> {
  %column = onnx.initializer @column : tensor<4x1xf32>
  // expected-error@+1 {{Add: a weight of shape (4, 1) is added to activations of shape (1, 4), which stretches them to shape (4, 4)}}
  %y = onnx.Add %x, %column : tensor<1x4xf32>, tensor<4x1xf32> -> tensor<4x4xf32>
  func.return %y : tensor<4x4xf32>
}

// -----

func.func @stretched_by_activations(%x: tensor<1x5x4xf32>) -> tensor<5x5x4xf32> {
  %turned = onnx.Transpose %x perm = [1, 0, 2] : tensor<1x5x4xf32> -> tensor<5x1x4xf32>
  // expected-error@+1 {{Add: it adds activations of shapes (1, 5, 4) and (5, 1, 4), which stretches them to shape (5, 5, 4)}}
  %y = onnx.Add %x, %turned : tensor<1x5x4xf32>, tensor<5x1x4xf32> -> tensor<5x5x4xf32>
  func.return %y : tensor<5x5x4xf32>
}

// -----

func.func @stretched_token(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %zero = onnx.constant dense<0> : tensor<1xi64>
  %class = onnx.Gather %x, %zero axis = 1 : tensor<1x5x4xf32>, tensor<1xi64> -> tensor<1x1x4xf32>
  // expected-error@+1 {{Add: it adds activations of shapes (1, 5, 4) and (1, 1, 4), which stretches them to shape (1, 5, 4)}}
  %y = onnx.Add %x, %class : tensor<1x5x4xf32>, tensor<1x1x4xf32> -> tensor<1x5x4xf32>
  func.return %y : tensor<1x5x4xf32>
}

// -----

func.func @stretched_weights(%x: tensor<1x5x4xf32>) -> tensor<1x9x4xf32> {
  %class = onnx.initializer @class : tensor<1x4xf32>
  %column = onnx.initializer @column : tensor<4x1xf32>
  %four = onnx.constant dense<[1, 4, 4]> : tensor<3xi64>
  // expected-error@+1 {{Add: it computes with weights alone, accepted are the weights that come out of it}}
  %sum = onnx.Add %class, %column : tensor<1x4xf32>, tensor<4x1xf32> -> tensor<4x4xf32>
  %tokens = onnx.Reshape %sum, %four : tensor<4x4xf32>, tensor<3xi64> -> tensor<1x4x4xf32>
  %y = onnx.Concat %tokens, %x axis = 1 : tensor<1x4x4xf32>, tensor<1x5x4xf32> -> tensor<1x9x4xf32>
  func.return %y : tensor<1x9x4xf32>
}
