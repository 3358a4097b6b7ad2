import AtlasModel
import Foundation
import HDF5
import Parallel
import Similarity
import Testing

/// A vector with `value` in all bytes except the listed ones.
func vector(_ value: UInt8, _ changes: [Int: UInt8] = [:]) -> [UInt8] {
    var bytes = [UInt8](repeating: value, count: ModelVectors.length)
    for (place, change) in changes { bytes[place] = change }
    return bytes
}

/// Repeatable noise; D. Knuth's MMIX congruential generator, upper bits.
func noise(_ count: Int, seed: UInt64) -> ModelVectors {
    var state = seed
    return ModelVectors(
        bytes: (0..<count * ModelVectors.length).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 40)
        })
}

/// Correlation distance by its definition, in two passes.
func distance(_ left: [UInt8], _ right: [UInt8]) -> Double {
    func centred(_ bytes: [UInt8]) -> [Double] {
        let mean = bytes.reduce(0.0) { $0 + Double($1) } / Double(bytes.count)
        return bytes.map { Double($0) - mean }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let (a, b) = (centred(left), centred(right))
    return 1 - product(a, b) / (product(a, a) * product(b, b)).squareRoot()
}

@Suite struct ElbowTests {
    @Test(
        "The suggested k is the knee of the curve",
        arguments: [
            // A sharp bend at 3; a bend at 2; a straight line; a flat line; a single point.
            ([1: 100, 2: 55, 3: 10, 4: 8, 5: 6], 3),
            ([1: 100, 2: 20, 3: 15, 4: 10, 5: 5], 2),
            ([1: 40, 2: 30, 3: 20, 4: 10], 1),
            ([2: 7, 3: 7, 4: 7], 2),
            ([6: 1], 6),
            // 2 and 3 are equally far below the chord: (0.25, 0.5) and (0.5, 0.25).
            ([1: 4, 2: 2, 3: 1, 5: 0], 2),
        ] as [([Int: Double], Int)])
    func knee(curve: [Int: Double], k: Int) {
        let points = curve.sorted { $0.key < $1.key }.map {
            ElbowPoint(k: $0.key, inertia: $0.value)
        }
        #expect(Elbow.suggestion(points) == k)
    }
}

@Suite struct KMeansTests {
    @Test("Groups far apart are found, and the inertia is the one computed by hand")
    func groups() throws {
        // Three groups: of four, two and one; within a group one byte differs by 10.
        let vectors = ModelVectors(
            bytes: vector(0) + vector(0, [5: 10]) + vector(0) + vector(0, [5: 10])
                + vector(120) + vector(120, [7: 130]) + vector(255))
        let result = try KMeansModel.fit(
            vectors, KMeansSettings(k: 3...3, restarts: 5), workers: Workers(1))
        #expect(result.model.sizes == [4, 2, 1])
        // Around means 5 and 125: 4 · 5² + 2 · 5² = 150, on pixels / 255.
        #expect(abs(result.model.elbow[0].inertia - 150.0 / 65_025) < 1e-12)
        #expect(abs(Double(result.model.centroids[5]) * 255 - 5) < 1e-5)
        #expect(abs(Double(result.model.centroids[2352 + 7]) * 255 - 125) < 1e-5)
        #expect(
            try result.model.assignments(of: vectors, workers: Workers(1)) == [0, 0, 0, 0, 1, 1, 2])
        #expect(result.model.suggested == nil)
        #expect(result.restarts.count == 5)
    }

    @Test("More clusters never fit worse, and one cluster is the mean")
    func curve() throws {
        let vectors = noise(60, seed: 1)
        let model = try KMeansModel.fit(
            vectors, KMeansSettings(k: 1...6, restarts: 8), workers: Workers(2)
        ).model
        #expect(model.elbow.map(\.k) == [1, 2, 3, 4, 5, 6])
        for (fewer, more) in zip(model.elbow, model.elbow.dropFirst()) {
            #expect(more.inertia < fewer.inertia)
        }
        var total = 0.0
        for place in 0..<ModelVectors.length {
            let values = (0..<60).map {
                Double(vectors.bytes[$0 * ModelVectors.length + place]) / 255
            }
            let mean = values.reduce(0, +) / 60
            total += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        #expect(abs(model.elbow[0].inertia - total) < 1e-6 * total)
    }

    @Test("A curve belongs to the pictures of the fit, and to no others", arguments: [false, true])
    func curveOfPictures(rotations: Bool) throws {
        let vectors = noise(40, seed: 3)
        let model = try KMeansModel.fit(
            vectors, KMeansSettings(k: 1...4, restarts: 2, rotations: rotations),
            workers: Workers(1)
        ).model
        let clusters = try model.assignments(of: vectors, workers: Workers(1))
        for threads in [1, 3] {
            #expect(try model.curveIsOf(vectors, in: clusters, workers: Workers(threads)))
        }
        var bytes = vectors.bytes
        for place in 0..<500 { bytes[place] = 0 }
        let others = ModelVectors(bytes: bytes)
        #expect(
            try !model.curveIsOf(
                others, in: model.assignments(of: others, workers: Workers(2)), workers: Workers(2))
        )
        #expect(
            try !model.withoutCurve.curveIsOf(vectors, in: clusters, workers: Workers(1)))
    }

    @Test(
        "Sizes, centroids and inertia agree with the final clusters of the pictures",
        arguments: [2, 7])
    func bookkeeping(k: Int) throws {
        // A ramp of brightness has no clear clusters, so pictures change their cluster several
        // times.
        let grains = noise(150, seed: 6).bytes
        let vectors = ModelVectors(
            bytes: grains.indices.map { grains[$0] / 8 + UInt8($0 / ModelVectors.length) })
        let result = try KMeansModel.fit(
            vectors, KMeansSettings(k: k...k, restarts: 1), workers: Workers(1))
        #expect(result.restarts[0].iterations > 3)
        let model = result.model
        let clusters = try model.assignments(of: vectors, workers: Workers(1))
        #expect(model.sizes == (0..<k).map { cluster in clusters.count { $0 == Int32(cluster) } })
        var inertia = 0.0
        for cluster in 0..<k {
            let members = clusters.indices.filter { clusters[$0] == Int32(cluster) }
            for place in 0..<ModelVectors.length {
                let values = members.map {
                    Double(vectors.bytes[$0 * ModelVectors.length + place]) / 255
                }
                let mean = values.reduce(0, +) / Double(members.count)
                inertia += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                let centroid = Double(model.centroids[cluster * ModelVectors.length + place])
                guard abs(centroid - mean) < 1e-6 else {
                    Issue.record("byte \(place) of centroid \(cluster) is \(centroid), not \(mean)")
                    return
                }
            }
        }
        #expect(abs(model.elbow[0].inertia - inertia) < 1e-9 * inertia)
    }

    @Test("Equal pictures make one cluster, however many clusters are requested")
    func copies() throws {
        let vectors = ModelVectors(bytes: vector(9) + vector(9) + vector(9))
        let model = try KMeansModel.fit(vectors, KMeansSettings(k: 1...5), workers: Workers(1))
            .model
        #expect(model.sizes == [3])
        #expect(model.elbow == [ElbowPoint(k: 1, inertia: 0)])
    }

    @Test("A saved model is loaded unchanged", arguments: [false, true])
    func file(rotations: Bool) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let model = try KMeansModel.fit(
            noise(12, seed: 2), KMeansSettings(k: 1...4, restarts: 2, rotations: rotations),
            workers: Workers(1)
        ).model
        try model.save(to: path)
        #expect(try KMeansModel.load(path) == model)
        #expect(model.rotations == rotations)
        #expect(model.sizes.reduce(0, +) == (rotations ? 48 : 12))
    }
}

