import AtlasModel
import Catalog
import Fingerprint
import Foundation
import Messages

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
    /// - Parameter vectors: also the vectors of all pictures, labelled or not.
    /// - Throws: `CatalogError.nothingLabelled` for a data set that would hold no picture at all.
    public func dataset(
        _ path: String, shares: [Double], output: String, vectors: Bool, metadata: String?
    ) throws -> DatasetResult {
        for file in [output, metadata].compactMap({ $0 }) {
            try OutputPlace.require(for: file, reading: path)
        }
        let (_, catalogue, _) = try catalogue(path, shares: shares)
        if !vectors {
            try requireLabels(catalogue, path, RockType.reference, takesNetwork: false)
        }
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
    /// - Parameters:
    ///   - leavingOut: folders that are no part of it, wherever they lie.
    ///   - workspace: where what was decoded is kept, so that the next command need not.
    func catalogue(
        _ path: String, types: [RockType] = RockType.reference,
        corrections: Corrections = Corrections(), shares: [Double], leavingOut: [String] = [],
        workspace: Workspace? = nil
    ) throws -> (collection: Collection, catalogue: Catalogue, seconds: Double) {
        let collection = try Collection.open(path, leavingOut: leavingOut)
        let (catalogue, seconds) = try narrator.stage(
            "catalogue",
            remark: {
                counted($0.images.count, "picture") + ", "
                    + counted($0.errata.count, "erratum", "errata")
            },
            work: {
                try collection.catalogue(
                    of: readings(collection, workspace), rockTypes: types,
                    corrections: corrections, shares: shares)
            })
        return (collection, catalogue, seconds)
    }

    /// Decodes the pictures of a collection, or takes them from the workspace where the listing shows
    /// that no file has changed.
    private func readings(_ collection: Collection, _ workspace: Workspace?) throws -> Readings {
        func read() throws -> Readings {
            try collection.readings(workers: workers, progress: narrator.progress)
        }
        guard let workspace else { return try read() }
        return try workspace.entry(
            "pictures.h5",
            digest: Fingerprint(ofParts: [
                Release.version, "\(Readings.revision)", collection.fingerprint.hex,
            ]),
            warn: narrator.warn, read: Readings.init(contentsOf:), make: read,
            write: { readings, path in try readings.write(to: path) }
        ).value
    }
}
