import Parallel

extension Workers {
    /// Calls `body` for every range of at most `chunk` indices of `0..<total`, with the storage of an
    /// array. Different ranges must write to different elements.
    func fill<Element>(
        _ array: inout [Element], total: Int, chunk: Int = 1,
        _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Element>) -> Void
    ) throws {
        try array.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            nonisolated(unsafe) let storage = start
            try forEachRange(of: total, chunk: chunk) { body($0, storage) }
        }
    }
}
