import AtlasModel
import Catalog
import Files
import Fingerprint
import Foundation
import Messages
import Raster
import Similarity
import Site

extension Run {
    /// Fits K-Means and suggests k.
    package func cluster(
        _ source: CollectionSource, k: ClosedRange<Int>, restarts: Int, rotations: Bool,
        output: String?
    ) throws -> ClusterResult {
        if let output { try OutputPlace.require(for: output, reading: source.paths) }
        let catalogue = try load(source).catalogue
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
    /// - Parameter page: where to write a page with the pictures, if one is wanted.
    package func similar(
        _ source: CollectionSource, candidates names: [String], _ query: LikenessQuery,
        page: String? = nil
    ) throws -> [SimilarResult] {
        if let page { try OutputPlace.require(for: page, reading: source.paths) }
        let template = try page.map { _ in try LikenessPage(Defaults.here.theme()) }
        let network = try query.network()
        let workspace = try query.workspace.map {
            try Workspace.forQuery($0, warn: narrator.warn)
        }
        var (context, opened) = try self.context(for: source, workspace: workspace)
        let loaded = try context.load(CollectionRequest(source), from: opened)
        let (collection, catalogue) = (loaded.collection, loaded.catalogue)
        let fitted = try searches(loaded, query, network: network, &context)
        let indices = Dictionary(
            uniqueKeysWithValues: catalogue.images.enumerated().map { ($1.key, $0) })
        let candidates = names.map { name in
            Result { try candidate(name, catalogue, indices) }
        }
        let results = try zip(names, candidates).map { name, candidate in
            switch candidate {
            case .success(let candidate):
                try similar(
                    candidate, called: name, fitted, query, in: loaded, memory: context.memory)
            case .failure(let error): SimilarResult(candidate: name, error: "\(error)")
            }
        }
        guard let page, let template else { return results }
        func picture(_ index: Int) throws -> Picture {
            try Picture.decode(
                collection.bytes(at: catalogue.images[index].path), LikenessPage.Image.request
            ).picture
        }
        let html = try SimilarPage(
            page: template, models: query.models,
            picture: { key in try picture(indices[key, default: 0]) }
        ).bytes(
            results,
            candidates: candidates.map { candidate in
                guard case .success(let candidate) = candidate else { return nil }
                return try candidate.index.map(picture) ?? candidate.file?.shown()
            })
        do {
            try Data(html).write(to: URL(filePath: page), options: .atomic)
        } catch {
            throw CatalogError.notWritten(path: page, reason: systemReason(of: error))
        }
        return results
    }

    /// Number of targets whose types are compared, the same as in a panel of a trial.
    private static let typedTargets = 9

    /// Finds the targets of every picture.
    package func neighbours(
        _ source: CollectionSource, output: String, _ query: LikenessQuery
    ) throws -> NeighboursResult {
        try OutputPlace.require(for: output, reading: source.paths)
        let network = try query.network()
        var (context, opened) = try self.context(for: source)
        let loaded = try context.grouped(context.load(CollectionRequest(source), from: opened))
        let catalogue = loaded.catalogue
        let fitted = try searches(loaded, query, network: network, &context)
        tellEvenPictures(of: catalogue, query.models)
        var tables: [Neighbours] = []
        // The times of the default pair are always given, so that scripts find them.
        var seconds = Dictionary(
            uniqueKeysWithValues: likenessModels.defaultPair.map { ($0.id, 0.0) })
        for prepared in fitted.passes {
            for model in prepared.pass.models where model.scope == .cluster {
                seconds[model.id] =
                    prepared.pass.comparesFeatures ? prepared.fitting : fitted.fitting
            }
            let (found, time) = try narrator.stage("neighbours") {
                try prepared.search.neighbours(
                    top: query.top, workers: workers, progress: narrator.progress)
            }
            tables += found
            let timed = timedModel(of: prepared.pass)
            seconds[timed.id, default: 0] += prepared.preparation + time
        }
        let relations = PictureRelations(catalogue.groups)
        try NeighboursFile.write(
            output, keys: catalogue.images.map(\.key), top: query.top, tables,
            kind: relations.kind)
        return NeighboursResult(
            images: catalogue.images.count, n: query.top,
            seconds: .init(
                decode: context.seconds[.catalogue, default: 0], models: seconds),
            sameType: catalogue.sameType(
                tables, n: min(Self.typedTargets, query.top), network: network?.network),
            errata: catalogue.errata)
    }

    /// Notes the pictures that have no correlation with any other. Their targets are listed, because the
    /// file has a row for each picture, but mean nothing.
    private func tellEvenPictures(of catalogue: Catalogue, _ models: [LikenessModel]) {
        guard models.contains(where: { $0.view.measure == .correlation }) else { return }
        let even = catalogue.images.indices.filter(catalogue.vectors.isConstant)
        guard let first = even.first else { return }
        narrator.warn(
            "\(counted(even.count, "picture")) of one even grey, black or white (first "
                + "\(catalogue.images[first].key)): nothing can be compared with them by correlation, "
                + "so their targets mean nothing, except equal pictures.")
    }

    /// The model whose name the time of a pass is reported under: the one that searches the whole
    /// collection.
    private func timedModel(of pass: LikenessPass) -> LikenessModel {
        likenessModels.models.first { $0.view == pass.view && $0.scope == .collection }
            ?? pass.models[0]
    }

    /// The vector of a candidate, and its index if it is a picture of the collection.
    private struct Candidate {
        let vector: ModelVectors
        let index: Int?
        /// `nil` for a candidate that was given by its key.
        let file: PictureFile?

        /// The candidate as one of the pictures that are grouped.
        func compared(in loaded: LoadedCollection, memory: DecodingMemory) throws
            -> ComparedPicture?
        {
            if let index { return loaded.compared(index, memory: memory) }
            return try file?.compared(memory: memory)
        }

        /// Its row of the collection's textures, or the texture of its file; `nil` when none are
        /// compared.
        func texture(_ collection: TextureVectors?) throws -> TextureVectors? {
            if let index { return collection?.selecting([index]) }
            return try collection.flatMap { _ in try file?.texture() }
        }
    }

    private func candidate(_ name: String, _ catalogue: Catalogue, _ indices: [String: Int]) throws
        -> Candidate
    {
        let dotted = name.firstIndex(of: ".").map {
            name[..<$0] + "/" + name[name.index(after: $0)...]
        }
        if let index = indices[name] ?? dotted.flatMap({ indices[String($0)] }) {
            return Candidate(
                vector: catalogue.vectors.selecting([index]), index: index, file: nil)
        }
        do {
            if let file = try PictureFile.read(name, warn: narrator.warn) {
                return Candidate(vector: file.vector, index: nil, file: file)
            }
        } catch CatalogError.missing {
            // There is no such file, so it was meant as a key. The error below says so.
        }
        let near = catalogue.images.lazy.map(\.key).filter {
            $0.localizedCaseInsensitiveContains(name)
        }.prefix(3)
        throw AtlasError.unknownKey(key: name, nearest: Array(near))
    }

    private func similar(
        _ candidate: Candidate, called name: String, _ fitted: LikenessSearches,
        _ query: LikenessQuery, in loaded: LoadedCollection, memory: DecodingMemory
    ) throws -> SimilarResult {
        let catalogue = loaded.catalogue
        var result = SimilarResult(candidate: name)
        result.isEven = candidate.vector.isConstant(0)
        if result.isEven, query.models.contains(where: { $0.view.measure == .correlation }) {
            narrator.warn(
                "\(name) is one even grey, black or white, so nothing can be compared with it by "
                    + "correlation. Only equal pictures are like it.")
        }
        let cluster = try fitted.kmeans?.assignments(of: candidate.vector, workers: workers)[0]
        let asked = LikenessCandidates(
            candidate.vector, textures: try candidate.texture(fitted.textures))
        var places: [String: (cluster: Int, k: Int)] = [:]
        let tables = try fitted.passes.flatMap { prepared in
            if let clusters = prepared.clusters, let features = prepared.features {
                let own = clusters.assignments(of: try features.describe(asked))[0]
                places[prepared.pass.view.id] = (Int(own), clusters.k)
            } else if let cluster, let k = fitted.kmeans?.k {
                places[prepared.pass.view.id] = (Int(cluster), k)
            }
            return try prepared.search.targets(
                of: asked, excluding: { _ in candidate.index }, top: query.top, workers: workers)
        }
        let targets = Set(tables.flatMap { $0.matches[0].map(\.target) }).sorted()
        let kinds = try candidate.compared(in: loaded, memory: memory).map {
            try loaded.kinds(of: targets, with: $0, memory: memory, workers: workers)
        }
        for table in tables {
            let place = table.model.scope == .cluster ? places[table.model.view.id] : nil
            result.targets[table.model.id] = SimilarResult.Targets(
                cluster: place?.cluster, k: place?.k,
                matches: table.matches[0].map {
                    SimilarResult.Found(
                        key: catalogue.images[$0.target].key, distance: $0.distance,
                        score: $0.score, rotation: $0.rotation, kind: kinds?[$0.target])
                })
        }
        return result
    }
}
