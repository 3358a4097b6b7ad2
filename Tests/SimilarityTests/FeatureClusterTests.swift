import AtlasModel
import Foundation
import Parallel
import RandomNumbers
import Similarity
import Testing

@Suite("K-Means on features")
struct FeatureClusterTests {
    /// Rows around four directions of five dimensions, of different lengths, and one row of zeros.
    private static func rows(_ count: Int, seed: UInt64, noise: Double = 0.3) -> FeatureVectors {
        var random = SplitMix64(seed: seed)
        var values: [Float] = []
        for row in 0..<count {
            let length = row == 3 ? 0 : random.uniform(0.5...20)
            for place in 0..<5 {
                let direction = place == row % 4 ? 1.0 : 0
                values.append(Float(length * (direction + random.uniform(-noise...noise))))
            }
        }
        return FeatureVectors(values: values, width: 5)
    }

    private static func compared(_ rows: FeatureVectors) -> ComparedFeatures {
        ComparedFeatures(rows) { _ in rows }
    }

    private static func unit(_ rows: FeatureVectors, _ row: Int) -> [Double] {
        let values = rows.values[row * rows.width..<(row + 1) * rows.width].map(Double.init)
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? values.map { $0 / length } : values
    }

    private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    private func centroid(_ model: FeatureClusters, _ cluster: Int) -> [Double] {
        let width = model.centroids.width
        return model.centroids.values[cluster * width..<(cluster + 1) * width].map(Double.init)
    }

    @Test("It is a fixed point of Lloyd's algorithm, with the inertia of the definition")
    func fixedPoint() throws {
        let rows = Self.rows(300, seed: 1)
        let model = try FeatureClusters.fit(
            Self.compared(rows), KMeansSettings(k: 4...4), workers: Workers(2))
        let assignments = model.assignments(of: rows).map(Int.init)
        #expect(model.k == 4 && model.suggested == nil)
        #expect(model.sizes == model.sizes.sorted(by: >))
        #expect((0..<4).map { own in assignments.count { $0 == own } } == model.sizes)
        var inertia = 0.0
        for row in 0..<rows.count {
            let own = Self.unit(rows, row)
            let distances = (0..<4).map { Self.squaredDistance(own, centroid(model, $0)) }
            #expect(distances.firstIndex(of: try #require(distances.min())) == assignments[row])
            inertia += distances[assignments[row]]
        }
        #expect(abs(inertia - model.elbow[0].inertia) < 1e-4)
        for cluster in 0..<4 {
            let members = (0..<rows.count).filter { assignments[$0] == cluster }
            for place in 0..<5 {
                let mean =
                    members.reduce(0) { $0 + Self.unit(rows, $1)[place] } / Double(members.count)
                #expect(abs(mean - centroid(model, cluster)[place]) < 1e-6)
            }
        }
    }

    @Test("Rows of four directions give four clusters, for any number of threads")
    func directions() throws {
        let rows = Self.rows(200, seed: 2, noise: 0.05)
        let models = try [1, 3].map {
            try FeatureClusters.fit(
                Self.compared(rows), KMeansSettings(k: 1...8, seed: 7), workers: Workers($0))
        }
        #expect(models[0] == models[1])
        #expect(models[0].suggested == 4 && models[0].sizes == [50, 50, 50, 50])
        let inertia = models[0].elbow.map(\.inertia)
        #expect(inertia.count == 8 && zip(inertia, inertia.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test("There are no more clusters than distinct rows, and equal rows are in the first of them")
    func fewRows() throws {
        let rows = FeatureVectors(values: [1, 0, 2, 0, 0, 3, 0, 0], width: 2)
        let model = try FeatureClusters.fit(
            Self.compared(rows), KMeansSettings(k: 1...10), workers: Workers(1))
        // (1, 0) and (2, 0) have one direction; a row of zeros has none.
        #expect(model.elbow.map(\.k) == [1, 2, 3])
        #expect(abs(model.elbow[2].inertia) < 1e-12)
    }

    @Test("The middle of a cluster is the row that is nearest to its centroid")
    func middles() throws {
        let rows = Self.rows(120, seed: 3)
        let features = Self.compared(rows)
        let model = try FeatureClusters.fit(
            features, KMeansSettings(k: 3...3), workers: Workers(1))
        let found = ClusteredFeatures(model, of: features)
        for cluster in 0..<3 {
            let members = (0..<rows.count).filter { found.assignments[$0] == Int32(cluster) }
            let nearest = members.min {
                Self.squaredDistance(Self.unit(rows, $0), centroid(model, cluster))
                    < Self.squaredDistance(Self.unit(rows, $1), centroid(model, cluster))
            }
            #expect(found.middles[cluster] == nearest)
        }
    }

    @Test("A file gives what was saved")
    func file() throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-clusters-\(UUID().uuidString).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let features = Self.compared(Self.rows(60, seed: 4))
        let found = ClusteredFeatures(
            try FeatureClusters.fit(features, KMeansSettings(k: 1...5), workers: Workers(1)),
            of: features)
        try found.save(to: path)
        #expect(try ClusteredFeatures(contentsOf: path) == found)
    }

    @Test("Targets within the cluster are those of the whole ranking that are in it")
    func scope() throws {
        let rows = Self.rows(90, seed: 5)
        let features = Self.compared(rows)
        let model = try FeatureClusters.fit(
            features, KMeansSettings(k: 3...3), workers: Workers(1))
        let clusters = model.assignments(of: rows)
        let search = EmbeddingSearch(features, clusters: model)
        let found = try search.neighbours(top: 7, workers: Workers(2), progress: nil)
        let all = try EmbeddingSearch(features).matches(top: 89, workers: Workers(1))
        let own = try #require(found[.cluster])
        #expect(try #require(found[.collection]) == all.map { Array($0.prefix(7)) })
        for row in 0..<90 {
            let expected = all[row].filter { clusters[$0.target] == clusters[row] }.prefix(7)
            #expect(own[row] == Array(expected))
        }
    }

    @Test("A turned target counts in the cluster of the turned picture")
    func turns() throws {
        let vectors = noise(24, seed: 6)
        let extract: EmbeddingSearch.Extraction = { pictures in
            // The mean of each quarter of the bytes, less the mean of all: it differs by turn.
            var values: [Float] = []
            for index in 0..<pictures.count {
                let bytes = Array(pictures[index]).map(Int.init)
                let parts = (0..<4).map { part in
                    bytes[part * 588..<(part + 1) * 588].reduce(0, +)
                }
                values += parts.map { Float(4 * $0 - parts.reduce(0, +)) }
            }
            return FeatureVectors(values: values, width: 4)
        }
        let features = try ComparedFeatures(of: vectors, rotations: true, extract: extract)
        let model = try FeatureClusters.fit(
            features, KMeansSettings(k: 2...2, rotations: true), workers: Workers(1))
        #expect(model.rotations && model.sizes.reduce(0, +) == 96)
        let search = EmbeddingSearch(features, clusters: model)
        let found = try search.neighbours(top: 23, workers: Workers(1), progress: nil)
        let own = model.assignments(of: features.rows)
        for (row, matches) in try #require(found[.cluster]).enumerated() {
            #expect(!matches.isEmpty)
            for match in matches {
                let turned = ModelVectors(
                    bytes: vectors.turned(match.target, quarterTurns: match.rotation / 90))
                #expect(try model.assignments(of: extract(turned))[0] == own[row])
            }
        }
    }
}
