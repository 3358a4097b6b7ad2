import AtlasModel
import Parallel
import Testing

@testable import Similarity

/// A vector as floating-point numbers.
private func numbers(_ vectors: ModelVectors, _ index: Int) -> [Double] {
    vectors[index].map { Double($0) }
}

private func squaredDistance(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for (a, b) in zip(left, right) { sum += (a - b) * (a - b) }
    return sum
}

/// Lloyd's algorithm by its definition, in double precision.
private func assignments(_ vectors: ModelVectors, from start: [Int32], k: Int) -> (
    clusters: [Int32], passes: Int
) {
    let points = (0..<vectors.count).map { numbers(vectors, $0) }
    var clusters = start
    var passes = 1
    while true {
        passes += 1
        let means = (0..<k).map { cluster -> [Double] in
            let members = points.indices.filter { clusters[$0] == Int32(cluster) }
            var sum = [Double](repeating: 0, count: ModelVectors.length)
            for member in members {
                for place in sum.indices { sum[place] += points[member][place] }
            }
            return sum.map { $0 / Double(members.count) }
        }
        let nearest = points.map { point -> Int32 in
            let distances = means.map { squaredDistance(point, $0) }
            return Int32(distances.firstIndex(of: distances.min()!)!)
        }
        if nearest == clusters { return (clusters, passes) }
        clusters = nearest
    }
}

@Suite struct LloydTests {
    /// A ramp of brightness has no clear clusters, so pictures change their cluster many times.
    private let ramp: ModelVectors = {
        let grains = noise(120, seed: 11).bytes
        return ModelVectors(
            bytes: grains.indices.map { grains[$0] / 4 + UInt8($0 / ModelVectors.length) })
    }()

    @Test(
        "Runs take the same passes as the definition, several at once as well as alone",
        arguments: [1, 2])
    func definition(threads: Int) throws {
        let lloyd = try Lloyd(points: ramp, workers: Workers(threads))
        let ks = [2, 5]
        let starts = ks.map { k in (0..<120).map { Int32($0 * 7 % k) } }
        var runs = try lloyd.runs(
            zip(ks, starts).enumerated().map { index, run in
                KMeansRun(k: run.0, restart: index, assignments: run.1)
            })
        try lloyd.settle(&runs, progress: nil)
        for (run, start) in zip(runs, starts) {
            let expected = assignments(ramp, from: start, k: run.k)
            #expect(run.assignments == expected.clusters)
            #expect(run.passes == expected.passes)
            #expect(run.settled)
        }
    }

    @Test("A cluster that becomes empty gets the point furthest from its centroid")
    func empty() throws {
        // The mean of cluster 1 is 11. No point is nearest to it, so the cluster gets the point 0.
        let vectors = ModelVectors(bytes: vector(0) + vector(10) + vector(12) + vector(22))
        let lloyd = try Lloyd(points: vectors, workers: Workers(1))
        var runs = try lloyd.runs([KMeansRun(k: 3, restart: 0, assignments: [1, 0, 2, 1])])
        try lloyd.settle(&runs, progress: nil)
        #expect(runs[0].assignments == [1, 0, 0, 2])
        #expect(runs[0].counts == [2, 1, 1])
        // 2352 · (1² + 1²) on pixels / 255.
        let total = 2352.0 * (0 + 100 + 144 + 484)
        #expect(abs(runs[0].inertia(total: total) - 4704.0 / 65_025) < 1e-12)
    }

    @Test("Of equally near clusters a point gets the lower one, decided in whole numbers")
    func ties() throws {
        // The means are 40 and 60, so 50 is exactly between them.
        let vectors = ModelVectors(
            bytes: vector(30) + vector(40) + vector(50) + vector(70) + vector(60) + vector(50))
        let run = try Lloyd(points: vectors, workers: Workers(1)).runs([
            KMeansRun(k: 2, restart: 0, assignments: [0, 0, 0, 1, 1, 1])
        ])[0]
        #expect(!ExactDistances.isNearer(1, than: 0, run, vectors[2]))
        #expect(!ExactDistances.isNearer(0, than: 1, run, vectors[2]))
        #expect(ExactDistances.isNearer(1, than: 0, run, vectors[4]))
        var runs = [run]
        try Lloyd(points: vectors, workers: Workers(1)).settle(&runs, progress: nil)
        // Both 50s are in cluster 0, whose mean is then 42.5. The mean of the other cluster is 65.
        #expect(runs[0].assignments == [0, 0, 0, 1, 1, 0])
    }

