// RUN: vaqf-opt %s -p raise-onnx-to-vit --verify-diagnostics --split-input-file

// What stands in the way is reported for all of a model, but nothing that only follows from it.

// An operation that failed gives tokens x channels: the linear layer behind it is fine, the next
// unknown operation is not.
// expected-error@unknown {{ReLU: Relu, at /first and 1 more}}
func.func @behind(%x: tensor<1x5x4xf32>) -> tensor<*xf32> {
  %weight = onnx.initializer @weight : tensor<4x8xf32>
  %bias = onnx.initializer @bias : tensor<8xf32>
  // expected-error@unknown {{Relu at /first: it is an activation function other than GELU (1x5x4 -> 1x5x4)}}
  %a = onnx.Opaque "" "Relu" (%x) : (tensor<1x5x4xf32>) -> tensor<1x5x4xf32> loc("/first")
  %b = onnx.MatMul %a, %weight : tensor<1x5x4xf32>, tensor<4x8xf32> -> tensor<1x5x8xf32>
  %c = onnx.Add %b, %bias : tensor<1x5x8xf32>, tensor<8xf32> -> tensor<1x5x8xf32>
  // expected-error@unknown {{com.example.Window at /second: no operation of the vit dialect stands for it (1x5x8 -> ?)}}
  %d = onnx.Opaque "com.example" "Window" (%c) : (tensor<1x5x8xf32>) -> tensor<*xf32> loc("/second")
  %e = onnx.Opaque "" "Relu" (%d) follows "/second" : (tensor<*xf32>) -> tensor<*xf32> loc("/third")
  func.return %e : tensor<*xf32>
}

// -----

// The operation of an operator that is known says itself what it cannot stand for.
func.func @reason(%image: tensor<1x3x8x8xf32>) -> tensor<1x6x2x2xf32> {
  %weight = onnx.initializer @weight : tensor<6x3x4x4xf32>
  // expected-error@unknown {{Conv at /proj/Conv: auto_pad is SAME_UPPER, accepted are NOTSET and VALID}}
  %y = onnx.Opaque "" "Conv" (%image, %weight) reason "auto_pad is SAME_UPPER, accepted are NOTSET and VALID" : (tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32>) -> tensor<1x6x2x2xf32> loc("/proj/Conv")
  func.return %y : tensor<1x6x2x2xf32>
}

// -----

// Attention behind an operation that failed is taken for what it is, in every block; only that it
// is within windows stands in the way as well.
// expected-error@unknown {{windowed attention, as in Swin: attention within 4 windows of 5 tokens each, at /scores}}
func.func @windows(%q: tensor<4x2x5x8xf32>, %k: tensor<4x2x8x5xf32>) -> tensor<4x2x5x5xf32> {
  // expected-error@unknown {{Tanh at /q: it is an activation function other than GELU (4x2x5x8 -> 4x2x5x8)}}
  %a = onnx.Opaque "" "Tanh" (%q) : (tensor<4x2x5x8xf32>) -> tensor<4x2x5x8xf32> loc("/q")
  // expected-error@unknown {{Tanh at /k: it is an activation function other than GELU (4x2x8x5 -> 4x2x8x5)}}
  %b = onnx.Opaque "" "Tanh" (%k) : (tensor<4x2x8x5xf32>) -> tensor<4x2x8x5xf32> loc("/k")
  // expected-error@unknown {{MatMul at /scores: attention within 4 windows of 5 tokens each, accepted is attention among all tokens (4x2x5x8, 4x2x8x5 -> 4x2x5x5)}}
  %scores = onnx.MatMul %a, %b : tensor<4x2x5x8xf32>, tensor<4x2x8x5xf32> -> tensor<4x2x5x5xf32> loc("/scores")
  %y = onnx.Softmax %scores axis = -1 : tensor<4x2x5x5xf32> -> tensor<4x2x5x5xf32>
  func.return %y : tensor<4x2x5x5xf32>
}

// -----

// Arithmetic on weights is reported where it begins, and what it gives is not followed.
// expected-error@unknown {{a position embedding that is interpolated in the graph: a weight is resized when the model runs,}}
func.func @weights(%x: tensor<1x9x4xf32>) -> tensor<1x9x4xf32> {
  %shape = onnx.constant dense<[1, 9, 4]> : tensor<3xi64>
  %position = onnx.initializer @position : tensor<1x4x2x2xf32>
  %scale = onnx.initializer @scale : tensor<4xf32>
  // expected-error@unknown {{Resize at /resize: it interpolates a weight, such as a position embedding: export for a fixed size of image (1x4x2x2 -> 1x4x3x3)}}
  %large = onnx.Opaque "" "Resize" (%position) : (tensor<1x4x2x2xf32>) -> tensor<1x4x3x3xf32> loc("/resize")
  %turned = onnx.Transpose %large perm = [0, 2, 3, 1] : tensor<1x4x3x3xf32> -> tensor<1x3x3x4xf32> loc("/turn")
  %tokens = onnx.Reshape %turned, %shape : tensor<1x3x3x4xf32>, tensor<3xi64> -> tensor<1x9x4xf32> loc("/flatten")
  %sum = onnx.Add %x, %tokens : tensor<1x9x4xf32>, tensor<1x9x4xf32> -> tensor<1x9x4xf32> loc("/add")
  // expected-error@unknown {{Mul at /square: it computes with weights alone, accepted are the weights that come out of it (4, 4 -> 4)}}
  %square = onnx.Mul %scale, %scale : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32> loc("/square")
  %y = onnx.Mul %sum, %square : tensor<1x9x4xf32>, tensor<4xf32> -> tensor<1x9x4xf32> loc("/scaled")
  func.return %y : tensor<1x9x4xf32>
}