@Suite struct SearchTests {
    @Test(
        "Distances and order are those of the definition, for any number of threads",
        arguments: [1, 3])
    func definition(threads: Int) throws {
        let vectors = noise(30, seed: 3)
        let search = try CorrelationSearch(
            vectors, kmeans: nil, rotations: false, workers: Workers(threads))
        let found = try search.neighbours(top: 29, workers: Workers(threads), progress: nil)
        #expect(Set(found.keys) == [.collection])
        for candidate in 0..<30 {
            let expected = (0..<30).filter { $0 != candidate }.map {
                (distance(Array(vectors[candidate]), Array(vectors[$0])), $0)
            }.sorted { $0 < $1 }
            let matches = try #require(found[.collection])[candidate]
            #expect(matches.map(\.target) == expected.map(\.1))
            for (match, wanted) in zip(matches, expected) {
                #expect(abs(match.distance - wanted.0) < 1e-12)
            }
        }
    }

    @Test("Of equal distances the earlier key comes first, and a copy is at distance 0")
    func ties() throws {
        let (a, b) = (vector(10, [0: 200]), vector(10, [1: 200]))
        let vectors = ModelVectors(bytes: a + b + a + b + a + vector(77))
        let matches = try CorrelationSearch(
            vectors, kmeans: nil, rotations: false, workers: Workers(1)
        )
        .matches(top: 5, workers: Workers(1))
        #expect(matches[2].map(\.target) == [0, 4, 5, 1, 3])
        #expect(matches[2].prefix(2).map(\.distance) == [0, 0])
        #expect(matches[2].prefix(2).map(\.score) == [100, 100])
        // For vectors in which one byte of 2352 differs from the rest, r = −1 / 2351.
        #expect(abs(matches[2][3].distance - (1 + 1.0 / 2351)) < 1e-12)
        // A constant picture has no correlation with any other picture.
        #expect(matches[5].map(\.target) == [0, 1, 2, 3, 4])
        #expect(matches[5].map(\.distance) == [1, 1, 1, 1, 1])
    }

