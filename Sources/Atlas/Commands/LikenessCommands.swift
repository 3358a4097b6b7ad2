import AtlasModel
import Catalog
import Fingerprint
import Foundation
import Raster
import Similarity

extension Run {
    /// Names of the models that find look-alikes.
    public static let likenessModels = LikenessModel.allCases.map(\.rawValue)

    /// Fits K-Means and suggests k.
    public func cluster(
        _ path: String, shares: [Double], k: ClosedRange<Int>, restarts: Int, rotations: Bool,
        output: String?
    ) throws -> ClusterResult {
        if let output { try OutputPlace.require(for: output, reading: path) }
        let (_, catalogue, _) = try catalogue(path, shares: shares)
        let (result, seconds) = try kmeans(
            catalogue.vectors,
            KMeansSettings(k: k, restarts: restarts, seed: seed, rotations: rotations))
        if let output { try result.model.save(to: output) }
        return ClusterResult(
            images: catalogue.images.count, restarts: restarts,
            inertia: Dictionary(
                uniqueKeysWithValues: result.model.elbow.map { ("\($0.k)", $0.inertia) }),
            suggested: result.model.k,
            starts: result.restarts.map {
                .init(
                    k: $0.k, restart: $0.restart, iterations: $0.iterations, inertia: $0.inertia)
            },
            seconds: seconds, errata: catalogue.errata)
    }

    /// Finds the targets of candidates: keys of the collection, or picture files.
    /// - Parameters:
    ///   - page: where to write a page with the pictures, if one is wanted.
    ///   - workspace: folder of an earlier build or call, from which comes what has not changed, and
    ///     which keeps the rest for the next.
    public func similar(
        _ path: String, candidates names: [String], top: Int, model: String, rotations: Bool,
        page: String? = nil, workspace: String? = nil
    ) throws -> [SimilarResult] {
        if let page { try OutputPlace.require(for: page, reading: path) }
        let workspace = try workspace.map { try Workspace($0) }
        let (collection, catalogue, _) = try catalogue(
            path, shares: [1, 0, 0], workspace: workspace)
        let wanted = Self.models(named: model)
        let kmeans =
            try wanted.contains(.kmeans)
            ? self.kmeans(catalogue.vectors, usual(rotations), workspace) : nil
        let search = try LikenessSearch(
            catalogue.vectors, kmeans: kmeans, rotations: rotations, workers: workers)
        let indices = Dictionary(
            uniqueKeysWithValues: catalogue.images.enumerated().map { ($1.key, $0) })
        let candidates = names.map { name in
            Result { try candidate(name, catalogue, indices) }
        }
        let results = try zip(names, candidates).map { name, candidate in
            switch candidate {
            case .success(let candidate):
                try similar(
                    candidate, called: name, search, kmeans, wanted, top: top,
                    keys: catalogue.images.map(\.key))
            case .failure(let error): SimilarResult(candidate: name, error: "\(error)")
            }
        }
        guard let page else { return results }
        func picture(_ index: Int) throws -> Picture {
            try Picture(decoding: collection.bytes(at: catalogue.images[index].path))
        }
        let html = try LikenessPage(picture: { key in try picture(indices[key, default: 0]) }).html(
            of: results,
            candidates: candidates.map { candidate in
                guard case .success(let candidate) = candidate else { return nil }
                return try candidate.index.map(picture) ?? candidate.picture
            })
        do {
            try Data(html.utf8).write(to: URL(filePath: page), options: .atomic)
        } catch {
            throw CatalogError.notWritten(path: page, reason: reason(of: error))
        }
        return results
    }

    /// Finds the targets of every picture.
    public func neighbours(
        _ path: String, shares: [Double], output: String, top: Int, model: String, rotations: Bool
    ) throws -> NeighboursResult {
        try OutputPlace.require(for: output, reading: path)
        let (_, catalogue, decode) = try catalogue(path, shares: shares)
        let wanted = Self.models(named: model)
        let kmeans =
            try wanted.contains(.kmeans) ? self.kmeans(catalogue.vectors, usual(rotations)) : nil
        let (tables, seconds) = try neighbours(
            catalogue.vectors, kmeans: kmeans?.value.model, top: top, rotations: rotations)
        try NeighboursFile.write(
            output, keys: catalogue.images.map(\.key), top: top,
            tables.filter { wanted.contains($0.model) })
        return NeighboursResult(
            images: catalogue.images.count, n: top,
            seconds: .init(decode: decode, kmeans: kmeans?.seconds ?? 0, pairwise: seconds),
            errata: catalogue.errata)
    }

