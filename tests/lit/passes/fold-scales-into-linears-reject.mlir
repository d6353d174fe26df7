// RUN: vaqf-opt %s -p fold-scales-into-linears --verify-diagnostics --split-input-file | filecheck %s

// CHECK: 'vit.scale' at {{.*}}: it multiplies 'vit.gelu', no linear layer can take its factor
func.func @activation(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %active = vit.gelu %x : tensor<5x4xf32> -> tensor<5x4xf32>
  %half = vit.scale %active by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %half : tensor<5x4xf32>
}

// -----

// Factors of the channels that go into a layer are none of those that come out of it.
// CHECK: 'vit.scale_channels' at {{.*}}: it multiplies an input, no linear layer can take its factor
func.func @channels_before_a_layer(%x: tensor<5x4xf32>) -> tensor<5x3xf32> {
  %gamma = vit.parameter @gamma : tensor<4xf32>
  %weight = vit.parameter @weight : tensor<3x4xf32>
  %scaled = vit.scale_channels %x, %gamma : tensor<5x4xf32>, tensor<4xf32> -> tensor<5x4xf32>
  %y = vit.linear %scaled, %weight : tensor<5x4xf32>, tensor<3x4xf32> -> tensor<5x3xf32>
  func.return %y : tensor<5x3xf32>
}

// -----

// CHECK: 'vit.scale' at {{.*}}: the result of 'vit.linear' is used without this factor as well
func.func @used_twice(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %weight = vit.parameter @weight : tensor<4x4xf32>
  %proj = vit.linear %x, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %half = vit.scale %proj by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  %sum = vit.add %proj, %half : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %sum : tensor<5x4xf32>
}

// -----

// One term is a layer, the other is not.
// CHECK: 'vit.scale' at {{.*}}: it multiplies an input, no linear layer can take its factor
func.func @term(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %weight = vit.parameter @weight : tensor<4x4xf32>
  %proj = vit.linear %x, %weight : tensor<5x4xf32>, tensor<4x4xf32> -> tensor<5x4xf32>
  %sum = vit.add %x, %proj : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  %half = vit.scale %sum by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  func.return %half : tensor<5x4xf32>
}
