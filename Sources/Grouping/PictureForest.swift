/// Pictures that are connected pair by pair.
struct PictureForest: Sendable {
    /// For each picture a smaller one that it is connected with, or itself.
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    /// The smallest picture that is connected with `picture`.
    mutating func first(of picture: Int) -> Int {
        var first = picture
        while parents[first] != first { first = parents[first] }
        var next = picture
        while parents[next] != first { (parents[next], next) = (first, parents[next]) }
        return first
    }

    mutating func connect(_ one: Int, _ other: Int) {
        let (first, second) = (first(of: one), first(of: other))
        parents[max(first, second)] = min(first, second)
    }
}
