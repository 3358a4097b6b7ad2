import AtlasModel
import Catalog
import Fingerprint
import Similarity

extension Run {
    /// Clusters and the targets of every picture.
    struct LikenessFindings {
        let clustering: Clustering
        /// K-Means first.
        let neighbours: [Neighbours]
    }

    /// Fits K-Means or loads it, and finds the targets of every picture by both models.
    func likeness(
        _ catalogue: Catalogue, _ settings: AtlasSettings, kmeansFile: String?,
        _ workspace: Workspace, _ record: inout BuildRecord
    ) throws -> LikenessFindings {
        let vectors = catalogue.vectors
        let pictures = Fingerprint(of: vectors.bytes)
        let model = try clusters(
            vectors, pictures, settings, file: kmeansFile, workspace, &record)
        let assignments = try model.assignments(of: vectors, workers: workers).map(Int.init)
        let digest = Fingerprint(
            ofParts: [
                pictures.hex, "\(settings.top) \(settings.rotations)",
                Fingerprint(of: model.centroids.withUnsafeBytes { Array($0) }).hex,
            ])
        let keys = catalogue.images.map(\.key)
        let (found, reused) = try record.stage(
            "neighbours", narrator, remark: { $0.reused ? "kept from an earlier build" : "" },
            work: {
                try workspace.entry(
                    "neighbours.h5", digest: digest, warn: narrator.warn,
                    read: { try NeighboursFile.read($0, models: [.kmeans, .pairwise]) },
                    make: {
                        try LikenessSearch(
                            vectors, kmeans: model, rotations: settings.rotations, workers: workers
                        ).neighbours(
                            top: settings.top, workers: workers, progress: narrator.progress)
                    },
                    write: { tables, path in
                        try NeighboursFile.write(path, keys: keys, top: settings.top, tables)
                    })
            })
        if reused { record.reused["neighbours"] = 1 }
        var sizes = [Int](repeating: 0, count: model.k)
        for cluster in assignments { sizes[cluster] += 1 }
        return LikenessFindings(
            clustering: Clustering(
                k: model.k, assignments: assignments, sizes: sizes, inertia: model.elbow,
                suggested: model.suggested), neighbours: found)
    }

    private func clusters(
        _ vectors: ModelVectors, _ pictures: Fingerprint, _ settings: AtlasSettings, file: String?,
        _ workspace: Workspace, _ record: inout BuildRecord
    ) throws -> KMeansModel {
        if let file {
            let model = try KMeansModel.load(file)
            guard model.rotations == settings.rotations else {
                throw AtlasError.rotationsDiffer(model: file, fitted: model.rotations)
            }
            return model
        }
        let range = settings.k.map { $0...$0 } ?? 1...10
        let fitting = KMeansSettings(
            k: range, restarts: settings.restarts, seed: seed, rotations: settings.rotations)
        let (model, reused) = try record.stage(
            "cluster", narrator,
            remark: {
                counted($0.value.k, "cluster") + ($0.reused ? ", kept from an earlier build" : "")
            },
            work: {
                try workspace.entry(
                    "kmeans.h5", digest: fitting.digest(of: pictures),
                    warn: narrator.warn, read: KMeansModel.load,
                    make: {
                        try KMeansModel.fit(
                            vectors, fitting, workers: workers, progress: narrator.progress
                        ).model
                    },
                    write: { model, path in try model.save(to: path) })
            })
        if reused { record.reused["cluster"] = 1 }
        return model
    }

    /// Writes `dataset.h5` to the workspace.
    func dataset(
        _ catalogue: Catalogue, _ types: [RockType], _ workspace: Workspace,
        _ record: inout BuildRecord
    ) throws {
        let digest = catalogue.digest(types)
        let (_, reused) = try record.stage(
            "dataset", narrator, remark: { $0.reused ? "kept from an earlier build" : "" },
            work: {
                try workspace.entry(
                    "dataset.h5", digest: digest, warn: narrator.warn, read: { _ in }, make: {},
                    write: { _, path in
                        try catalogue.writeDataset(to: path, rockTypes: types, turns: false)
                    })
            })
        if reused { record.reused["dataset"] = 1 }
    }
}

extension KMeansSettings {
    /// What a fit to vectors with the given digest depends on.
    func digest(of pictures: Fingerprint) -> Fingerprint {
        Fingerprint(ofParts: [pictures.hex, "\(self)"])
    }
}
