import AtlasModel
import Catalog
import Classification
import Fingerprint
import Parallel

extension BuildContext {
    /// The predictions of a network for some pictures, before calibration. Those of unchanged
    /// pictures come from the workspace.
    /// - Parameters:
    ///   - file: name of the entry, without folder and extension.
    ///   - pictures: indices of the pictures; `nil` for all.
    func predictions(
        of network: StoredNetwork, as file: String, _ catalogue: Catalogue,
        pictures: [Int]? = nil, progress: @escaping ProgressReport = { _, _ in }
    ) throws -> [Prediction] {
        let vectors = pictures.map(catalogue.vectors.selecting) ?? catalogue.vectors
        let stage = Stage.predictions(
            of: network.network, digest: try network.digest(), as: file, vectors, self)
        return try value(of: stage, progress: progress).value.predictions
    }
}

extension Stage<StoredPredictions> {
    /// Raised when the same network gives the same picture another prediction.
    private static var revision: Int { 1 }

    fileprivate static func predictions(
        of network: Network, digest: Fingerprint, as file: String, _ vectors: ModelVectors,
        _ context: BuildContext
    ) -> Stage {
        let threads = context.workers.count
        let pictures = vectors.digests
        let family = CacheKey(.classify, revision: revision, ["network": .digest(digest)])
        return Stage(
            .classify,
            updating: CacheEntry(
                file: "predictions/\(file).h5",
                key: CacheKey(
                    .classify, revision: revision,
                    [
                        "network": .digest(digest),
                        "pictures": .digest(Fingerprint(ofParts: pictures.map(\.hex))),
                    ]),
                family: family, read: StoredPredictions.init(contentsOf:),
                write: { try $0.write(to: $1) }),
            make: { earlier, progress in
                try network.predict(
                    vectors, pictures: pictures, earlier: earlier, threads: threads,
                    progress: progress)
            })
    }
}