// -----

// Convolutions that follow after attention, and control flow.
// expected-error@unknown {{convolutions among attention, as in MobileViT and CvT: convolutions follow after attention, at}}
// expected-error@unknown {{pooling layers: GlobalAveragePool, at /pool}}
// expected-error@unknown {{recurrence or control flow: Loop, at /loop}}
func.func @after(%x: tensor<1x2x5x8xf32>) -> tensor<1x6x1x1xf32> {
  %weight = onnx.initializer @weight : tensor<6x2x5x5xf32>
  %turned = onnx.Transpose %x perm = [0, 1, 3, 2] : tensor<1x2x5x8xf32> -> tensor<1x2x8x5xf32>
  %scores = onnx.MatMul %x, %turned : tensor<1x2x5x8xf32>, tensor<1x2x8x5xf32> -> tensor<1x2x5x5xf32>
  %probabilities = onnx.Softmax %scores axis = -1 : tensor<1x2x5x5xf32> -> tensor<1x2x5x5xf32>
  // expected-error@unknown {{/conv}}
  %map = onnx.Conv %probabilities, %weight kernel_shape = [5, 5] strides = [5, 5] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x2x5x5xf32>, tensor<6x2x5x5xf32> -> tensor<1x6x1x1xf32> loc("/conv")
  // expected-error@unknown {{Loop at /loop: it is control flow (1x6x1x1 -> 1x6x1x1)}}
  %looped = onnx.Opaque "" "Loop" (%map) : (tensor<1x6x1x1xf32>) -> tensor<1x6x1x1xf32> loc("/loop")
  // expected-error@unknown {{GlobalAveragePool at /pool: it pools over an image, accepted is the mean of all tokens (1x6x1x1 -> 1x6x1x1)}}
  %y = onnx.Opaque "" "GlobalAveragePool" (%looped) : (tensor<1x6x1x1xf32>) -> tensor<1x6x1x1xf32> loc("/pool")
  func.return %y : tensor<1x6x1x1xf32>
}

// -----

// A convolution that cuts what is as large as an image into patches is fine, whatever made that.
func.func @resized(%image: tensor<1x3x9x9xf32>) -> tensor<1x6x2x2xf32> {
  %weight = onnx.initializer @weight : tensor<6x3x4x4xf32>
  // expected-error@unknown {{Resize at /resize: it resizes an image or feature maps (1x3x9x9 -> 1x3x8x8)}}
  %small = onnx.Opaque "" "Resize" (%image) : (tensor<1x3x9x9xf32>) -> tensor<1x3x8x8xf32> loc("/resize")
  %y = onnx.Conv %small, %weight kernel_shape = [4, 4] strides = [4, 4] pads = [0, 0, 0, 0] dilations = [1, 1] group = 1 : tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32> -> tensor<1x6x2x2xf32> loc("/proj/Conv")
  func.return %y : tensor<1x6x2x2xf32>
}

// -----

// Biases on attention scores are refused where they are added, though the operation would do.
// expected-error@unknown {{relative position bias, as in Swin, BEiT and LeViT: a weight for each head, query and key is added}}
func.func @biased(%x: tensor<1x5x8xf32>) -> tensor<1x5x8xf32> {
  %split = onnx.constant dense<[1, 5, 2, 4]> : tensor<4xi64>
  %joined = onnx.constant dense<[1, 5, 8]> : tensor<3xi64>
  %bias = onnx.initializer @bias : tensor<1x2x5x5xf32>
  %parts = onnx.Reshape %x, %split : tensor<1x5x8xf32>, tensor<4xi64> -> tensor<1x5x2x4xf32>
  %q = onnx.Transpose %parts perm = [0, 2, 1, 3] : tensor<1x5x2x4xf32> -> tensor<1x2x5x4xf32>
  %k = onnx.Transpose %parts perm = [0, 2, 3, 1] : tensor<1x5x2x4xf32> -> tensor<1x2x4x5xf32>
  %scores = onnx.MatMul %q, %k : tensor<1x2x5x4xf32>, tensor<1x2x4x5xf32> -> tensor<1x2x5x5xf32>
  // expected-error@unknown {{Add at /bias: it adds a relative position bias to attention scores, accepted are scores alone (1x2x5x5, 1x2x5x5 -> 1x2x5x5)}}
  %biased = onnx.Add %scores, %bias : tensor<1x2x5x5xf32>, tensor<1x2x5x5xf32> -> tensor<1x2x5x5xf32> loc("/bias")
  %probabilities = onnx.Softmax %biased axis = -1 : tensor<1x2x5x5xf32> -> tensor<1x2x5x5xf32>
  %mixed = onnx.MatMul %probabilities, %q : tensor<1x2x5x5xf32>, tensor<1x2x5x4xf32> -> tensor<1x2x5x4xf32>
  %turned = onnx.Transpose %mixed perm = [0, 2, 1, 3] : tensor<1x2x5x4xf32> -> tensor<1x5x2x4xf32>
  %y = onnx.Reshape %turned, %joined : tensor<1x5x2x4xf32>, tensor<3xi64> -> tensor<1x5x8xf32>
  func.return %y : tensor<1x5x8xf32>
}

