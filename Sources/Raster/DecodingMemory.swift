package import Parallel

/// The memory that all threads together use for files and for decoding them.
///
/// One half is for files, the other for what decoders need beside them. A thread first claims a part of
/// the one, then of the other, so no two can wait for each other.
package struct DecodingMemory: Sendable {
    private let files: MemoryBudget
    package let pixels: MemoryBudget

    /// Megabytes without a setting.
    package static let standard = 1_000
    /// Megabytes that a setting may give.
    package static let range = 64...1_000_000

    package init(megabytes: Int = Self.standard) {
        files = MemoryBudget(bytes: megabytes * 500_000)
        pixels = MemoryBudget(bytes: megabytes * 500_000)
    }

    /// The result of `body`, which has a file of `count` bytes in memory.
    /// - Throws: `RasterError.tooMuchMemory`; the error of `body`.
    package func holding<Result>(fileOf count: Int, _ body: () throws -> Result) throws -> Result {
        guard files.claim(count) else {
            throw RasterError.tooMuchMemory(needed: count, limit: files.bytes)
        }
        defer { files.release(count) }
        return try body()
    }
}
