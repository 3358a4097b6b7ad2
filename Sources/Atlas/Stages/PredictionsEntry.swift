import AtlasModel
import Catalog
import Classification
import Fingerprint
import Parallel

extension BuildContext {
    /// The predictions of a classifier for some pictures, before calibration. Those of unchanged
    /// pictures come from the workspace.
    /// - Parameters:
    ///   - file: name of the entry, without folder and extension.
    ///   - pictures: indices of the pictures; `nil` for all.
    func predictions(
        of stored: StoredClassifier, as file: String, _ input: ClassifierInput,
        pictures: [Int]? = nil, progress: @escaping ProgressReport = { _, _ in }
    ) throws -> [Prediction] {
        let stage = try predicting(with: stored, as: file, input, pictures: pictures)
        return try value(of: stage, progress: progress).value.predictions
    }

    /// The stage that makes them.
    func predicting(
        with stored: StoredClassifier, as file: String, _ input: ClassifierInput,
        pictures: [Int]? = nil
    ) throws -> Stage<StoredPredictions> {
        .predictions(
            of: stored.classifier, digest: try stored.digest(), as: file, input,
            pictures ?? Array(0..<input.vectors.count), self)
    }
}

extension Stage<StoredPredictions> {
    /// Raised when the same classifier gives the same picture another prediction.
    private static var revision: Int { 1 }

    fileprivate static func predictions(
        of classifier: Classifier, digest: Fingerprint, as file: String, _ input: ClassifierInput,
        _ pictures: [Int], _ context: BuildContext
    ) -> Stage {
        let workers = context.workers
        let digests = input.digests(for: classifier, pictures)
        let family = CacheKey(.classify, revision: revision, ["network": .digest(digest)])
        return Stage(
            .classify,
            updating: CacheEntry(
                file: "predictions/\(file).h5",
                key: CacheKey(
                    .classify, revision: revision,
                    [
                        "network": .digest(digest),
                        "pictures": .digest(Fingerprint(ofParts: digests.map(\.hex))),
                    ]),
                family: family, read: StoredPredictions.init(contentsOf:),
                write: { try $0.write(to: $1) }),
            join: { count, part in
                let parts = try (0..<count).map(part)
                return StoredPredictions(
                    pictures: parts.flatMap(\.pictures), predictions: parts.flatMap(\.predictions))
            },
            make: { share, earlier, progress in
                let own = share.range(of: pictures.count)
                return try StoredPredictions(of: Array(digests[own]), earlier: earlier) { unknown in
                    try input.predictions(
                        by: classifier, unknown.map { pictures[own.lowerBound + $0] },
                        workers: workers, progress: progress)
                }
            })
    }
}
