internal import CHDF5
internal import Compression
internal import Parallel

/// Rows of numbers that are stored in chunks, each compressed by itself.
///
/// HDF5 compresses on the thread that writes. Here all threads compress, and HDF5 gets each chunk in the format of its
/// own filter, which every program that reads HDF5 can unpack.
struct CompressedChunks<Number: HDF5Number> {
    let shape: [Int]
    /// Number of rows in a chunk.
    let rows: Int
    let workers: Workers
    /// Gives the numbers of some rows.
    let values: @Sendable (_ rows: Range<Int>) -> [Number]

    /// Level of the compression: `H5Pset_deflate` is told the same. Pictures take 84 % of their
    /// size with libdeflate's level 1, and 78 % with levels 2 to 6, which take half as long again or more.
    static var level: Int32 { 1 }

    /// Chunks that are compressed before they are written, for each thread. They are few, so that
    /// memory does not grow with the data.
    private static var ahead: Int { 16 }

    /// Gives each chunk to `write` in the order of rows.
    func inOrder(_ write: (_ firstRow: Int, _ bytes: [UInt8]) throws -> Void) throws {
        let count = (shape[0] + rows - 1) / rows
        let step = Self.ahead * workers.count
        for first in stride(from: 0, to: count, by: step) {
            let chunks = try outsideLibrary {
                try workers.map(min(step, count - first)) { compressed(first + $0) }
            }
            for (place, bytes) in chunks.enumerated() { try write((first + place) * rows, bytes) }
        }
    }

    private func compressed(_ chunk: Int) -> [UInt8] {
        let width = shape.dropFirst().reduce(1, *)
        // The last chunk is stored whole, and HDF5 fills it with zeros.
        var part = values(chunk * rows..<min(shape[0], (chunk + 1) * rows))
        part += repeatElement(Number.zero, count: rows * width - part.count)
        return part.withUnsafeBytes { Zlib.compressed($0, level: Self.level) }
    }
}
