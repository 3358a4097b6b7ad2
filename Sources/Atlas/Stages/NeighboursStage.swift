import AtlasModel
import Catalog
import Classification
import Fingerprint
import Parallel
import Similarity

/// Clusters, and the targets of every picture.
struct Likeness {
    let clustering: Clustering
    /// In the order of the table of models.
    let neighbours: [Neighbours]
    let times: [LikenessTime]
}

/// The targets of every picture by the likeness models of one view, and the time of the search.
struct FoundNeighbours {
    let tables: [Neighbours]
    /// Key and digest of the model vector of every picture.
    let pictures: [KeyedPicture]
    var run: RunRecord?
}

/// What makes a picture the same as that of an earlier build for likeness models.
struct KeyedPicture: Hashable {
    let key: String
    /// Digest of the model vector, and of the specimen if there is one.
    let vector: Fingerprint
}

/// What likeness models use besides the pictures themselves: clusters or a network.
struct LikenessBasis {
    let clusters: KMeansModel
    /// `nil` when no model needs one.
    let network: StoredNetwork?
    /// `nil` when no model compares them.
    let textures: TextureVectors?
}

extension BuildContext {
    /// Finds the targets of every picture, as the stages `cluster` and `neighbours`, with the
    /// default pair of likeness models and the models of the settings.
    /// - Parameters:
    ///   - network: the network whose features may be compared; `nil` without one.
    ///   - kmeansFile: a fitted K-Means model; `nil` to fit one.
    mutating func likeness(
        _ loaded: LoadedCollection, network: StoredNetwork?, kmeansFile: String?
    ) throws -> Likeness {
        let catalogue = loaded.catalogue
        let vectors = catalogue.vectors
        let fitted = try clusters(vectors, file: kmeansFile)
        let basis = LikenessBasis(
            clusters: fitted.model, network: network,
            textures: try textures(of: loaded, for: settings.models))
        var tables: [Neighbours] = []
        var times: [LikenessTime] = []
        for pass in likenessModels.passes(for: likenessModels.defaultPair + settings.models) {
            let found = try run(.neighbours(catalogue, by: pass, basis, self)) {
                $0.isReused ? "reused from an earlier build" : ""
            }
            tables += found.tables
            let features = pass.view.makesFeatures ? found.run?.preparation : nil
            times += pass.models.map { model in
                LikenessTime(
                    model: model, fit: model.scope == .cluster ? fitted.run?.seconds : features,
                    answers: found.run?.seconds)
            }
        }
        return Likeness(
            clustering: try clustering(of: vectors, by: fitted.model), neighbours: tables,
            times: times)
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
    /// Raised when, for every view, the same pictures get other targets.
    private static var revision: Int { 1 }

    /// Targets by the likeness models of one view.
    static func neighbours(
        _ catalogue: Catalogue, by pass: LikenessPass, _ basis: LikenessBasis,
        _ context: BuildContext
    ) throws -> Stage {
        let (narrator, workers, top) = (context.narrator, context.workers, context.settings.top)
        let vectors = catalogue.vectors
        let pictures = catalogue.keyedPictures
        var input = LikenessInput(
            vectors, rotations: context.settings.rotations, kmeans: basis.clusters,
            network: basis.network?.network, workers: workers)
        input.specimens = catalogue.specimens
        input.textures = basis.textures
        let prepared = input
        let key = key(
            of: pass, pictures: catalogue.likenessDigest, keys: pictures.map(\.key),
            basis: try basis.keyFields(for: pass), context.settings)
        return Stage(
            .neighbours,
            updating: CacheEntry(
                file: pass.view.entry, key: key,
                family: pass.view.isCollective ? nil : key.without(["pictures", "keys"]),
                read: { try FoundNeighbours($0, models: pass.models) },
                write: { try $0.write(to: $1, top: top) }),
            make: { earlier, progress in
                var input = prepared
                input.progress = progress
                let begin = narrator.now()
                if let earlier,
                    let tables = try pass.neighbours(
                        updating: earlier.neighbours(for: pictures), input, top: top,
                        workers: workers)
                {
                    return FoundNeighbours(tables: tables, pictures: pictures, run: earlier.run)
                }
                let search = try pass.search(input)
                let ready = narrator.now()
                let tables = try search.neighbours(top: top, workers: workers, progress: progress)
                let run = RunRecord(seconds: narrator.now() - ready, preparation: ready - begin)
                return FoundNeighbours(tables: tables, pictures: pictures, run: run)
            })
    }

    /// What the targets by the likeness models of one view depend on.
    /// - Parameters:
    ///   - pictures: digest of the model vectors and specimens.
    ///   - keys: keys of the pictures, which are written to the file.
    ///   - basis: digests of what is used besides the pictures.
    static func key(
        of pass: LikenessPass, pictures: Fingerprint, keys: [String], basis: [CacheKey.Field],
        _ settings: AtlasSettings
    ) -> CacheKey {
        CacheKey(
            .neighbours, revision: revision,
            [
                .init(name: "pictures", value: .digest(pictures)),
                .init(name: "keys", value: .texts(keys)),
                .init(name: "view", value: .text(pass.view.id)),
                .init(name: "view revision", value: .integer(pass.view.revision)),
                .init(name: "models", value: .texts(pass.models.map(\.id))),
                .init(name: "top", value: .integer(settings.top)),
                .init(name: "rotations", value: .flag(settings.rotations)),
            ] + basis)
    }
}

extension Catalogue {
    /// Which pictures show one specimen.
    var specimens: Specimens { Specimens(specimenNames) }

