import Templates

/// What things of one kind offer to a template. A value is made only when the template asks for it, so a
/// page costs no more than what it shows. That matters for pages of which there are tens of thousands.
///
///     let rocks: FieldTable<Rock> = [
///         "name": { .text($0.name) },
///         "isHard": { .flag($0.hardness > 5) },
///     ]
///     try template.rendered(rocks.values(of: granite))
struct FieldTable<Thing: Sendable>: Sendable {
    /// In a type that dictionaries of a source can be, `Value` alone would be the type of their values.
    typealias Made = Templates.Value
    typealias Make = @Sendable (Thing) -> Made

    fileprivate let names: FieldNames
    /// Makes the value at a place of the names. One closure for all of them: an array of closures of a generic type
    /// would be looked up in the tables of the runtime at each value.
    fileprivate let make: @Sendable (Thing, _ place: Int) -> Made

    /// The group of a thing's values.
    func values(of thing: Thing) -> Made { .fields(Bound(self, thing)) }

    /// The values of both tables, those of this one first. If a name occurs twice, the first one counts.
    func joined(with other: FieldTable) -> FieldTable {
        let count = names.names.count
        return FieldTable(names: FieldNames(names.names + other.names.names)) { thing, place in
            place < count ? make(thing, place) : other.make(thing, place - count)
        }
    }

    /// The same values for things that have a `Thing`.
    ///
    ///     let boxes: FieldTable<Box> = rocks.within { $0.content }
    func within<Other>(_ thing: @escaping @Sendable (Other) -> Thing) -> FieldTable<Other> {
        FieldTable<Other>(names: names) { other, place in make(thing(other), place) }
    }

    /// A thing together with what it offers.
    private final class Bound: Fields {
        private let table: FieldTable
        private let thing: Thing

        init(_ table: FieldTable, _ thing: Thing) {
            self.table = table
            self.thing = thing
        }

        var names: FieldNames { table.names }

        func value(at place: Int) -> Made { table.make(thing, place) }
    }
}

extension FieldTable: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, Make)...) {
        let makes = elements.map(\.1)
        self.init(names: FieldNames(elements.map(\.0))) { thing, place in makes[place](thing) }
    }
}
