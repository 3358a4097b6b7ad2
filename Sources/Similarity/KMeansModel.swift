public import AtlasModel
public import Parallel

/// A fitted K-Means model: Euclidean on model vectors / 255.
public struct KMeansModel: Sendable, Equatable {
    /// `(k, 2352) float32`, row-major, in pixels / 255; clusters by falling size.
    public let centroids: [Float]
    /// Points in each cluster when it was fitted.
    public let sizes: [Int]
    /// Whether it was fitted on all four turns of each picture.
    public let rotations: Bool
    /// Best inertia by k, ascending: the elbow curve it was chosen from.
    public let elbow: [ElbowPoint]
    /// What the elbow curve suggested; `nil` when k was given.
    public let suggested: Int?

    public var k: Int { sizes.count }

    /// The nearest centroid of each vector, turned by quarter turns first; the lower number of equals.
    public func assignments(of vectors: ModelVectors, quarterTurns: Int = 0, workers: Workers)
        throws
        -> [Int32]
    {
        let wide = centroids.map { Double($0) * 255 }
        return try workers.map(vectors.count, chunk: 64) { index in
            nearest(to: vectors.turned(index, quarterTurns: quarterTurns), wide)
        }
    }

    private func nearest(to vector: [UInt8], _ wide: [Double]) -> Int32 {
        var best = 0
        var least = Double.infinity
        vector.withUnsafeBufferPointer { vector in
            wide.withUnsafeBufferPointer { wide in
                for cluster in 0..<k {
                    let start = cluster * ModelVectors.length
                    var sum = 0.0
                    for i in 0..<ModelVectors.length {
                        let difference = Double(vector[i]) - wide[start + i]
                        sum += difference * difference
                    }
                    if sum < least {
                        least = sum
                        best = cluster
                    }
                }
            }
        }
        return Int32(best)
    }
}
