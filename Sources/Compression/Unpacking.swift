/// Unpacks a stream piece by piece, so that the caller can stop at any time.
package struct Unpacking {
    /// Gives the next packed bytes; empty at the end.
    let source: () throws -> [UInt8]
    /// Receives unpacked bytes, which are valid during the call only. The result says whether to go
    /// on.
    let sink: (UnsafeRawBufferPointer) throws -> Bool

    /// Unpacked bytes are handed out in pieces of at most this size.
    static let pieceSize = 1 << 16

    /// Unpacks until the end of the stream, or until `sink` says no.
    ///
    ///     var packed = [[0x4B, 0x04, 0x00]][...]                  // "a", deflated
    ///     try Unpacking.run(.deflated, from: { packed.popFirst() ?? [] }) { bytes in
    ///         bytes.elementsEqual("a".utf8)
    ///     }
    ///
    /// - Parameters:
    ///   - size: of the unpacked stream, which LZMA may need; `nil` if it is not known.
    ///   - source: gives the next packed bytes; empty at the end.
    ///   - sink: receives unpacked bytes, which are valid during the call only.
    /// - Throws: `UnpackingError`, and what `source` and `sink` throw.
    package static func run(
        _ method: PackingMethod, size: UInt64? = nil, from source: @escaping () throws -> [UInt8],
        to sink: @escaping (UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        let unpacking = Unpacking(source: source, sink: sink)
        switch method {
        case .stored: try unpacking.copy()
        case .deflated: try unpacking.inflate()
        case .bzip2: try unpacking.expandBZip2()
        case .lzma: try unpacking.expandLZMA(size: size)
        case .xz: try unpacking.expandXZ()
        }
    }

    /// What a library did in one call.
    struct Step {
        /// Packed bytes that it read.
        let consumed: Int
        /// Unpacked bytes that it wrote.
        let produced: Int
        /// Whether the stream has ended.
        let isEnd: Bool
    }

    private func copy() throws {
        while true {
            let bytes = try source()
            if bytes.isEmpty { return }
            if try !bytes.withUnsafeBytes(sink) { return }
        }
    }

    /// Calls a library until the stream ends.
    /// - Parameters:
    ///   - beginning: packed bytes before those of `source`.
    ///   - step: one call, with packed bytes, which may be none, and room for unpacked bytes.
    /// - Throws: `UnpackingError.cutShort` if no call can go on without more packed bytes.
    func pump(
        beginning: [UInt8] = [],
        _ step: (UnsafeMutableBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) throws ->
            Step
    ) throws {
        var packed = beginning.isEmpty ? try source() : beginning
        var next = 0
        return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.pieceSize) { room in
            while true {
                if next == packed.count {
                    packed = try source()
                    next = 0
                }
                let done = try packed.withUnsafeMutableBufferPointer { input in
                    try step(UnsafeMutableBufferPointer(rebasing: input[next...]), room)
                }
                next += done.consumed
                if done.produced > 0 {
                    let piece = UnsafeRawBufferPointer(
                        rebasing: UnsafeRawBufferPointer(room)[..<done.produced])
                    if try !sink(piece) { return }
                }
                if done.isEnd { return }
                if done.produced == 0, done.consumed == 0 {
                    throw packed.isEmpty ? UnpackingError.cutShort : .damaged
                }
            }
        }
    }
}
