package import AtlasModel

/// How central pictures are among their look-alikes.
package enum PageRank {
    /// The share of steps that follow an edge; the others go to any picture.
    private static let damping = 0.85
    /// The search ends when all numbers together change by less than this.
    private static let tolerance = 1e-10
    private static let steps = 300

    /// The PageRank of each picture on the graph in which it points to its targets (S. Brin and L. Page, "The
    /// anatomy of a large-scale hypertextual Web search engine", 1998): how often somebody is there who goes
    /// from picture to picture, to each target equally often, and now and then to any picture.
    ///
    ///     PageRank.ranks([[1], [0], [0]].map { … })  // picture 0 most, picture 2 least
    ///
    /// - Parameter targets: of each picture, in any number. From a picture without targets all are next.
    /// - Returns: numbers that add up to 1; none without pictures.
    package static func ranks(_ targets: [[Match]]) -> [Double] {
        let count = Double(targets.count)
        var ranks = [Double](repeating: 1 / max(1, count), count: targets.count)
        for _ in 0..<steps {
            var (next, free) = ([Double](repeating: 0, count: targets.count), 0.0)
            for (index, own) in targets.enumerated() {
                if own.isEmpty { free += ranks[index] }
                let share = ranks[index] / Double(max(1, own.count))
                for match in own { next[match.target] += share }
            }
            var change = 0.0
            for index in next.indices {
                next[index] = (1 - damping) / count + damping * (next[index] + free / count)
                change += abs(next[index] - ranks[index])
            }
            ranks = next
            if change < tolerance { break }
        }
        return ranks
    }
}
