/// Which pictures of a collection show the same specimen. They are no targets of each other, because
/// that they are alike is no news.
///
///     let specimens = Specimens(["MU-17", "", "MU-17", "MU-18", ""])
///     specimens.areOne(0, 2)  // true
///     specimens.areOne(1, 4)  // false: two pictures without a specimen
package struct Specimens: Sendable, Equatable {
    /// For each picture a number of its specimen, -1 without one; empty if no picture has one.
    private let numbers: [Int32]

    /// No picture has a specimen.
    package static let none = Specimens(numbers: [])

    /// - Parameter names: for each picture the name of its specimen, empty without one.
    package init(_ names: [String]) {
        guard names.contains(where: { !$0.isEmpty }) else {
            self = .none
            return
        }
        var known: [String: Int32] = [:]
        numbers = names.map { name in
            if name.isEmpty { return -1 }
            let next = Int32(known.count)
            let number = known[name] ?? next
            known[name] = number
            return number
        }
    }

    private init(numbers: [Int32]) { self.numbers = numbers }

    package var isEmpty: Bool { numbers.isEmpty }

    /// Whether two pictures show one specimen.
    package func areOne(_ left: Int, _ right: Int) -> Bool {
        !numbers.isEmpty && numbers[left] >= 0 && numbers[left] == numbers[right]
    }

    /// The specimens of the pictures at `indices`, in that order.
    func selecting(_ indices: [Int]) -> Specimens {
        isEmpty ? .none : Specimens(numbers: indices.map { numbers[$0] })
    }

    /// Number of pictures of the specimen that has most of them; 0 without specimens.
    var largest: Int {
        var counts: [Int32: Int] = [:]
        for number in numbers where number >= 0 { counts[number, default: 0] += 1 }
        return counts.values.max() ?? 0
    }
}
