import AtlasModel
import Catalog
import Classification
import Fingerprint
import Parallel
import Similarity

/// Clusters, and the targets of every picture.
struct Likeness {
    let clustering: Clustering
    /// K-Means first.
    let neighbours: [Neighbours]
    let times: [LikenessTime]
}

/// The targets of every picture by some likeness models, and how long finding them took.
struct FoundNeighbours {
    let tables: [Neighbours]
    var run: RunRecord?
}

extension BuildContext {
    /// Finds the targets of every picture by K-Means and Pairwise, and by the embedding if the
    /// settings name it, as the stages `cluster` and `neighbours`.
    /// - Parameters:
    ///   - network: whose features the embedding compares.
    ///   - kmeansFile: a fitted K-Means model; `nil` to fit one.
    mutating func likeness(
        _ catalogue: Catalogue, network: StoredNetwork, kmeansFile: String?
    ) throws -> Likeness {
        let vectors = catalogue.vectors
        let fitted = try clusters(vectors, file: kmeansFile)
        let model = fitted.model
        let correlation = try run(
            .neighbours(catalogue, clusters: model, self), remark: Self.remark)
        var tables = correlation.tables
        var times = [
            LikenessTime(
                model: .kmeans, fit: fitted.run?.seconds, answers: correlation.run?.seconds),
            LikenessTime(model: .pairwise, fit: nil, answers: correlation.run?.seconds),
        ]
        if settings.models.contains(.embedding) {
            let own = try run(
                .neighbours(catalogue, featuresOf: network, self), remark: Self.remark)
            tables += own.tables
            times.append(
                LikenessTime(
                    model: .embedding, fit: own.run?.preparation, answers: own.run?.seconds))
        }
        return Likeness(
            clustering: try clustering(of: vectors, by: model), neighbours: tables, times: times)
    }

    private static func remark(_ found: Staged<FoundNeighbours>) -> String {
        found.isReused ? "reused from an earlier build" : ""
    }

    private func clustering(of vectors: ModelVectors, by model: KMeansModel) throws -> Clustering {
        let assignments = try model.assignments(of: vectors, workers: workers).map(Int.init)
        var sizes = [Int](repeating: 0, count: model.k)
        for cluster in assignments { sizes[cluster] += 1 }
        return Clustering(
            k: model.k, assignments: assignments, sizes: sizes, inertia: model.elbow,
            suggested: model.suggested, means: model.means)
    }
}

extension Stage<FoundNeighbours> {
    /// Raised when the same pictures get other targets.
    private static var revision: Int { 1 }

    /// Targets by K-Means and Pairwise.
    static func neighbours(
        _ catalogue: Catalogue, clusters model: KMeansModel, _ context: BuildContext
    ) -> Stage {
        let centroids = Fingerprint(of: model.centroids.withUnsafeBytes { Array($0) })
        let (rotations, workers) = (context.settings.rotations, context.workers)
        return neighbours(
            catalogue, [.kmeans, .pairwise], file: "neighbours.h5",
            [.init(name: "centroids", value: .digest(centroids))], context
        ) { _ in
            try CorrelationSearch(
                catalogue.vectors, kmeans: model, rotations: rotations, workers: workers)
        }
    }

    /// Targets by the features of a network.
    static func neighbours(
        _ catalogue: Catalogue, featuresOf network: StoredNetwork, _ context: BuildContext
    ) throws -> Stage {
        let (rotations, workers) = (context.settings.rotations, context.workers)
        return neighbours(
            catalogue, [.embedding], file: "embedding.h5",
            [.init(name: "network", value: .digest(try network.digest()))], context
        ) { progress in
            try EmbeddingSearch(
                catalogue.vectors, rotations: rotations, network: network.network, workers,
                progress: progress)
        }
    }

    private static func neighbours(
        _ catalogue: Catalogue, _ models: [LikenessModel], file: String,
        _ fields: [CacheKey.Field], _ context: BuildContext,
        search: @escaping (_ progress: @escaping Progress) throws -> any TargetSearch
    ) -> Stage {
        let (settings, narrator, workers) = (context.settings, context.narrator, context.workers)
        let keys = catalogue.images.map(\.key)
        let key = CacheKey(
            .neighbours, revision: revision,
            [
                .init(
                    name: "pictures", value: .digest(Fingerprint(of: catalogue.vectors.bytes))),
                .init(name: "keys", value: .texts(keys)),
                .init(name: "models", value: .texts(models.map(\.rawValue))),
                .init(name: "top", value: .integer(settings.top)),
                .init(name: "rotations", value: .flag(settings.rotations)),
            ] + fields)
        return Stage(
            .neighbours,
            cachedIn: CacheEntry(
                file: file, key: key,
                read: { path in
                    FoundNeighbours(
                        tables: try NeighboursFile.read(path, models: models),
                        run: .read(of: path))
                },
                write: { found, path in
                    try NeighboursFile.write(path, keys: keys, top: settings.top, found.tables)
                    try found.run?.keep(beside: path)
                }),
            make: { progress in
                let begin = narrator.now()
                let search = try search(progress)
                let ready = narrator.now()
                let tables = try search.neighbours(
                    top: settings.top, workers: workers, progress: progress)
                let run = RunRecord(seconds: narrator.now() - ready, preparation: ready - begin)
                return FoundNeighbours(tables: tables, run: run)
            })
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
