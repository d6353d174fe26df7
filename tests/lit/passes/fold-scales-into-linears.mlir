// RUN: vaqf-opt %s -p fold-scales-into-linears | filecheck %s
// RUN: vaqf-opt %s -p fold-scales-into-linears --print-debuginfo | filecheck %s --check-prefix LOCATION

// LayerScale.
func.func @layer_scale(%x: tensor<5x4xf32>) -> tensor<5x3xf32> {
  %weight = vit.parameter @weight : tensor<3x4xf32>
  %bias = vit.parameter @bias : tensor<3xf32>
  %gamma = vit.parameter @gamma : tensor<3xf32>
  %proj = vit.linear %x, %weight, %bias : tensor<5x4xf32>, tensor<3x4xf32>, tensor<3xf32> -> tensor<5x3xf32> loc("/proj")
  %scaled = vit.scale_channels %proj, %gamma : tensor<5x3xf32>, tensor<3xf32> -> tensor<5x3xf32> loc("/ls")
  func.return %scaled : tensor<5x3xf32>
}
// CHECK:       func.func @layer_scale(
// CHECK-NEXT:    %weight = vit.parameter @weight :
// CHECK-NEXT:    %bias = vit.parameter @bias :
// CHECK-NEXT:    %gamma = vit.parameter @gamma :
// CHECK-NEXT:    %weight_scaled = vit.scale_rows %weight, %gamma :
// CHECK-NEXT:    %bias_scaled = vit.scale_rows %bias, %gamma :
// CHECK-NEXT:    %proj = vit.linear %x, %weight_scaled, %bias_scaled :
// CHECK-NEXT:    func.return %proj

// The mean of two heads.
func.func @two_heads(%x: tensor<1x4xf32>, %y: tensor<1x4xf32>) -> tensor<1x3xf32> {
  %weight = vit.parameter @head : tensor<3x4xf32>
  %head = vit.linear %x, %weight : tensor<1x4xf32>, tensor<3x4xf32> -> tensor<1x3xf32>
  %weight_dist = vit.parameter @head_dist : tensor<3x4xf32>
  %bias_dist = vit.parameter @bias_dist : tensor<3xf32>
  %head_dist = vit.linear %y, %weight_dist, %bias_dist : tensor<1x4xf32>, tensor<3x4xf32>, tensor<3xf32> -> tensor<1x3xf32>
  %sum = vit.add %head, %head_dist : tensor<1x3xf32>, tensor<1x3xf32> -> tensor<1x3xf32>
  %mean = vit.scale %sum by 0.5 : f64 : tensor<1x3xf32> -> tensor<1x3xf32>
  func.return %mean : tensor<1x3xf32>
}
// CHECK:       func.func @two_heads(
// CHECK-NEXT:    %weight = vit.parameter @head :
// CHECK-NEXT:    %weight_dist = vit.parameter @head_dist :
// CHECK-NEXT:    %bias_dist = vit.parameter @bias_dist :
// CHECK-NEXT:    %weight_scaled = vit.scale %weight by 5.000000e-01 : f64 : tensor<3x4xf32> -> tensor<3x4xf32>
// CHECK-NEXT:    %head = vit.linear %x, %weight_scaled :
// CHECK-NEXT:    %weight_dist_scaled = vit.scale %weight_dist by 5.000000e-01 : f64 : tensor<3x4xf32> -> tensor<3x4xf32>
// CHECK-NEXT:    %bias_dist_scaled = vit.scale %bias_dist by 5.000000e-01 : f64 : tensor<3xf32> -> tensor<3xf32>
// CHECK-NEXT:    %head_dist = vit.linear %y, %weight_dist_scaled, %bias_dist_scaled :
// CHECK-NEXT:    %sum = vit.add %head, %head_dist :
// CHECK-NEXT:    func.return %sum

func.func @patches(%image: tensor<3x4x4xf32>) -> tensor<4x6xf32> {
  %kernel = vit.parameter @kernel : tensor<6x3x2x2xf32>
  %gamma = vit.parameter @gamma : tensor<6xf32>
  %patches = vit.patch_embedding %image, %kernel : tensor<3x4x4xf32>, tensor<6x3x2x2xf32> -> tensor<4x6xf32>
  %scaled = vit.scale_channels %patches, %gamma : tensor<4x6xf32>, tensor<6xf32> -> tensor<4x6xf32>
  func.return %scaled : tensor<4x6xf32>
}
// CHECK:       func.func @patches(
// CHECK-NEXT:    %kernel = vit.parameter @kernel :
// CHECK-NEXT:    %gamma = vit.parameter @gamma :
// CHECK-NEXT:    %kernel_scaled = vit.scale_rows %kernel, %gamma :
// CHECK-NEXT:    %patches = vit.patch_embedding %image, %kernel_scaled :
// CHECK-NEXT:    func.return %patches

// Both kinds of factor, one after the other.
func.func @twice(%x: tensor<5x4xf32>) -> tensor<5x3xf32> {
  %weight = vit.parameter @weight : tensor<3x4xf32>
  %gamma = vit.parameter @gamma : tensor<3xf32>
  %proj = vit.linear %x, %weight : tensor<5x4xf32>, tensor<3x4xf32> -> tensor<5x3xf32>
  %half = vit.scale %proj by 0.5 : f64 : tensor<5x3xf32> -> tensor<5x3xf32>
  %scaled = vit.scale_channels %half, %gamma : tensor<5x3xf32>, tensor<3xf32> -> tensor<5x3xf32>
  func.return %scaled : tensor<5x3xf32>
}
// CHECK:       func.func @twice(
// CHECK-NEXT:    %weight = vit.parameter @weight :
// CHECK-NEXT:    %gamma = vit.parameter @gamma :
// CHECK-NEXT:    %weight_scaled = vit.scale %weight by 5.000000e-01 : f64 : tensor<3x4xf32> -> tensor<3x4xf32>
// CHECK-NEXT:    %weight_scaled_scaled = vit.scale_rows %weight_scaled, %gamma :
// CHECK-NEXT:    %proj = vit.linear %x, %weight_scaled_scaled :
// CHECK-NEXT:    func.return %proj