    @Test("The length of a centroid close to the origin has the promised relative error")
    func closeToOrigin() throws {
        // 48 pictures of grey 100 and one of 101: the mean is 1/49 above the origin everywhere. 49
        // · (1/49) is not 1 in double precision.
        let vectors = ModelVectors(
            bytes: (0..<49).flatMap { vector($0 == 0 ? 101 : 100) })
        var run = KMeansRun(k: 1, restart: 0, assignments: [Int32](repeating: 0, count: 49))
        run.replaceSums([Int32](repeating: 4901, count: ModelVectors.length))
        run.setCentroids(origin: Array(vectors[1]))
        let exact = 2352.0 / (49 * 49)
        #expect(abs(run.squares[0] - exact) <= KMeansRun.squareError * exact)
    }

    @Test("The two clusters whose union adds the least inertia are merged")
    func merged() throws {
        let vectors = ModelVectors(bytes: vector(0) + vector(100) + vector(104) + vector(220))
        let run = try Lloyd(points: vectors, workers: Workers(1)).runs([
            KMeansRun(k: 4, restart: 0, assignments: [3, 2, 0, 1])
        ])[0]
        #expect(run.mergedAssignments == [2, 0, 0, 1])
    }
}

@Suite struct RoundingTests {
    @Test("The bounds are those of Higham's definition γ = nu / (1 − nu)")
    func gamma() {
        // 2²³ roundings of 2⁻²⁴ make 1/2, and 1/2 / (1 − 1/2) = 1; likewise 2⁵¹ of 2⁻⁵³ make 1/4.
        #expect(Rounding.gamma(1 << 23) == 1)
        #expect(Rounding.doubleGamma(1 << 51) == 0.25 / 0.75)
        #expect(Rounding.gamma(0) == 0)
    }
}

@Suite struct ProjectionTests {
    @Test("Products deviate from products of coordinates by no more than the bound")
    func bound() throws {
        let vectors = noise(64, seed: 12)
        let origin = [UInt8](repeating: 120, count: ModelVectors.length)
        let rows = vectors.floats(0..<64, from: origin)
        // Directions from only some of the vectors, so that the others have large residuals.
        let projection = try Projection(
            of: Array(rows.prefix(20 * ModelVectors.length)), from: nil)
        let coordinates = try projection.coordinates(of: rows, count: 64)
        let residuals = try projection.residuals(of: rows, coordinates)
        let dimensions = projection.dimensions
        func part(_ index: Int) -> ArraySlice<Float> {
            coordinates[index * dimensions..<(index + 1) * dimensions]
        }
        let wide = (0..<64).map { index -> [Double] in
            let start = index * ModelVectors.length
            return rows[start..<start + ModelVectors.length].map { Double($0) }
        }
        func product(_ i: Int, _ j: Int) -> Double {
            var sum = 0.0
            for (a, b) in zip(wide[i], wide[j]) { sum += a * b }
            return sum
        }
        for i in 0..<64 {
            let length = product(i, i).squareRoot()
            let outside = Double(projection.residual(part(i), length: length))
            for j in 0..<64 {
                var estimate = 0.0
                for (a, b) in zip(part(i), part(j)) { estimate += Double(a) * Double(b) }
                let other = product(j, j).squareRoot()
                #expect(
                    abs(product(i, j) - estimate)
                        <= outside * residuals[j] + projection.productError * length * other)
            }
        }
        // The directions contain almost all of the vectors that they were made from.
        #expect(residuals[3] < 0.01 * product(3, 3).squareRoot())
        #expect(residuals[40] > 0.9 * product(40, 40).squareRoot())
    }
}
