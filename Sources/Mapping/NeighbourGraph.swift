package import AtlasModel
import Foundation
package import Parallel

/// How strongly pictures attract each other: the symmetric probabilities of t-SNE, with entries for
/// neighbours only.
package struct NeighbourGraph: Sendable {
    /// The entries of picture i are `starts[i]..<starts[i + 1]`.
    let starts: [Int]
    let targets: [Int32]
    /// They add up to 1.
    let weights: [Float]

    var count: Int { starts.count - 1 }

    /// The perplexity as a share of the number of neighbours. Below 1, near neighbours weigh more than
    /// far ones.
    private static let perplexity = 0.8
    private static let block = 512

    /// - Parameter neighbours: for each picture its targets, in any number.
    package init(_ neighbours: [[Match]], workers: Workers) throws {
        let own = try workers.map(neighbours.count, chunk: Self.block) {
            Self.shares(of: neighbours[$0].map(\.distance))
        }
        // An edge from both sides, each half of what either side gives it.
        var degrees = [Int](repeating: 0, count: neighbours.count + 1)
        for (index, matches) in neighbours.enumerated() {
            degrees[index + 1] += matches.count
            for match in matches { degrees[match.target + 1] += 1 }
        }
        for index in neighbours.indices { degrees[index + 1] += degrees[index] }
        var places = degrees
        var edges = [Edge](repeating: Edge(target: 0, weight: 0), count: degrees.last ?? 0)
        func add(_ target: Int, to index: Int, _ weight: Double) {
            edges[places[index]] = Edge(target: Int32(target), weight: weight)
            places[index] += 1
        }
        for (index, matches) in neighbours.enumerated() {
            for (match, share) in zip(matches, own[index]) {
                add(match.target, to: index, share)
                add(index, to: match.target, share)
            }
        }
        let scale = 1 / Double(2 * max(1, neighbours.count))
        let (sorted, bounds) = (edges, degrees)
        let merged = try workers.map(neighbours.count, chunk: Self.block) { index in
            Self.merged(sorted[bounds[index]..<bounds[index + 1]])
        }
        var starts = [0]
        for row in merged { starts.append(starts[starts.count - 1] + row.count) }
        self.starts = starts
        targets = merged.flatMap { $0.map(\.target) }
        weights = merged.flatMap { $0.map { Float($0.weight * scale) } }
    }

    private struct Edge {
        let target: Int32
        var weight: Double
    }

    /// Edges by rising target. Those of one target become one.
    private static func merged(_ edges: ArraySlice<Edge>) -> [Edge] {
        var result: [Edge] = []
        for edge in edges.sorted(by: { ($0.target, $0.weight) < ($1.target, $1.weight) }) {
            if result.last?.target == edge.target {
                result[result.count - 1].weight += edge.weight
            } else {
                result.append(edge)
            }
        }
        return result
    }

    /// The conditional probabilities of the targets of one picture: exp(−βd), normalised, with the β
    /// that gives the perplexity. Equal distances give equal shares.
    static func shares(of distances: [Double]) -> [Double] {
        guard let least = distances.min() else { return [] }
        let wanted = log(max(1, perplexity * Double(distances.count)))
        var (low, high) = (0.0, Double.infinity)
        var beta =
            1 / max(distances.reduce(0) { $0 + $1 - least } / Double(distances.count), 1e-300)
        var shares: [Double] = []
        for _ in 0..<64 {
            shares = distances.map { exp(-beta * ($0 - least)) }
            let sum = shares.reduce(0, +)
            var mean = 0.0
            for (share, distance) in zip(shares, distances) { mean += share * (distance - least) }
            shares = shares.map { $0 / sum }
            let entropy = log(sum) + beta * mean / sum
            if abs(entropy - wanted) < 1e-5 { break }
            if entropy > wanted {
                low = beta
                beta = high.isFinite ? (low + high) / 2 : 2 * beta
            } else {
                high = beta
                beta = (low + high) / 2
            }
            // All targets are equally far.
            if !beta.isFinite { break }
        }
        return shares
    }
}