// A factor that no layer before it can take goes into the one behind it.
func.func @behind(%x: tensor<5x4xf32>) -> tensor<5x3xf32> {
  %weight = vit.parameter @weight : tensor<3x4xf32>
  %bias = vit.parameter @bias : tensor<3xf32>
  %active = vit.gelu %x : tensor<5x4xf32> -> tensor<5x4xf32>
  %half = vit.scale %active by 0.5 : f64 : tensor<5x4xf32> -> tensor<5x4xf32>
  %proj = vit.linear %half, %weight, %bias : tensor<5x4xf32>, tensor<3x4xf32>, tensor<3xf32> -> tensor<5x3xf32>
  func.return %proj : tensor<5x3xf32>
}
// CHECK:       func.func @behind(
// CHECK-NEXT:    %weight = vit.parameter @weight :
// CHECK-NEXT:    %bias = vit.parameter @bias :
// CHECK-NEXT:    %active = vit.gelu %x :
// CHECK-NEXT:    %weight_scaled = vit.scale %weight by 5.000000e-01 : f64 : tensor<3x4xf32> -> tensor<3x4xf32>
// CHECK-NEXT:    %proj = vit.linear %active, %weight_scaled, %bias :
// CHECK-NEXT:    func.return %proj

// A factor on pixels.
func.func @pixels(%image: tensor<3x4x4xf32>) -> tensor<4x6xf32> {
  %kernel = vit.parameter @kernel : tensor<6x3x2x2xf32>
  %half = vit.scale %image by 0.5 : f64 : tensor<3x4x4xf32> -> tensor<3x4x4xf32>
  %patches = vit.patch_embedding %half, %kernel : tensor<3x4x4xf32>, tensor<6x3x2x2xf32> -> tensor<4x6xf32>
  func.return %patches : tensor<4x6xf32>
}
// CHECK:       func.func @pixels(
// CHECK-NEXT:    %kernel = vit.parameter @kernel :
// CHECK-NEXT:    %kernel_scaled = vit.scale %kernel by 5.000000e-01 : f64 : tensor<6x3x2x2xf32> -> tensor<6x3x2x2xf32>
// CHECK-NEXT:    %patches = vit.patch_embedding %image, %kernel_scaled :
// CHECK-NEXT:    func.return %patches

// Integers that a model gives stay as they are: their scales are multiplied.
func.func @rounded(%x: tensor<5x4xf32>, %integers: tensor<3x4xi8>) -> tensor<5x3xf32> {
  %scale = vit.parameter @scale : tensor<3xf32>
  %gamma = vit.parameter @gamma : tensor<3xf32>
  %weight = quant.dequantize_weight %integers, %scale : tensor<3x4xi8>, tensor<3xf32> -> tensor<3x4xf32>
  %proj = vit.linear %x, %weight : tensor<5x4xf32>, tensor<3x4xf32> -> tensor<5x3xf32>
  %scaled = vit.scale_channels %proj, %gamma : tensor<5x3xf32>, tensor<3xf32> -> tensor<5x3xf32>
  func.return %scaled : tensor<5x3xf32>
}
// CHECK:       func.func @rounded(
// CHECK-NEXT:    %scale = vit.parameter @scale :
// CHECK-NEXT:    %gamma = vit.parameter @gamma :
// CHECK-NEXT:    %scale_scaled = vit.scale_rows %scale, %gamma :
// CHECK-NEXT:    %weight = quant.dequantize_weight %integers, %scale_scaled :
// CHECK-NEXT:    %proj = vit.linear %x, %weight :
// CHECK-NEXT:    func.return %proj

func.func @rounded_kernel(%image: tensor<3x4x4xf32>, %integers: tensor<6x12xi8>) -> tensor<4x6xf32> {
  %scale = vit.parameter @scale : tensor<6xf32>
  %matrix = quant.dequantize_weight %integers, %scale : tensor<6x12xi8>, tensor<6xf32> -> tensor<6x12xf32>
  %kernel = vit.reshape %matrix : tensor<6x12xf32> -> tensor<6x3x2x2xf32>
  %patches = vit.patch_embedding %image, %kernel : tensor<3x4x4xf32>, tensor<6x3x2x2xf32> -> tensor<4x6xf32>
  %half = vit.scale %patches by 0.5 : f64 : tensor<4x6xf32> -> tensor<4x6xf32>
  func.return %half : tensor<4x6xf32>
}
// CHECK:       func.func @rounded_kernel(
// CHECK-NEXT:    %scale = vit.parameter @scale :
// CHECK-NEXT:    %scale_scaled = vit.scale %scale by 5.000000e-01 : f64 : tensor<6xf32> -> tensor<6xf32>
// CHECK-NEXT:    %matrix = quant.dequantize_weight %integers, %scale_scaled :
// CHECK-NEXT:    %kernel = vit.reshape %matrix : tensor<6x12xf32> -> tensor<6x3x2x2xf32>
// CHECK-NEXT:    %patches = vit.patch_embedding %image, %kernel :
// CHECK-NEXT:    func.return %patches

// Layers keep their locations; what is done to weights has that of the factor.
// LOCATION:      func.func @layer_scale(
// LOCATION:      vit.scale_rows {{.*}} loc("/ls")
// LOCATION-NEXT: vit.scale_rows {{.*}} loc("/ls")
// LOCATION-NEXT: vit.linear {{.*}} loc("/proj")
