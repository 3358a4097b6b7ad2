import AtlasModel
import Catalog
import Classification
import Fingerprint
import Parallel

/// One classifier of textures to train: the pictures and, if they are known, the settings.
struct TextureJob {
    /// Of all pictures.
    let textures: TextureVectors
    let catalogue: Catalogue
    let types: [RockType]
    /// Indices of the training pictures. The temperature is fitted on the labelled dev set.
    let pictures: [Int]
    /// `nil` to find them by cross-validation of the training pictures.
    let settings: TextureSettings?

    /// Number of folds of the cross-validation.
    private static let folds = 5

    /// As much as presenting each picture once to a network.
    var work: Int { pictures.count }

    func classifier(workers: Workers, progress: @escaping ProgressReport) throws
        -> TextureClassifier
    {
        let dev = catalogue.labelled(in: .dev)
        func labels(_ indices: [Int]) -> [Int] {
            indices.compactMap { catalogue.images[$0].label }
        }
        let data = TextureData(
            classes: types.map(\.label), training: textures.selecting(pictures),
            labels: labels(pictures), digests: pictures.map { catalogue.images[$0].digest },
            dev: (textures.selecting(dev), labels(dev)))
        let found =
            try settings
            ?? TextureSearch.settings(
                for: data, folds: folds, workers: workers, progress: progress)
        return try .trained(on: data, settings: found, workers: workers)
    }

    /// Places in `pictures`; a group is in one fold.
    private var folds: [[Int]] { catalogue.places(ofFolds: Self.folds, in: pictures) }

    /// What the classifier depends on.
    fileprivate var key: CacheKey {
        func digest(_ indices: [Int]) -> CacheKey.Value {
            let rows = textures.selecting(indices).features.values.withUnsafeBytes {
                Fingerprint(of: $0)
            }
            return .digest(
                Fingerprint(ofParts: [catalogue.digest(of: indices, types: types).hex, rows.hex]))
        }
        let known: [CacheKey.Field] =
            settings.map {
                [
                    .init(name: "rate", value: .real($0.rate)),
                    .init(name: "penalty", value: .real($0.penalty)),
                    .init(name: "sharpness", value: .real($0.sharpness)),
                ]
            }
            ?? folds.enumerated().map { fold, places in
                .init(name: "fold \(fold)", value: digest(places.map { pictures[$0] }))
            }
        return CacheKey(
            .train, revision: TextureSearch.revision,
            [
                .init(name: "architecture", value: .text(Classifier.textureName)),
                .init(name: "training pictures", value: digest(pictures)),
                .init(name: "dev pictures", value: digest(catalogue.labelled(in: .dev))),
            ] + known)
    }
}

extension Catalogue {
    /// Folds of some pictures, as places in `pictures`; a group is in one fold. Folds without pictures, and
    /// one with all of them, are left out.
    func places(ofFolds count: Int, in pictures: [Int]) -> [[Int]] {
        let places = Dictionary(
            uniqueKeysWithValues: pictures.enumerated().map { ($1, $0) })
        return folds(count, in: pictures, by: division.rule).map {
            $0.compactMap { places[$0] }
        }.filter { !$0.isEmpty && $0.count < pictures.count }
    }
}

extension Stage<TrainedClassifier> {
    /// Trains one classifier of textures.
    static func train(
        _ job: TextureJob, file: String, in workspace: Workspace, _ workers: Workers
    ) -> Stage {
        stage(file, job.key, in: workspace) {
            .textures(try job.classifier(workers: workers, progress: $0))
        }
    }
}
