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
    /// The targets that panels show, in the same order; `nil` if they are the same, because the settings
    /// fold none.
    let folded: [Neighbours]?
    let times: [LikenessTime]
    /// `nil` if the view was not chosen.
    let choice: ViewChoice?
}

/// The targets of every picture by the likeness models of one view, and the time of the search.
struct FoundNeighbours {
    let tables: [Neighbours]
    /// Key and digest of the model vector of every picture.
    let pictures: [KeyedPicture]
    /// Digest of the group of every picture.
    let groups: [Fingerprint]
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
    /// Of pixels; `nil` when no model of pixels searches within clusters.
    let clusters: KMeansModel?
    /// `nil` when no model needs one.
    let network: StoredClassifier?
    /// `nil` when no model compares them.
    let textures: TextureVectors?
    /// Of the features that a view compares; `nil` when no model of it searches within clusters.
    var featureClusters: FeatureClusters?
}

extension BuildContext {
    /// Finds the targets of every picture, as the stages `cluster` and `neighbours`, with the
    /// default pair of likeness models and the models of the settings.
    /// - Parameters:
    ///   - network: the network whose features may be compared; `nil` without one.
    ///   - kmeansFile: a fitted K-Means model of pixels; `nil` to fit one.
    mutating func likeness(
        _ loaded: LoadedCollection, network: StoredClassifier?, kmeansFile: String?
    ) throws -> Likeness {
        let catalogue = loaded.catalogue
        let vectors = catalogue.vectors
        warnIfExact(vectors.count)
        let fitted = try clusters(vectors, file: kmeansFile)
        let choice = try chooseView(
            loaded, clusters: fitted.model, network: network, isPixels: kmeansFile != nil)
        let basis = LikenessBasis(
            clusters: fitted.model, network: network,
            textures: try textures(of: loaded, for: settings.models))
        var clusterings = [
            LikenessView.pixels.id: try clustering(of: vectors, by: fitted)
        ]
        var tables: [Neighbours] = []
        var panels: [Neighbours] = []
        var times: [LikenessTime] = []
        var searches: [(pass: LikenessPass, fit: Double?, stage: Stage<FoundNeighbours>)] = []
        for pass in likenessModels.passes(for: likenessModels.defaultPair + settings.models) {
            var basis = basis
            let features = features(of: pass, catalogue, basis)
            var fit = fitted.run?.seconds
            if pass.comparesFeatures, pass.needsClusters {
                let found = try clusters(catalogue, by: pass, features, basis)
                fit = found.run?.seconds
                basis.featureClusters = found.clusters.model
                clusterings[pass.view.id] = found.clusters.clustering(of: vectors, by: pass.view)
            }
            searches.append(
                (pass, fit, try .neighbours(catalogue, by: pass, features, basis, self)))
        }
        try makePart(of: searches.map(\.stage), progress: narrator.progress)
        for (pass, fit, stage) in searches {
            let found = try run(stage) { $0.isReused ? "reused from an earlier build" : "" }
            let folding = settings.folding(catalogue.groups, by: pass.view)
            tables += found.tables.map { folding.ranking($0, top: settings.top) }
            panels += found.tables.map { folding.panels($0, top: settings.top) }
            let preparation = pass.view.makesFeatures ? found.run?.preparation : nil
            times += pass.models.map { model in
                LikenessTime(
                    model: model, fit: model.scope == .cluster ? fit : preparation,
                    answers: found.run?.seconds)
            }
        }
        let shown = settings.models.first { $0.scope == .cluster }?.view.id
        guard let clustering = clusterings[shown ?? LikenessView.pixels.id] else {
            preconditionFailure("Every view that is searched within clusters has some.")
        }
        return Likeness(
            clustering: clustering, neighbours: tables,
            folded: settings.foldsGroups ? panels : nil, times: times, choice: choice)
    }

    private func clustering(of vectors: ModelVectors, by fitted: FittedClusters) throws
        -> Clustering
    {
        let model = fitted.model
        let assignments = try
            (fitted.assignments ?? model.assignments(of: vectors, workers: workers)).map(Int.init)
        var sizes = [Int](repeating: 0, count: model.k)
        for cluster in assignments { sizes[cluster] += 1 }
        return Clustering(
            k: model.k, assignments: assignments, sizes: sizes, inertia: model.elbow,
            suggested: model.suggested, means: model.means)
    }
}

