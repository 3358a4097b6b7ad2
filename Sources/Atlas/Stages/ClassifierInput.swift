import AtlasModel
import Catalog
import Classification
import Fingerprint
import Parallel

/// What classifiers see of the pictures of a collection.
struct ClassifierInput {
    let vectors: ModelVectors
    /// `nil` when no classifier compares them.
    let textures: TextureVectors?
    /// Read when a network sees crops of them.
    let larger: LargerPictures

    /// Digests of what a classifier sees of each picture, in order.
    /// - Parameter pictures: indices of the pictures.
    func digests(for classifier: Classifier, _ pictures: [Int]) -> [Fingerprint] {
        switch classifier {
        case .network(let network):
            return network.architecture.seesCrops
                ? larger.versions(pictures) : vectors(pictures).digests
        case .fused(let fused):
            return zip(
                digests(for: .textures(fused.textures), pictures),
                digests(for: .network(fused.network), pictures)
            ).map { Fingerprint(ofParts: [$0.hex, $1.hex]) }
        case .textures: break
        }
        let rows = described.features
        return pictures.map { picture in
            rows.values[picture * rows.width..<(picture + 1) * rows.width].withUnsafeBytes {
                Fingerprint(of: $0)
            }
        }
    }

    /// The predictions for pictures, before calibration.
    /// - Parameter pictures: indices of the pictures.
    func predictions(
        by classifier: Classifier, _ pictures: [Int], workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> [Prediction] {
        switch classifier {
        case .network(let network):
            try predictions(by: network, pictures, workers: workers, progress: progress)
        case .textures(let textures):
            try textures.predict(described.selecting(pictures), workers: workers)
        case .fused(let fused):
            fused.predictions(
                (
                    try fused.textures.predict(described.selecting(pictures), workers: workers),
                    try predictions(
                        by: fused.network, pictures, workers: workers, progress: progress)
                ))
        }
    }

    private func predictions(
        by network: Network, _ pictures: [Int], workers: Workers, progress: ProgressReport?
    ) throws -> [Prediction] {
        let side = network.architecture.side
        guard network.architecture.seesCrops else {
            return try network.predict(
                vectors(pictures), threads: workers.count, progress: progress)
        }
        var predictions: [Prediction] = []
        for start in stride(from: 0, to: pictures.count, by: Self.block) {
            let block = Array(pictures[start..<min(pictures.count, start + Self.block)])
            let input = NetworkInput.larger(
                try larger.pictures(block, side: side, keeping: false))
            predictions += try network.predict(input, threads: workers.count)
            progress?(start + block.count, pictures.count)
        }
        return predictions
    }

    /// Pictures that are in memory at once for predictions: some 20 megabytes.
    private static let block = 256

    private func vectors(_ pictures: [Int]) -> ModelVectors {
        pictures.elementsEqual(0..<vectors.count) ? vectors : vectors.selecting(pictures)
    }

    private var described: TextureVectors {
        guard let textures else {
            preconditionFailure("A classifier that compares textures was given none.")
        }
        return textures
    }
}

extension BuildContext {
    /// What classifiers see of the pictures of a collection. Textures are described, as the stage
    /// `textures`, if one of the classifiers compares them.
    mutating func input(_ loaded: LoadedCollection, for classifiers: [Classifier]) throws
        -> ClassifierInput
    {
        let needsTexture = classifiers.contains(where: \.needsTexture)
        return ClassifierInput(
            vectors: loaded.catalogue.vectors,
            textures: needsTexture ? try textures(of: loaded) : nil,
            larger: largerPictures(of: loaded))
    }
}
