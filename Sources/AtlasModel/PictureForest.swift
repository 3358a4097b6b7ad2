/// Pictures that are connected pair by pair.
///
///     var forest = PictureForest(count: 4)
///     forest.connect(3, 1)
///     forest.firsts  // [0, 1, 2, 1]
package struct PictureForest: Sendable {
    /// For each picture a smaller one that it is connected with, or itself.
    private var parents: [Int]

    package init(count: Int) { parents = Array(0..<count) }

    /// For each picture the smallest one that it is connected with, over any number of steps; itself
    /// for a picture that is connected with none.
    package var firsts: [Int] {
        var forest = self
        return parents.indices.map { forest.first(of: $0) }
    }

    package mutating func connect(_ one: Int, _ other: Int) {
        let (first, second) = (first(of: one), first(of: other))
        parents[max(first, second)] = min(first, second)
    }

    /// Shortens the way, so that the next search takes a step.
    private mutating func first(of picture: Int) -> Int {
        var first = picture
        while parents[first] != first { first = parents[first] }
        var next = picture
        while parents[next] != first { (parents[next], next) = (first, parents[next]) }
        return first
    }
}
