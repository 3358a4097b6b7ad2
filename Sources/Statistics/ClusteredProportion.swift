package import AtlasModel

extension ClusteredProportion {
    /// - Parameter clusters: for each cluster, the number of its things and the number of those that
    ///   count. Clusters without things are left out.
    package init(_ clusters: some Sequence<(count: Int, total: Int)>) {
        var (count, total, number) = (0, 0, 0)
        var (counts, mixed, totals) = (0, 0, 0)
        for cluster in clusters where cluster.total > 0 {
            count += cluster.count
            total += cluster.total
            number += 1
            counts += cluster.count * cluster.count
            mixed += cluster.count * cluster.total
            totals += cluster.total * cluster.total
        }
        self.init(
            count: count, total: total, clusters: number,
            squares: Squares(counts: counts, mixed: mixed, totals: totals))
    }

    /// The share of the things that count, of one thing each in some cluster.
    ///
    ///     ClusteredProportion([(cluster: 0, counts: true), (0, false), (4, true)]).clusters  // 2
    package init(_ things: some Sequence<(cluster: Int, counts: Bool)>) {
        var clusters: [Int: (count: Int, total: Int)] = [:]
        for thing in things {
            clusters[thing.cluster, default: (0, 0)].total += 1
            if thing.counts { clusters[thing.cluster, default: (0, 0)].count += 1 }
        }
        self.init(clusters.values)
    }

    /// `count` of `total` as a number from 0 to 1; `nil` when the total is 0.
    package var share: Double? { total == 0 ? nil : Double(count) / Double(total) }

    /// The standard error of the share, from the differences between clusters: the square root of
    /// Σ (count − share · total)² · m / (m − 1) / (Σ total)² for m clusters, which is the cluster-robust
    /// error of a mean (A. C. Cameron and D. L. Miller, "A practitioner's guide to cluster-robust
    /// inference", Journal of Human Resources 50, 2015); `nil` with fewer than two clusters.
    package var standardError: Double? {
        guard let share, clusters > 1 else { return nil }
        let spread =
            Double(squares.counts) - 2 * share * Double(squares.mixed)
            + share * share * Double(squares.totals)
        let (m, all) = (Double(clusters), Double(total))
        // Rounding may make a spread of 0 negative.
        return (max(0, spread) * m / (m - 1)).squareRoot() / all
    }

    /// The 95 % interval of the share: Wilson's for the number of independent things that would have
    /// the same standard error (N. Dean and M. Pagano, "Evaluating confidence interval methods for
    /// binomial proportions in clustered surveys", Journal of Survey Statistics and Methodology 3,
    /// 2015). 0…1 without things.
    package var interval: ClosedRange<Double> {
        guard let share else { return 0...1 }
        return Proportion.interval(of: share, among: independent(share))
    }

    /// The number of independent things: at most all of them, and at least as many as there would be
    /// if the things of one cluster were always the same, (Σ total)² / Σ total² (L. Kish, "Survey
    /// sampling", 1965). It is the least if clusters do not differ.
    private func independent(_ share: Double) -> Double {
        let least = Double(total) * Double(total) / Double(squares.totals)
        guard share > 0, share < 1, let error = standardError else { return least }
        guard error > 0 else { return Double(total) }
        return min(Double(total), max(least, share * (1 - share) / (error * error)))
    }
}

/// The difference of two shares of the same things, counted in clusters.
package struct PairedDifference: Sendable, Equatable {
    /// The second share minus the first; 0 without things.
    package let difference: Double
    /// The 95 % interval by the normal distribution and the cluster-robust error of a mean (see
    /// `ClusteredProportion.standardError`); `nil` with fewer than two clusters.
    package let interval: ClosedRange<Double>?

    /// - Parameter things: the cluster of each, and whether it counts for the first share and for the
    ///   second one.
    package init(_ things: [(cluster: Int, first: Bool, second: Bool)]) {
        var sums: [Int: (sum: Int, total: Int)] = [:]
        for thing in things {
            let step = (thing.second ? 1 : 0) - (thing.first ? 1 : 0)
            sums[thing.cluster, default: (0, 0)].sum += step
            sums[thing.cluster, default: (0, 0)].total += 1
        }
        let all = Double(max(1, things.count))
        // Sums of whole numbers, so that their order does not matter.
        let difference = Double(sums.values.reduce(0) { $0 + $1.sum }) / all
        self.difference = difference
        guard sums.count > 1 else {
            interval = nil
            return
        }
        let (squares, mixed, totals) = sums.values.reduce(into: (0, 0, 0)) { found, cluster in
            found.0 += cluster.sum * cluster.sum
            found.1 += cluster.sum * cluster.total
            found.2 += cluster.total * cluster.total
        }
        let spread =
            Double(squares) - 2 * difference * Double(mixed)
            + difference * difference * Double(totals)
        let m = Double(sums.count)
        let half =
            Proportion.normalQuantile * (max(0, spread) * m / (m - 1)).squareRoot() / all
        interval = (difference - half)...(difference + half)
    }
}
