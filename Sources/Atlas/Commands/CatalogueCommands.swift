import AtlasModel
import Catalog
import Foundation

extension Run {
    /// Draws the embedded sample collection.
    public func sample(to path: String, perType: Int, size: Int) throws -> SampleResult {
        let (images, _) = try narrator.stage("sample") {
            try SampleCollection.write(
                to: path, perType: perType, size: size, seed: seed, workers: workers,
                progress: narrator.progress)
        }
        return SampleResult(images: images, path: path)
    }

    /// Writes a collection as an HDF5 data set, and a table of its pictures if asked for.
    public func dataset(
        _ path: String, shares: [Double], output: String, vectors: Bool, metadata: String?
    ) throws -> DatasetResult {
        let (_, catalogue, _) = try catalogue(path, shares: shares)
        _ = try narrator.stage("dataset") {
            try catalogue.writeDataset(to: output, rockTypes: RockType.reference, turns: vectors)
            if let metadata {
                try catalogue.writeMetadata(to: metadata, rockTypes: RockType.reference)
            }
        }
        return DatasetResult(
            images: catalogue.images.count, errata: catalogue.errata,
            train: catalogue.labelled(in: .train).count, dev: catalogue.labelled(in: .dev).count,
            test: catalogue.labelled(in: .test).count)
    }

    /// Opens and reads a collection as a stage of its own.
    func catalogue(
        _ path: String, types: [RockType] = RockType.reference,
        corrections: Corrections = Corrections(), shares: [Double]
    ) throws -> (collection: Collection, catalogue: Catalogue, seconds: Double) {
        let collection = try Collection.open(path)
        let (catalogue, seconds) = try narrator.stage(
            "catalogue", remark: { "\($0.images.count) pictures, \($0.errata.count) errata" },
            work: {
                try collection.catalogue(
                    rockTypes: types, corrections: corrections, shares: shares, workers: workers,
                    progress: narrator.progress)
            })
        return (collection, catalogue, seconds)
    }
}
