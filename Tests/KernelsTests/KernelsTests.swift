import Foundation
import Kernels
import Testing

/// A small repeatable source of numbers; D. Knuth's MMIX congruential generator, upper bits.
struct Numbers {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }

    mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

    /// Uniform in −1...1.
    mutating func signed() -> Float { Float(next()) / Float(1 << 30) - 1 }
}

@Suite struct ProductTests {
    @Test(
        "A product of float matrices is exact for small whole numbers",
        arguments: [GEMM.Transposed.left, .right, .neither])
    func floatProduct(transposed: GEMM.Transposed) throws {
        let (m, n, k) = (3, 4, 5)
        let a = (0..<m * k).map { Float($0 % 7 - 3) }
        let b = (0..<n * k).map { Float($0 % 5 - 2) }
        var c = [Float](repeating: -1, count: m * n)
        try GEMM.multiply(a, b, into: &c, .init(m: m, n: n, k: k, transposed: transposed))
        for row in 0..<m {
            for column in 0..<n {
                let sum = (0..<k).reduce(Float(0)) { sum, i in
                    let left = transposed == .left ? a[i * m + row] : a[row * k + i]
                    let right = transposed == .right ? b[column * k + i] : b[i * n + column]
                    return sum + left * right
                }
                #expect(c[row * n + column] == sum)
            }
        }
    }

    @Test("A product of parts of matrices adds up to that of the whole")
    func partProducts() throws {
        let (m, n, k) = (3, 4, 6)
        let a = (0..<m * k).map { Float($0 % 7 - 3) }
        let b = (0..<n * k).map { Float($0 % 5 - 2) }
        var whole = [Float](repeating: 0, count: m * n)
        try GEMM.multiply(a, b, into: &whole, .init(m: m, n: n, k: k))
        var sum = [Float](repeating: -1, count: m * n)
        for start in [0, 4] {
            try a.withUnsafeBufferPointer { a in
                try b.withUnsafeBufferPointer { b in
                    try GEMM.multiply(
                        a.baseAddress! + start, b.baseAddress! + start, into: &sum,
                        .init(m: m, n: n, k: start == 0 ? 4 : 2, strides: (k, k)), adds: start > 0)
                }
            }
        }
        #expect(sum == whole)
    }

    @Test("Sums of rows by group are added to the earlier sums, also for white rows")
    func groupSums() throws {
        let (count, length, groups) = (70, 5, 2)
        var numbers = Numbers(state: 8)
        let bytes = (0..<count * length).map { $0 < 40 * length ? 255 : numbers.byte() }
        let member = (0..<count).map { $0 % 3 == 0 ? 1 : 0 }
        let memberships = member.flatMap { $0 == 1 ? [0, 1] : [1, 0] as [Int8] }
        var sums = [Int32](repeating: 7, count: length * groups)
        try GEMM.addSums(
            of: bytes, memberships: memberships, count: count, to: &sums)
        for place in 0..<length {
            for group in 0..<groups {
                let sum = (0..<count).filter { member[$0] == group }.reduce(7) {
                    $0 + Int(bytes[$1 * length + place])
                }
                #expect(Int(sums[place * groups + group]) == sum)
            }
        }
    }

    /// The integer path is exact only on processors with VNNI.
    static let paths = ByteRows.hardwareIsExact ? [false, true] : [false]

    @Test("Products of bytes are exact on every path, also for white rows", arguments: paths)
    func byteProducts(hardware: Bool) throws {
        var numbers = Numbers(state: 5)
        let length = 2352
        let random = (0..<9 * length).map { _ in numbers.byte() }
        let extremes =
            [UInt8](repeating: 255, count: length) + [UInt8](repeating: 0, count: length)
        let (left, right) = (random[...].prefix(7 * length) + extremes, extremes + random)
        let rows = ByteRows(right, length: length)
        var scratch: [Float] = []
        var products = [Int32](repeating: 0, count: 9 * 11)
        try rows.products(
            with: Array(left), count: 9, into: &products, scratch: &scratch, exactHardware: hardware
        )
        for row in 0..<9 {
            for column in 0..<11 {
                let sum = (0..<length).reduce(0) {
                    $0 + Int(left[row * length + $1]) * (Int(right[column * length + $1]) - 128)
                }
                #expect(Int(products[row * 11 + column]) == sum)
            }
        }
        // White by white, 2352 · 255 · 127, and white by black, −2352 · 255 · 128.
        #expect(products[7 * 11] == 76_169_520)
        #expect(products[7 * 11 + 1] == -76_769_280)
    }
}

@Suite struct AdamTests {
    @Test(
        "The first step of AdamW moves values by the rate against the sign of the gradient, and decays them"
    )
    func firstStep() throws {
        // A dense layer of one unit on one pixel of three channels: gradients are the inputs.
        let store = ParameterStore(values: [1, 2, 3, 4], statistics: [])
        let graph = try LayerGraph(
            batch: 1, of: .init(height: 1, width: 1, channels: 3), store: store, for: .training)
        try graph.addDense(units: 1, offset: 0)
        graph.withInput { input in
            input[0] = 0.5
            input[1] = -2
            input[2] = 1
        }
        // 1 · 0.5 − 2 · 2 + 3 · 1 + 4.
        #expect(try graph.forward() == [3.5])
        try graph.backward([1])
        #expect(store.currentGradients == [0.5, -2, 1, 1])
        var adam = Adam(store, weightDecay: 0.1)
        adam.step(rate: 0.01)
        // D. Kingma and J. Ba, algorithm 1: after one step m̂/√v̂ is the sign of the gradient. I.
        // Loshchilov and F. Hutter, algorithm 2: the value also decreases by rate · decay of
        // itself: 1 − 0.001 − 0.01.
        let expected: [Float] = [
            0.989, 2.008, 2.987, 3.986,
        ]
        for (found, wanted) in zip(store.currentValues, expected) {
            #expect(abs(found - wanted) < 1e-6)
        }
    }