// -----

// A factor that no linear layer can take is told with the rest; one on what an operation that failed
// gives is not, a linear layer may stand there in the end.
// expected-error@unknown {{the graph shows ReLU: Relu, at /relu}}
func.func @factors(%x: tensor<1x5x4xf32>, %image: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %half = onnx.constant dense<0.5> : tensor<f32>
  %scale = onnx.initializer @scale : tensor<4xf32>
  // expected-error@unknown {{Relu at /relu: it is an activation function other than GELU (1x5x4 -> 1x5x4)}}
  %a = onnx.Opaque "" "Relu" (%x) : (tensor<1x5x4xf32>) -> tensor<1x5x4xf32> loc("/relu")
  %b = onnx.Mul %a, %scale : tensor<1x5x4xf32>, tensor<4xf32> -> tensor<1x5x4xf32> loc("/layer_scale")
  %c = onnx.Gelu %x approximate = "none" : tensor<1x5x4xf32> -> tensor<1x5x4xf32> loc("/gelu")
  // expected-error@unknown {{Mul at /half: it multiplies a GELU, accepted are factors that a linear layer before or behind them can take (5x4 -> 5x4)}}
  %d = onnx.Mul %c, %half : tensor<1x5x4xf32>, tensor<f32> -> tensor<1x5x4xf32> loc("/half")
  %e = onnx.Add %b, %d : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32> loc("/sum")
  %f = onnx.Add %e, %d : tensor<1x5x4xf32>, tensor<1x5x4xf32> -> tensor<1x5x4xf32> loc("/sum2")
  func.return %f : tensor<1x5x4xf32>
}

// -----

// Outputs that no network gives are called what they are.
// expected-error@unknown {{output at copy: as an output of the model, it is an input of the model, accepted are tokens, features and logits (1x3x8x8)}}
func.func @outputs(%x: tensor<1x5x4xf32>, %image: tensor<1x3x8x8xf32>) -> (tensor<1x1x5x5xf32> {vaqf.name = "map"}, tensor<1x1x5x5xf32> {vaqf.name = "probabilities"}, tensor<1x3x8x8xf32> {vaqf.name = "copy"}, tensor<8x4xf32> {vaqf.name = "w"}) {
  %shape = onnx.constant dense<[1, 1, 5, 4]> : tensor<4xi64>
  // expected-error@unknown {{initializer at weight: as an output of the model, it is a weight of the model file, accepted are tokens, features and logits (8x4)}}
  %weight = onnx.initializer @weight : tensor<8x4xf32> loc("weight")
  %q = onnx.Reshape %x, %shape : tensor<1x5x4xf32>, tensor<4xi64> -> tensor<1x1x5x4xf32>
  %k = onnx.Transpose %q perm = [0, 1, 3, 2] : tensor<1x1x5x4xf32> -> tensor<1x1x4x5xf32>
  // expected-error@unknown {{MatMul at /scores: as an output of the model, it is attention scores, accepted are tokens, features and logits (1x1x5x4, 1x1x4x5 -> 1x1x5x5)}}
  %scores = onnx.MatMul %q, %k : tensor<1x1x5x4xf32>, tensor<1x1x4x5xf32> -> tensor<1x1x5x5xf32> loc("/scores")
  // expected-error@unknown {{Softmax at /softmax: as an output of the model, it is attention probabilities, accepted are tokens, features and logits (1x1x5x5 -> 1x1x5x5)}}
  %probabilities = onnx.Softmax %scores axis = -1 : tensor<1x1x5x5xf32> -> tensor<1x1x5x5xf32> loc("/softmax")
  func.return %scores, %probabilities, %image, %weight : tensor<1x1x5x5xf32>, tensor<1x1x5x5xf32>, tensor<1x3x8x8xf32>, tensor<8x4xf32>
}