    /// The elbow curve 1…10 with 10 starts, as the contract has it.
    private func usual(_ rotations: Bool) -> KMeansSettings {
        KMeansSettings(k: 1...10, restarts: 10, seed: seed, rotations: rotations)
    }

    private static func models(named name: String) -> [LikenessModel] {
        name == "both"
            ? LikenessModel.allCases : LikenessModel.allCases.filter { $0.rawValue == name }
    }

    /// A candidate's vector, and which picture of the collection it is.
    private struct Candidate {
        let vector: ModelVectors
        let index: Int?
        /// Of a file.
        let picture: Picture?
    }

    private func candidate(_ name: String, _ catalogue: Catalogue, _ indices: [String: Int]) throws
        -> Candidate
    {
        let dotted = name.firstIndex(of: ".").map {
            name[..<$0] + "/" + name[name.index(after: $0)...]
        }
        if let index = indices[name] ?? dotted.flatMap({ indices[String($0)] }) {
            return Candidate(
                vector: catalogue.vectors.selecting([index]), index: index, picture: nil)
        }
        do {
            if let picture = try PictureFile.read(name) {
                return Candidate(
                    vector: ModelVectors(bytes: picture.modelVector), index: nil, picture: picture)
            }
        } catch CatalogError.missing {
            // Not a file: it was meant as a key, and the error below says so.
        }
        let near = catalogue.images.lazy.map(\.key).filter {
            $0.localizedCaseInsensitiveContains(name)
        }.prefix(3)
        throw AtlasError.unknownKey(key: name, nearest: Array(near))
    }

    private func similar(
        _ candidate: Candidate, called name: String, _ search: LikenessSearch,
        _ kmeans: KMeansModel?,
        _ wanted: [LikenessModel], top: Int, keys: [String]
    ) throws -> SimilarResult {
        let clusters = try kmeans?.assignments(of: candidate.vector, workers: workers)
        let panels = try search.panels(
            of: candidate.vector, clusters: clusters, excluding: { _ in candidate.index }, top: top,
            workers: workers)
        func found(_ matches: [Match]) -> [SimilarResult.Found] {
            matches.map {
                .init(
                    key: keys[$0.target], distance: $0.distance, score: $0.score,
                    rotation: $0.rotation)
            }
        }
        var result = SimilarResult(candidate: name)
        if let kmeans, let cluster = clusters?.first {
            result.kmeans = .init(
                cluster: Int(cluster), k: kmeans.k, matches: found(panels[0].kmeans))
        }
        if wanted.contains(.pairwise) {
            result.pairwise = .init(matches: found(panels[0].pairwise))
        }
        return result
    }
}

// MARK: Shared with the build

extension Run {
    func kmeans(_ vectors: ModelVectors, _ settings: KMeansSettings) throws -> (
        value: KMeansResult, seconds: Double
    ) {
        try narrator.stage(
            "cluster", remark: { counted($0.model.k, "cluster") },
            work: {
                try KMeansModel.fit(
                    vectors, settings, workers: workers, progress: narrator.progress)
            })
    }

    /// The model that a build has fitted or an earlier call, else one fitted now and kept.
    private func kmeans(
        _ vectors: ModelVectors, _ settings: KMeansSettings, _ workspace: Workspace?
    ) throws -> KMeansModel {
        guard let workspace else { return try kmeans(vectors, settings).value.model }
        let digest = settings.digest(of: Fingerprint(of: vectors.bytes))
        let built = try workspace.kept(
            "kmeans.h5", digest: digest, warn: narrator.warn, read: KMeansModel.load)
        if let built { return built }
        // Beside the build's, which may have been asked for another k.
        return try workspace.entry(
            settings.rotations ? "similar/kmeans-turned.h5" : "similar/kmeans.h5", digest: digest,
            warn: narrator.warn, read: KMeansModel.load,
            make: { try kmeans(vectors, settings).value.model },
            write: { model, path in try model.save(to: path) }
        ).value
    }

    func neighbours(_ vectors: ModelVectors, kmeans: KMeansModel?, top: Int, rotations: Bool) throws
        -> (value: [Neighbours], seconds: Double)
    {
        try narrator.stage("neighbours") {
            try LikenessSearch(vectors, kmeans: kmeans, rotations: rotations, workers: workers)
                .neighbours(top: top, workers: workers, progress: narrator.progress)
        }
    }
}
