import Testing

@testable import Raster

@Suite struct TextureDescriptorTests {
    /// A picture of one colour.
    private func even(_ red: UInt8, _ green: UInt8, _ blue: UInt8, side: Int = 40) -> Picture {
        Picture(
            width: side, height: side,
            pixels: (0..<side * side).flatMap { _ in [red, green, blue] })
    }

    @Test(
        "Colours fall into bins of hue, saturation and value",
        arguments: [
            // Grey has hue 0 and saturation 0; red hue 0, green a third, blue two thirds of a turn.
            (0, 0, 0, 0), (255, 255, 255, 3), (128, 128, 128, 2), (255, 0, 0, 15),
            (0, 255, 0, 2 * 16 + 15), (0, 0, 255, 5 * 16 + 15), (255, 191, 191, 1 * 4 + 3),
        ] as [(Int, Int, Int, Int)])
    func bins(red: Int, green: Int, blue: Int, bin: Int) {
        #expect(ColourHistogram.bin(UInt8(red), UInt8(green), UInt8(blue)) == bin)
    }

    @Test func `In an even picture no point is darker, and all pixels are flat`() {
        let values = TextureDescriptor.values(of: even(200, 100, 50))
        #expect(values.count == TextureDescriptor.width)
        // One bin of colours; the bins of 8, 16 and 24 lighter points; flat at both of two scales.
        let full = values.indices.filter { values[$0] == 1 }
        #expect(Array(full.dropFirst()) == [128 + 8, 138 + 16, 156 + 24, 182, 231, 280])
        #expect(values.allSatisfy { $0 == 0 || $0 == 1 })
    }

    @Test func `A picture that is too small for circles has no patterns`() {
        let values = TextureDescriptor.values(of: even(10, 20, 30, side: 3))
        #expect(values[128..<182].allSatisfy { $0 == 0 })
        #expect(values[..<128].contains(1))
    }

    @Test(
        "A picture is described in its own size up to 256 pixels",
        arguments: [((100, 50), (100, 50)), ((1024, 512), (256, 128)), ((3, 4000), (1, 256))])
    func size(own: (Int, Int), described: (Int, Int)) {
        let size = TextureDescriptor.request(memory: nil).size(own.0, own.1)
        #expect(size == described)
    }
}