    /// For each picture the name of its specimen, empty without one.
    var specimenNames: [String] {
        images.indices.map { metadata.value(.specimen, of: $0) ?? "" }
    }

    /// What the targets of pictures depend on: model vectors and specimens.
    fileprivate var likenessDigest: Fingerprint {
        let vectors = Fingerprint(of: vectors.bytes)
        let names = specimenNames
        return names.allSatisfy(\.isEmpty) ? vectors : Fingerprint(ofParts: [vectors.hex] + names)
    }

    /// A picture whose specimen has changed counts as another one.
    fileprivate var keyedPictures: [KeyedPicture] {
        zip(zip(images, vectors.digests), specimenNames).map { picture, specimen in
            KeyedPicture(
                key: picture.0.key,
                vector: specimen.isEmpty
                    ? picture.1 : Fingerprint(ofParts: [picture.1.hex, specimen]))
        }
    }
}

extension KMeansModel {
    /// Digest of the centroids, which decide in which cluster a picture is.
    fileprivate var digest: Fingerprint { centroids.withUnsafeBytes { Fingerprint(of: $0) } }
}

extension FoundNeighbours {
    /// Reads the file that `write` wrote.
    fileprivate init(_ path: String, models: [LikenessModel]) throws {
        let (keys, digests) = try NeighboursFile.pictures(path)
        self.init(
            tables: try NeighboursFile.read(path, models: models),
            pictures: zip(keys, digests).map(KeyedPicture.init), run: .read(of: path))
    }

    fileprivate func write(to path: String, top: Int) throws {
        try NeighboursFile.write(
            path, keys: pictures.map(\.key), pictures: pictures.map(\.vector), top: top, tables)
        try run?.keep(beside: path)
    }

    /// These targets for a collection of today.
    fileprivate func neighbours(for pictures: [KeyedPicture]) -> EarlierNeighbours {
        let places = Dictionary(
            zip(self.pictures, self.pictures.indices), uniquingKeysWith: { first, _ in first })
        return EarlierNeighbours(tables: tables, places: pictures.map { places[$0] })
    }
}

extension LikenessBasis {
    /// Digests of what the models of a pass use besides the pictures: clusters, a network, or
    /// nothing.
    func keyFields(for pass: LikenessPass) throws -> [CacheKey.Field] {
        var fields: [CacheKey.Field] = []
        if pass.needsClusters {
            fields.append(.init(name: "centroids", value: .digest(clusters.digest)))
        }
        if pass.view.needsTexture, let textures {
            fields.append(
                .init(
                    name: "textures",
                    value: .digest(
                        textures.features.values.withUnsafeBytes { Fingerprint(of: $0) })))
        }
        if pass.view.needsNetwork, let network {
            fields.append(.init(name: "network", value: .digest(try network.digest())))
        }
        return fields
    }
}
