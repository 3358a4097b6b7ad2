import AtlasModel
import Raster
import Testing

@testable import Site

@Suite struct ReviewBoardTests {
    /// A square of 2 × 2 pixels, whose first row is `number` and `number + 1`, and the second the next
    /// two; all channels are equal.
    private func square(_ number: Int) -> Picture {
        let pixels = (0..<4).flatMap { Array(repeating: UInt8(number + $0), count: 3) }
        return Picture(width: 2, height: 2, pixels: pixels)
    }

    private func comparison(_ a: [(String, Int)], _ b: [(String, Int)]) -> ReviewPlan.Comparison {
        func panel(_ targets: [(String, Int)]) -> ReviewPlan.Panel {
            .init(model: nil, targets: targets.map { .init(key: $0.0, rotation: $0.1) })
        }
        return .init(id: "1", candidate: "c", a: panel(a), b: panel(b))
    }

    /// The rows of a board in one channel.
    private func rows(_ comparison: ReviewPlan.Comparison) throws -> [[UInt8]] {
        let board = ReviewBoard(comparison, ReviewFormat(longest: 2)) { Int($0) ?? -1 }
        let picture = try Picture(decoding: try board.bytes(square))
        let channel = stride(from: 0, to: picture.pixels.count, by: 3).map { picture.pixels[$0] }
        return stride(from: 0, to: channel.count, by: picture.width).map {
            Array(channel[$0..<$0 + picture.width])
        }
    }

    @Test func `Panel A stands in the first three columns, panel B in the others, each turned`()
        throws
    {
        // By hand: 10 11 / 12 13 turned by 90 degrees counter-clockwise is 11 13 / 10 12.
        let empty: [UInt8] = [136, 136]
        #expect(
            try rows(comparison([("10", 90), ("20", 0)], [("20", 180), ("30", 270)])) == [
                [11, 13, 20, 21] + empty + [23, 22, 32, 30] + empty,
                [10, 12, 22, 23] + empty + [21, 20, 33, 31] + empty,
            ])
    }

    @Test func `Four targets take two rows`() throws {
        let a = [("10", 0), ("20", 0), ("30", 0), ("40", 0)]
        let rows = try rows(comparison(a, a.reversed()))
        #expect(rows.count == 4 && rows[0].count == 12)
        #expect(rows[2][..<2] == [40, 41] && rows[2][6..<8] == [10, 11])
    }

    @Test func `A picture that is no square stands in the middle of grey, whole`() throws {
        let wide = Picture(width: 4, height: 2, pixels: Array(repeating: 9, count: 24))
        let square = try ReviewFormat.square(try wide.png(), side: 4, memory: nil)
        let rows = (0..<4).map { square.pixels[$0 * 12] }
        #expect(rows == [136, 9, 9, 136])
    }

    @Test(
        "Squares have one size for a trial",
        arguments: [
            (28, 28, 28, true), (64, 64, 64, true), (65, 80, 80, false), (1_000, 560, 1_008, false),
            (6_000, 560, 1_120, false),
        ])
    func sizes(longest: Int, side: Int, candidate: Int, isSmall: Bool) {
        let format = ReviewFormat(longest: longest)
        #expect(format.side == side)
        #expect(format.candidateSide == candidate)
        #expect(format.isSmall == isSmall)
    }
}