    @Test("A moving average begins with the share 9 / (9 + steps) and ends with 1 / horizon")
    func average() {
        let store = ParameterStore(values: [1], statistics: [])
        var average = MovingAverage([0], horizon: 2)
        // The shares are max(1/2, 9/(9 + steps)): 9/10, 9/11, …, and 1/2 from the ninth on.
        average.add(store)
        #expect(abs(average.values[0] - 0.9) < 1e-6)
        store.set(2, at: 0)
        average.add(store)
        // 0.9 + 9/11 · 1.1.
        #expect(abs(average.values[0] - 1.8) < 1e-6)
        #expect(average.steps == 2)
    }
}

@Suite struct LayerTests {
    @Test("Dropout keeps a share of the values and scales them up by its inverse")
    func dropout() throws {
        let store = ParameterStore(values: [], statistics: [])
        let graph = try LayerGraph(
            batch: 16, of: .init(height: 16, width: 16, channels: 8), store: store, for: .training)
        var numbers = SystemRandomNumberGenerator()
        try graph.addDropout(rate: 0.25) { numbers.next() }
        graph.withInput { $0.update(repeating: 1) }
        let first = try graph.forward()
        let scale: Float = 1 / 0.75
        #expect(first.allSatisfy { $0 == 0 || abs($0 - scale) < 1e-6 })
        // 32,768 draws: six standard deviations are 0.0144.
        let kept = Double(first.count { $0 > 0 }) / Double(first.count)
        #expect(abs(kept - 0.75) < 0.0144)
        #expect(try graph.forward() != first)
    }

    @Test("Max-pooling takes the maximum of each window and leaves out incomplete windows")
    func pooling() throws {
        let store = ParameterStore(values: [], statistics: [])
        let graph = try LayerGraph(
            batch: 1, of: .init(height: 3, width: 5, channels: 1), store: store, for: .inference)
        try graph.addMaxPooling(size: 2)
        graph.withInput { input in
            for (i, value) in [1, 9, 2, 3, 50, 4, 5, 6, 8, 50, 50, 50, 50, 50, 50].enumerated() {
                input[i] = Float(value)
            }
        }
        #expect(graph.shape == [1, 1, 1, 2])
        #expect(try graph.forward() == [9, 8])
    }

    @Test("A convolution sums over its window, with zeros around the picture")
    func convolution() throws {
        // A kernel that adds the four neighbours of a pixel, and a bias of 100.
        let kernel: [Float] = [0, 1, 0, 1, 0, 1, 0, 1, 0]
        let store = ParameterStore(values: kernel + [100], statistics: [])
        let graph = try LayerGraph(
            batch: 1, of: .init(height: 2, width: 3, channels: 1), store: store, for: .inference)
        try graph.addConvolution(filters: 1, kernel: 3, padding: 1, offset: 0)
        // The layout of a convolution's output is oneDNN's choice, which depends on the processor.
        try graph.addFlattening()
        graph.withInput { input in for i in 0..<6 { input[i] = Float(i + 1) } }
        // 1 2 3
        // 4 5 6
        #expect(try graph.forward() == [106, 109, 108, 106, 112, 108])
    }

    @Test("Global average pooling is the mean of each channel")
    func averagePooling() throws {
        let store = ParameterStore(values: [], statistics: [])
        let graph = try LayerGraph(
            batch: 1, of: .init(height: 2, width: 3, channels: 2), store: store, for: .inference)
        try graph.addGlobalAveragePooling()
        graph.withInput { input in
            for pixel in 0..<6 {
                input[2 * pixel] = Float(pixel)
                input[2 * pixel + 1] = pixel == 0 ? 12 : 0
            }
        }
        // (0 + 1 + 2 + 3 + 4 + 5) / 6 and 12 / 6.
        #expect(try graph.forward() == [2.5, 2])
        #expect(graph.shape == [1, 2, 1, 1])
    }

    @Test("A graph for estimation writes the mean and variance of its batch to the store")
    func estimation() throws {
        // γ 1 and β 0 for each of two channels.
        let store = ParameterStore(values: [1, 1, 0, 0], statistics: [9, 9, 9, 9])
        let graph = try LayerGraph(
            batch: 2, of: .init(height: 1, width: 2, channels: 2), store: store, for: .estimation)
        try graph.addNormalization(epsilon: 0, rectified: false, offset: 0, statistics: 0)
        graph.withInput { input in
            for (i, value) in [1, 10, 2, 10, 3, 20, 6, 20].enumerated() { input[i] = Float(value) }
        }
        _ = try graph.forward()
        // 1, 2, 3, 6: mean 3, variance (4 + 1 + 0 + 9) / 4; 10, 10, 20, 20: mean 15, variance 25.
        #expect(store.currentStatistics == [3, 15, 3.5, 25])
    }
}
