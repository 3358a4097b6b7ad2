import AtlasModel
import Fingerprint
import Raster

/// The mean of a cluster as a small picture.
struct ClusterPicture: Sendable {
    /// Path in the atlas, with a digest of the content.
    let path: String
    private let pixels: [UInt8]

    /// - Parameters:
    ///   - cluster: from 0.
    ///   - pixels: `(28, 28, 3) uint8`, row-major.
    init(_ cluster: Int, pixels: [UInt8]) {
        self.pixels = pixels
        path = "sprites/cluster-\(cluster + 1).\(Fingerprint(of: pixels).short).png"
    }

    func png() throws -> [UInt8] {
        try Picture(width: ModelVectors.side, height: ModelVectors.side, pixels: pixels).png()
    }
}

extension Layout {
    /// Largest number of clusters shown; the largest clusters are shown.
    static let clustersShown = 48

    /// The mean pictures of the shown clusters, if the edition has them.
    var clusterPictures: [ClusterPicture] {
        edition.clustering.means.prefix(Self.clustersShown).enumerated().map {
            ClusterPicture($0, pixels: $1)
        }
    }
}
