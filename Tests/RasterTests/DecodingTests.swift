import Parallel
import Testing

@testable import Raster

@Suite struct DecodingTests {
    @Test("A JPEG with arithmetic coding gets Huffman codes for browsers, and keeps its pixels")
    func arithmetic() throws {
        let recoded = try Picture.readableByBrowsers(ArithmeticJPEG.bytes)
        #expect(JPEGFrame(of: ArithmeticJPEG.bytes)?.marker == 0xC9)
        #expect(JPEGFrame(of: recoded)?.marker == 0xC0)
        #expect(try Picture(decoding: recoded) == Picture(decoding: ArithmeticJPEG.bytes))
        #expect(try Picture.readableByBrowsers(recoded) == recoded)
    }

    /// A row of grey pixels, three bytes each.
    private func add(_ values: [UInt8], to canvas: inout Canvas) {
        values.flatMap { [$0, $0, $0] }.withUnsafeBufferPointer { canvas.add($0) }
    }

    @Test("New pixels without a row stay white, and those with some are the mean of these")
    func missing() {
        var canvas = Canvas(width: 2, height: 6, newWidth: 1, newHeight: 3)
        for row: [UInt8] in [[0, 2], [10, 20], [100, 50]] { add(row, to: &canvas) }
        // (0 + 2 + 10 + 20) / 4 = 8; (100 + 50) / 2 = 75; nothing.
        #expect(canvas.picture().reds == [8, 75, 255])
    }

    @Test("Pixels in any order give the same picture as rows")
    func scattered() {
        let values = (0..<35).map { UInt8(truncatingIfNeeded: $0 * $0 * 7) }
        let picture = grey(7, values)
        var canvas = ScatteredCanvas(width: 7, height: 5, newWidth: 3, newHeight: 4)
        for y in [4, 2, 0, 1, 3] {
            for first in [1, 0] {
                let pixels = stride(from: first, to: 7, by: 2).flatMap { x in
                    [UInt8](repeating: values[y * 7 + x], count: 3)
                }
                pixels.withUnsafeBufferPointer { canvas.add($0, row: y, first: first, step: 2) }
            }
        }
        #expect(canvas.picture() == picture.resized(width: 3, height: 4))
    }

    @Test("A picture that needs more than the budget is refused, and the budget is free afterwards")
    func budget() throws {
        let bytes = try grey(90, [UInt8](repeating: 9, count: 8_100)).png()
        let memory = MemoryBudget(bytes: 1_000)
        #expect(throws: RasterError.tooMuchMemory(needed: 25_020, limit: 1_000)) {
            // The pixels, and eight bytes for each of a row: 90 · 90 · 3 + 90 · 8.
            try Picture.decode(bytes, .whole(memory: memory))
        }
        let small = try grey(4, [1, 2, 3, 4]).png()
        let fits = try Picture.decode(small, .whole(memory: memory)).picture
        #expect(fits == grey(4, [1, 2, 3, 4]))
        #expect(memory.claim(1_000))
    }
}
