extension [Fingerprint] {
    /// Two numbers for each digest, high before low, as files hold them.
    package var numbers: [Int64] {
        flatMap { [Int64(bitPattern: $0.high), Int64(bitPattern: $0.low)] }
    }

    /// - Precondition: the count is even.
    package init(numbers: [Int64]) {
        precondition(numbers.count.isMultiple(of: 2), "each digest has two numbers")
        self = stride(from: 0, to: numbers.count, by: 2).map {
            Fingerprint(
                high: UInt64(bitPattern: numbers[$0]), low: UInt64(bitPattern: numbers[$0 + 1]))
        }
    }
}
