/// A group of values, each of which is made when a template asks for it.
package protocol Fields: AnyObject, Sendable {
    /// The names that a template may ask for, in their order in a list of fields: an object that this one keeps.
    var names: FieldNames { get }

    /// Makes the value at a place of `names`.
    func value(at place: Int) -> Value
}

/// Names of values, and the place of each among them.
package final class FieldNames: Sendable {
    /// If a name occurs twice, the first one counts.
    package let names: [String]
    /// By the number of the symbol; −1 for a name that does not occur.
    private let places: [Int]

    package init(_ names: [String]) {
        self.names = names
        let numbers = names.map { Symbol($0).number }
        var places = [Int](repeating: -1, count: (numbers.max() ?? -1) + 1)
        for (place, number) in numbers.enumerated().reversed() { places[number] = place }
        self.places = places
    }

    func place(of symbol: Symbol) -> Int? {
        guard symbol.number < places.count, places[symbol.number] >= 0 else { return nil }
        return places[symbol.number]
    }
}
