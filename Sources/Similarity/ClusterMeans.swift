import AtlasModel

extension KMeansModel {
    /// The mean picture of each cluster, `(28, 28, 3) uint8` row-major, with halves rounded up: a
    /// centroid value of 0.5 becomes 128.
    package var means: [[UInt8]] {
        (0..<k).map { cluster in
            let start = cluster * ModelVectors.length
            return centroids[start..<start + ModelVectors.length].map { value in
                UInt8(min(255, max(0, (value * 255).rounded(.toNearestOrAwayFromZero))))
            }
        }
    }
}
