import Synchronization

/// A name of templates as a number, so that a template finds a value without comparing texts. A name has the
/// same number as long as the program runs.
struct Symbol: Sendable, Equatable {
    let number: Int

    private static let known = Mutex<[String: Int]>([:])

    init(_ name: String) {
        number = Self.known.withLock { known in
            if let number = known[name] { return number }
            known[name] = known.count
            return known.count - 1
        }
    }
}