    @Test("A target counts once, with its best turn, the smallest of equal ones")
    func turns() throws {
        let vectors = noise(5, seed: 4)
        let quarter = vectors.turned(0, quarterTurns: 1)
        let all = ModelVectors(bytes: vectors.bytes + quarter + vector(3))
        let matches = try CorrelationSearch(all, kmeans: nil, rotations: true, workers: Workers(1))
            .matches(top: 10, workers: Workers(1))
        // The copy was turned by 90 degrees already, so it matches after three more quarter turns.
        #expect(matches[0][0] == Match(target: 5, distance: 0, rotation: 270))
        #expect(matches[5][0] == Match(target: 0, distance: 0, rotation: 90))
        #expect(matches.allSatisfy { Set($0.map(\.target)).count == $0.count })
        #expect(matches[0].map(\.target).sorted() == [1, 2, 3, 4, 5, 6])
        #expect(matches[0].first { $0.target == 6 } == Match(target: 6, distance: 1, rotation: 0))
    }

    @Test("Blocks of any number of pictures meet without a gap", arguments: [511, 512, 513, 1025])
    func blocks(count: Int) throws {
        // Pictures in pairs of copies: each finds its copy, wherever the blocks end.
        let half = noise((count + 1) / 2, seed: 5)
        let vectors = ModelVectors(
            bytes: Array((half.bytes + half.bytes).prefix(count * ModelVectors.length)))
        let matches = try CorrelationSearch(
            vectors, kmeans: nil, rotations: false, workers: Workers(2)
        )
        .matches(top: 1, workers: Workers(2))
        #expect(matches.count == count)
        for index in 0..<count / 2 {
            #expect(
                matches[index][0] == Match(target: index + half.count, distance: 0, rotation: 0))
            #expect(
                matches[index + half.count][0] == Match(target: index, distance: 0, rotation: 0))
        }
    }

    @Test("The product of a pair is used for both pictures, also with rotations and across blocks")
    func mutual() throws {
        // Two blocks, a picture of the second being one of the first turned.
        let plain = noise(600, seed: 7)
        let all = ModelVectors(bytes: plain.bytes + plain.turned(9, quarterTurns: 1))
        let workers = Workers(3)
        let matches = try CorrelationSearch(all, kmeans: nil, rotations: true, workers: workers)
            .matches(top: 3, workers: workers)
        #expect(matches[9][0] == Match(target: 600, distance: 0, rotation: 270))
        #expect(matches[600][0] == Match(target: 9, distance: 0, rotation: 90))
        for candidate in [511, 512] {
            let own = Array(all[candidate])
            let nearest = (0...600).filter { $0 != candidate }.map { target in
                (0..<4).map { turn in
                    (distance(own, all.turned(target, quarterTurns: turn)), target, turn * 90)
                }.min { $0 < $1 }!
            }.sorted { $0 < $1 }
            #expect(matches[candidate].map(\.target) == nearest.prefix(3).map(\.1))
            #expect(matches[candidate].map(\.rotation) == nearest.prefix(3).map(\.2))
        }
    }

    @Test("A file of neighbours comes back whole, missing places left out")
    func file() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let tables = [
            Neighbours(
                model: .kmeans, matches: [[], [Match(target: 0, distance: 0.25, rotation: 90)]]),
            Neighbours(
                model: .pairwise,
                matches: [
                    [Match(target: 1, distance: 0.5, rotation: 0)],
                    [
                        Match(target: 0, distance: 0.1, rotation: 270),
                        Match(target: 1, distance: 2, rotation: 180),
                    ],
                ]),
        ]
        try NeighboursFile.write(path, keys: ["a", "b"], top: 3, tables)
        #expect(try NeighboursFile.read(path, models: [.kmeans, .pairwise]) == tables)
        #expect(throws: HDF5Error.noObject(path: path, name: "centroids")) {
            try KMeansModel.load(path)
        }
    }
}