extension Stage<FoundNeighbours> {
    /// Raised when, for every view, the same pictures get other targets.
    private static var revision: Int { 2 }

    /// Targets by the likeness models of one view.
    static func neighbours(
        _ catalogue: Catalogue, by pass: LikenessPass, _ features: FeaturesOnce,
        _ basis: LikenessBasis, _ context: BuildContext
    ) throws -> Stage {
        let (narrator, workers, top) = (context.narrator, context.workers, context.settings.top)
        let pictures = catalogue.keyedPictures
        var input = LikenessInput(catalogue, basis, context)
        input.folding = context.settings.folding(catalogue.groups, by: pass.view)
        let prepared = input
        let groups = catalogue.groupDigests(isFolded: context.settings.foldsGroups)
        let isApproximate = context.isApproximate(pictures.count)
        let approximation = CacheKey.Field(
            name: "approximate", value: .integer(OverlappingParts.revision))
        let key = key(
            of: pass, pictures: catalogue.likenessDigest, keys: pictures.map(\.key),
            groups: Fingerprint(ofParts: groups.map(\.hex)),
            basis: try basis.keyFields(for: pass) + (isApproximate ? [approximation] : []),
            context.settings)
        func compared(_ input: LikenessInput) throws -> LikenessInput {
            var input = input
            if pass.comparesFeatures { input.compared = try features.value(input.progress) }
            return input
        }
        return Stage(
            .neighbours,
            updating: CacheEntry(
                file: pass.view.entry, key: key,
                family: pass.view.isCollective || isApproximate
                    ? nil : key.without(["pictures", "keys", "groups"]),
                read: { try FoundNeighbours($0, models: pass.models) },
                write: { try $0.write(to: $1, top: top) }),
            join: { count, part in
                var joined = try part(0).tables
                for index in 1..<max(1, count) {
                    joined = zip(joined, try part(index).tables).map {
                        prepared.folding.joined($0, $1, top: top)
                    }
                }
                if isApproximate {
                    joined = try pass.measured(
                        joined, compared(prepared), top: top, workers: workers)
                }
                return FoundNeighbours(tables: joined, pictures: pictures, groups: groups)
            },
            make: { share, earlier, progress in
                var input = prepared
                input.progress = progress
                let begin = narrator.now()
                if let earlier,
                    let tables = try pass.neighbours(
                        updating: earlier.neighbours(for: pictures, groups), input, top: top,
                        workers: workers)
                {
                    return FoundNeighbours(
                        tables: tables, pictures: pictures, groups: groups, run: earlier.run)
                }
                input = try compared(input)
                let ready: Double
                var tables: [Neighbours]
                if isApproximate {
                    let parts = try OverlappingParts(input, workers: workers)
                    ready = narrator.now()
                    tables = try pass.neighbours(
                        within: parts, input, of: share, top: top, workers: workers,
                        progress: progress)
                    if share == .whole {
                        tables = try pass.measured(tables, input, top: top, workers: workers)
                    }
                } else {
                    let search = try pass.search(input)
                    ready = narrator.now()
                    tables = try search.neighbours(
                        of: share, top: top, workers: workers, progress: progress)
                }
                let run = RunRecord(
                    seconds: narrator.now() - ready,
                    preparation: pass.comparesFeatures ? features.seconds : ready - begin)
                return FoundNeighbours(
                    tables: tables, pictures: pictures, groups: groups, run: run)
            })
    }

