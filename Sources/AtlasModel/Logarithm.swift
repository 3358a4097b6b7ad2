import Foundation

extension Evaluation {
    /// Natural logarithm; the one function this room takes from the C library.
    static func logarithm(_ value: Double) -> Double { log(value) }
}
