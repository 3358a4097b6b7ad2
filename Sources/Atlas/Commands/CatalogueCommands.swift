import AtlasModel
import Catalog
import Fingerprint
import Foundation

extension Run {
    /// Writes the embedded sample collection, whose pictures are computed from a seed.
    package func sample(to path: String, perType: Int, size: Int) throws -> SampleResult {
        let (images, _) = try narrator.stage("sample") {
            try SampleCollection(perType: perType, size: size, seed: seed).write(
                to: path, workers: workers, progress: narrator.progress)
        }
        return SampleResult(images: images, path: path)
    }

    /// Writes a collection as an HDF5 data set, and a table of its pictures if one is asked for.
    /// - Parameter vectors: whether to add the vectors of all pictures, labelled or not.
    /// - Throws: `CatalogError.nothingLabelled` when the data set would have no picture.
    package func dataset(
        _ source: CollectionSource, output: String, vectors: Bool, metadata: String?
    ) throws -> DatasetResult {
        for file in [output, metadata].compactMap({ $0 }) {
            try OutputPlace.require(for: file, reading: source.paths)
        }
        let loaded = try loadGrouped(source)
        let types = loaded.types
        if !vectors { try loaded.requireLabels(types, acceptsNetwork: false) }
        let catalogue = loaded.catalogue
        _ = try narrator.stage("dataset") {
            try catalogue.writeDataset(
                to: output, rockTypes: types, turns: vectors, workers: workers)
            if let metadata { try catalogue.writeMetadata(to: metadata, rockTypes: types) }
        }
        return DatasetResult(
            images: catalogue.images.count, errata: catalogue.errata,
            train: catalogue.labelled(in: .train).count, dev: catalogue.labelled(in: .dev).count,
            test: catalogue.labelled(in: .test).count)
    }
}