    /// What the targets by the likeness models of one view depend on.
    /// - Parameters:
    ///   - pictures: digest of the model vectors and specimens.
    ///   - keys: keys of the pictures, which are written to the file.
    ///   - groups: digest of the groups whose pictures are folded.
    ///   - basis: digests of what is used besides the pictures.
    static func key(
        of pass: LikenessPass, pictures: Fingerprint, keys: [String], groups: Fingerprint,
        basis: [CacheKey.Field], _ settings: AtlasSettings
    ) -> CacheKey {
        CacheKey(
            .neighbours, revision: revision,
            [
                .init(name: "pictures", value: .digest(pictures)),
                .init(name: "keys", value: .texts(keys)),
                .init(name: "groups", value: .digest(groups)),
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

extension Catalogue {
    /// For each picture a digest of its group: its pictures, and why they belong together.
    /// - Parameter isFolded: whether pictures of a group are folded; if not, all digests are the same.
    fileprivate func groupDigests(isFolded: Bool) -> [Fingerprint] {
        let alone = Fingerprint(of: "")
        guard isFolded else { return images.map { _ in alone } }
        var parts: [Int: [String]] = [:]
        let pictures = keyedPictures
        for members in groups.members {
            parts[members[0]] = members.flatMap { [pictures[$0].key, pictures[$0].vector.hex] }
        }
        for pair in groups.pairs where groups.first[pair.a] == groups.first[pair.b] {
            parts[groups.first[pair.a], default: []] += [
                images[pair.a].key, images[pair.b].key, pair.kind.rawValue,
            ]
        }
        let digests = parts.mapValues { Fingerprint(ofParts: $0) }
        return groups.first.map { digests[$0] ?? alone }
    }
}

extension AtlasSettings {
    /// Which targets are folded in the panels of the likeness models of a view.
    func folding(_ groups: PictureGroups, by view: LikenessView) -> Folding {
        foldsGroups ? Folding(groups, kinds: view.folded) : .none
    }
}

extension LikenessInput {
    /// The input of the searches of a build. Nothing is folded yet.
    init(_ catalogue: Catalogue, _ basis: LikenessBasis, _ context: BuildContext) {
        self.init(
            catalogue.vectors, rotations: context.settings.rotations, kmeans: basis.clusters,
            network: basis.network?.network, workers: context.workers)
        clusters = basis.featureClusters
        specimens = catalogue.specimens
        textures = basis.textures
    }
}

extension FoundNeighbours {
    /// Reads the file that `write` wrote.
    fileprivate init(_ path: String, models: [LikenessModel]) throws {
        let (keys, digests, groups) = try NeighboursFile.pictures(path)
        self.init(
            tables: try NeighboursFile.read(path, models: models),
            pictures: zip(keys, digests).map(KeyedPicture.init), groups: groups,
            run: .read(of: path))
    }

    fileprivate func write(to path: String, top: Int) throws {
        try NeighboursFile.write(
            path, keys: pictures.map(\.key), pictures: pictures.map(\.vector), groups: groups,
            top: top, tables)
        try run?.keep(beside: path)
    }

    /// These targets for a collection of today.
    fileprivate func neighbours(for pictures: [KeyedPicture], _ groups: [Fingerprint])
        -> EarlierNeighbours
    {
        let known = Dictionary(
            zip(self.pictures, self.pictures.indices), uniquingKeysWith: { first, _ in first })
        let places = pictures.map { known[$0] }
        let regrouped = places.enumerated().filter { index, place in
            place.map { self.groups[$0] != groups[index] } ?? false
        }
        return EarlierNeighbours(
            tables: tables, places: places, regrouped: Set(regrouped.map(\.offset)))
    }
}

extension LikenessBasis {
    /// Digests of what the models of a pass use besides the pictures: clusters, a network, or
    /// nothing.
    func keyFields(for pass: LikenessPass) throws -> [CacheKey.Field] {
        var fields: [CacheKey.Field] = []
        if pass.needsClusters {
            let centroids =
                pass.comparesFeatures
                ? featureClusters?.centroids.values : clusters?.centroids
            let digest = (centroids ?? []).withUnsafeBytes { Fingerprint(of: $0) }
            fields.append(.init(name: "centroids", value: .digest(digest)))
        }
        return fields + (try featureFields(for: pass.view))
    }

    /// Digests of what the features of a view are made from besides the pictures.
    func featureFields(for view: LikenessView) throws -> [CacheKey.Field] {
        var fields: [CacheKey.Field] = []
        if view.needsTexture, let textures {
            fields.append(
                .init(
                    name: "textures",
                    value: .digest(
                        textures.features.values.withUnsafeBytes { Fingerprint(of: $0) })))
        }
        if view.needsNetwork, let network {
            fields.append(.init(name: "network", value: .digest(try network.digest())))
        }
        return fields
    }
}
