import AtlasModel
import Catalog
import Classification
import Fingerprint
import Messages
import Parallel
import Similarity

extension Run {
    /// Clusters and the targets of every picture.
    struct LikenessFindings {
        let clustering: Clustering
        /// K-Means first.
        let neighbours: [Neighbours]
        let times: [LikenessTime]
    }

    /// Fits K-Means or loads it, and finds the targets of every picture: by K-Means and Pairwise,
    /// and by the embedding if the settings name it.
    /// - Parameter network: whose features the embedding compares.
    func likeness(
        _ catalogue: Catalogue, _ settings: AtlasSettings, network: StoredNetwork,
        kmeansFile: String?, _ workspace: Workspace, _ record: inout BuildRecord
    ) throws -> LikenessFindings {
        let vectors = catalogue.vectors
        let pictures = Fingerprint(of: vectors.bytes)
        let fitted = try clusters(
            vectors, pictures, settings, file: kmeansFile, workspace, &record)
        let model = fitted.model
        let assignments = try model.assignments(of: vectors, workers: workers).map(Int.init)
        let asked = "\(settings.top) \(settings.rotations)"
        let centroids = Fingerprint(of: model.centroids.withUnsafeBytes { Array($0) })
        let correlation = try neighbours(
            of: catalogue, [.kmeans, .pairwise], entry: "neighbours.h5",
            digest: Fingerprint(ofParts: [pictures.hex, asked, centroids.hex]), settings, workspace,
            &record
        ) {
            try CorrelationSearch(
                vectors, kmeans: model, rotations: settings.rotations, workers: workers)
        }
        var tables = correlation.tables
        var times = [
            LikenessTime(
                model: .kmeans, fit: fitted.run?.seconds, answers: correlation.run?.seconds),
            LikenessTime(model: .pairwise, fit: nil, answers: correlation.run?.seconds),
        ]
        if settings.models.contains(.embedding) {
            let own = try neighbours(
                of: catalogue, [.embedding], entry: "embedding.h5",
                digest: Fingerprint(ofParts: [pictures.hex, asked, try network.digest().hex]),
                settings, workspace, &record
            ) {
                try EmbeddingSearch(
                    vectors, rotations: settings.rotations, network: network.network, workers,
                    progress: narrator.progress)
            }
            tables += own.tables
            times.append(
                LikenessTime(
                    model: .embedding, fit: own.run?.preparation, answers: own.run?.seconds))
        }
        var sizes = [Int](repeating: 0, count: model.k)
        for cluster in assignments { sizes[cluster] += 1 }
        return LikenessFindings(
            clustering: Clustering(
                k: model.k, assignments: assignments, sizes: sizes, inertia: model.elbow,
                suggested: model.suggested, means: model.means),
            neighbours: tables, times: times)
    }

    /// The targets of every picture by some models, from the workspace if they would come out the
    /// same.
    /// - Parameter search: makes the search.
    private func neighbours(
        of catalogue: Catalogue, _ models: [LikenessModel], entry: String, digest: Fingerprint,
        _ settings: AtlasSettings, _ workspace: Workspace, _ record: inout BuildRecord,
        search: () throws -> any TargetSearch
    ) throws -> (tables: [Neighbours], run: RunRecord?) {
        typealias Found = (tables: [Neighbours], run: RunRecord?)
        let keys = catalogue.images.map(\.key)
        let (found, reused) = try record.stage(
            "neighbours", narrator, remark: { $0.reused ? "kept from an earlier build" : "" },
            work: {
                try workspace.entry(
                    entry, digest: digest, warn: narrator.warn,
                    read: { path -> Found in
                        (try NeighboursFile.read(path, models: models), RunRecord.read(of: path))
                    },
                    make: {
                        let begin = narrator.now()
                        let search = try search()
                        let ready = narrator.now()
                        let tables = try search.neighbours(
                            top: settings.top, workers: workers, progress: narrator.progress)
                        let run = RunRecord(
                            seconds: narrator.now() - ready, preparation: ready - begin)
                        return (tables, run)
                    },
                    write: { found, path in
                        try NeighboursFile.write(
                            path, keys: keys, top: settings.top, found.tables)
                        try found.run?.keep(beside: path)
                    })
            })
        if reused { record.reused["neighbours", default: 0] += 1 }
        return found
    }

    private func clusters(
        _ vectors: ModelVectors, _ pictures: Fingerprint, _ settings: AtlasSettings, file: String?,
        _ workspace: Workspace, _ record: inout BuildRecord
    ) throws -> (model: KMeansModel, run: RunRecord?) {
        if let file {
            let model = try KMeansModel.load(file)
            guard model.rotations == settings.rotations else {
                throw AtlasError.rotationsDiffer(model: file, fitted: model.rotations)
            }
            guard try model.curveIsOf(vectors, workers: workers) else {
                narrator.warn(
                    "\(file) was not fitted to just these pictures; the look-alikes page leaves out "
                        + "its curve of inertia.")
                return (model.withoutCurve, nil)
            }
            return (model, nil)
        }
        typealias Fitted = (model: KMeansModel, run: RunRecord?)
        let range = settings.k.map { $0...$0 } ?? 1...10
        let fitting = KMeansSettings(
            k: range, restarts: settings.restarts, seed: seed, rotations: settings.rotations)
        let (fitted, reused) = try record.stage(
            "cluster", narrator,
            remark: {
                counted($0.value.model.k, "cluster")
                    + ($0.reused ? ", kept from an earlier build" : "")
            },
            work: {
                try workspace.entry(
                    "kmeans.h5", digest: fitting.digest(of: pictures), warn: narrator.warn,
                    read: { path -> Fitted in
                        (try KMeansModel.load(path), RunRecord.read(of: path))
                    },
                    make: {
                        let begin = narrator.now()
                        let model = try KMeansModel.fit(
                            vectors, fitting, workers: workers, progress: narrator.progress
                        ).model
                        return (model, RunRecord(seconds: narrator.now() - begin))
                    },
                    write: { fitted, path in
                        try fitted.model.save(to: path)
                        try fitted.run?.keep(beside: path)
                    })
            })
        if reused { record.reused["cluster"] = 1 }
        return fitted
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

extension EmbeddingSearch {
    /// A search by the penultimate features of `network`.
    init(
        _ vectors: ModelVectors, rotations: Bool, network: Network, _ workers: Workers,
        progress: ProgressReport?
    ) throws {
        try self.init(vectors, rotations: rotations, progress: progress) {
            try network.features($0, threads: workers.count)
        }
    }
}

extension KMeansSettings {
    /// What a fit to vectors with the given digest depends on.
    func digest(of pictures: Fingerprint) -> Fingerprint {
        Fingerprint(ofParts: [pictures.hex, "\(self)"])
    }
}
