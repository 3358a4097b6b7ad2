/// A share of things that were counted in clusters, such as pictures in groups. Things of one cluster
/// are alike, so they say less about the share than as many that are independent.
package struct ClusteredProportion: Sendable, Equatable {
    package let count: Int
    package let total: Int
    /// Number of clusters with at least one thing.
    package let clusters: Int
    package let squares: Squares

    /// Sums over the clusters, from which the variance of the share follows.
    package struct Squares: Sendable, Equatable {
        /// Σ count²
        package let counts: Int
        /// Σ count · total
        package let mixed: Int
        /// Σ total²
        package let totals: Int

        package init(counts: Int, mixed: Int, totals: Int) {
            self.counts = counts
            self.mixed = mixed
            self.totals = totals
        }
    }

    package init(count: Int, total: Int, clusters: Int, squares: Squares) {
        self.count = count
        self.total = total
        self.clusters = clusters
        self.squares = squares
    }
}
