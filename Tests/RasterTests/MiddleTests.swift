import Testing

@testable import Raster

@Suite struct MiddleTests {
    /// Six columns and four rows; red is 10 · row + column.
    private static let picture = Picture(
        width: 6, height: 4,
        pixels: (0..<4).flatMap { row in (0..<6).flatMap { [UInt8(10 * row + $0), 0, 255] } })

    @Test(arguments: [
        (width: 3, height: 9, reds: [1, 2, 3, 11, 12, 13, 21, 22, 23, 31, 32, 33]),
        (width: 2, height: 3, reds: [2, 3, 12, 13, 22, 23]), (width: 1, height: 1, reds: [12]),
    ])
    func `The middle keeps the pixels around the centre`(width: Int, height: Int, reds: [Int]) {
        let middle = Self.picture.middle(mostWidth: width, mostHeight: height)
        #expect((middle.width, middle.height) == (width, min(4, height)))
        let found = stride(from: 0, to: middle.pixels.count, by: 3).map { Int(middle.pixels[$0]) }
        #expect(found == reds)
    }

    @Test func `A picture that is not larger stays as it is`() {
        #expect(Self.picture.middle(mostWidth: 6, mostHeight: 40) == Self.picture)
    }

    @Test func `A shorter side is reduced, and never enlarged`() throws {
        let file = try Picture(
            width: 400, height: 300, pixels: [UInt8](repeating: 90, count: 360_000)
        ).jpeg(quality: 90, fullChroma: true)
        let reduced = try Picture.decode(file, .shorterSide(112, memory: nil)).picture
        // 400 · 112 / 300 is 149.3.
        #expect((reduced.width, reduced.height) == (149, 112))
        let same = try Picture.decode(file, .shorterSide(301, memory: nil)).picture
        #expect((same.width, same.height) == (400, 300))
    }
}
