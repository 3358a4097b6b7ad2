import AtlasModel
import Testing

@testable import Raster

/// Expected numbers are those of NumPy 2 and Pillow (`percentile`, `entropy`, `FIND_EDGES`,
/// `ImageStat`, `histogram`), which CleanVision calls.
@Suite struct MeasuringTests {
    @Test func `A picture is measured as NumPy and Pillow measure it`() {
        let measures = PictureMeasures(
            Picture(
                width: 40, height: 30,
                pixels: (0..<3600).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }))
        let expected = [
            0.139082730465, 0.887321571898, 8.542205226425, 109.819020283247, 3.854279277634,
        ]
        let found = [
            measures.dimmest, measures.brightest, measures.entropy, measures.edges, measures.greys,
        ]
        for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-9 * other) }
    }

    @Test func `The smallest pictures have no edges and no spread`() {
        for (width, height) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            let pixels = [[UInt8]](repeating: [10, 20, 30], count: width * height).flatMap(\.self)
            let measures = PictureMeasures(Picture(width: width, height: height, pixels: pixels))
            #expect(measures.edges == 0)
            #expect(measures.dimmest == measures.brightest)
            // Three equal shares: log₂ 3.
            #expect(abs(measures.entropy - 1.584_962_500_721_156) < 1e-12)
        }
    }
}
