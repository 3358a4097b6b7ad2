public import AtlasModel
import Catalog
import Classification
import Fingerprint
import Messages
import Similarity
import Statistics

/// What `similar` and `neighbours` are asked for.
public struct LikenessQuery: Sendable {
    public let models: [LikenessModel]
    /// Most targets of a candidate.
    public let top: Int
    /// Whether targets may be turned.
    public let rotations: Bool
    /// Path of the network whose features the embedding compares; `nil` for that of the last build.
    public let classifier: String?
    /// Workspace of an earlier build or call, if one was named: it has the network of the build, and
    /// `similar` takes from it what has not changed and keeps the rest there.
    public let workspace: String?

    /// Where the network of the last build is looked for when no workspace was named.
    private static let usualWorkspace = ".geoatlas"

    /// What may stand for models: their names, the two of the contract, all of them.
    public static let words = LikenessModel.allCases.map(\.rawValue) + ["both", "all"]

    /// - Parameter word: one of `words`.
    public init(_ word: String, top: Int, rotations: Bool, classifier: String?, workspace: String?)
    {
        models =
            switch word {
            case "both": LikenessModel.usualPanels
            case "all": LikenessModel.allCases
            default: LikenessModel.allCases.filter { $0.rawValue == word }
            }
        self.top = top
        self.rotations = rotations
        self.classifier = classifier
        self.workspace = workspace
    }

    /// The network for the embedding; `nil` when it is not asked for.
    /// - Throws: `AtlasError.noNetwork`, or what is wrong with the file.
    func network() throws -> Network? {
        guard models.contains(.embedding) else { return nil }
        return try Network.load(
            try classifier ?? Workspace.network(in: workspace ?? Self.usualWorkspace))
    }
}

/// The searches that answer a query, and what they were fitted to.
struct LikenessSearches {
    let searches: [any TargetSearch]
    let kmeans: KMeansModel?
    /// Seconds of fitting K-Means.
    let fitting: Double
}

extension Run {
    /// Fits what a query needs to a collection; the elbow curve 1…10 with 10 starts for K-Means, as
    /// the contract has it.
    /// - Parameter context: whose workspace may have a fit, and else gets it.
    func searches(
        _ vectors: ModelVectors, _ query: LikenessQuery, network: Network?,
        _ context: BuildContext
    ) throws -> LikenessSearches {
        let rotations = query.rotations
        let settings = KMeansSettings(k: 1...10, restarts: 10, seed: seed, rotations: rotations)
        let begin = narrator.now()
        let model =
            try query.models.contains(.kmeans) ? kmeans(vectors, settings, context) : nil
        let fitting = model == nil ? 0 : narrator.now() - begin
        var searches: [any TargetSearch] = []
        if !Set(query.models).isDisjoint(with: [.kmeans, .pairwise]) {
            searches.append(
                try CorrelationSearch(
                    vectors, kmeans: model, rotations: rotations, workers: workers))
        }
        if let network {
            let (search, _) = try narrator.stage("features") {
                try EmbeddingSearch(
                    vectors, rotations: rotations, network: network, workers,
                    progress: narrator.progress)
            }
            searches.append(search)
        }
        return LikenessSearches(
            searches: searches, kmeans: model, fitting: fitting)
    }

    /// The model that a build or an earlier query fitted, else one that is fitted now and cached.
    private func kmeans(
        _ vectors: ModelVectors, _ settings: KMeansSettings, _ context: BuildContext
    ) throws -> KMeansModel {
        guard let workspace = context.workspace else {
            return try kmeans(vectors, settings).value.model
        }
        let stage = Stage.cluster(vectors, settings, context)
        guard let built = stage.entry else { return try kmeans(vectors, settings).value.model }
        if let found = try workspace.reusedValue(of: built, warn: narrator.warn) {
            return found.model
        }
        // Beside the build's file, which may be for another k.
        let own = built.moved(
            to: settings.rotations ? "similar/kmeans-turned.h5" : "similar/kmeans.h5")
        return try workspace.value(of: own, warn: narrator.warn) {
            FittedClusters(model: try kmeans(vectors, settings).value.model)
        }.value.model
    }

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
}

extension Catalogue {
    /// How many of the first targets share the type of a test picture.
    /// - Parameter network: whose training pictures are not asked about; `nil` for none.
    func sameType(_ tables: [Neighbours], n: Int, network: Network?) -> SameTypeResult? {
        let queries = network.map(unseenTest) ?? labelled(in: .test)
        guard !queries.isEmpty else { return nil }
        let labels = images.map(\.label)
        func rate(_ table: Neighbours, _ asked: [Int]) -> SameTypeResult.Rate {
            .init(table.sameType(labels: labels, queries: asked, n: n))
        }
        let types = Dictionary(grouping: queries) { images[$0].key.prefix { $0 != "/" } }
        return SameTypeResult(
            n: n, queries: queries.count,
            models: Dictionary(
                uniqueKeysWithValues: tables.map { table in
                    let byType = types.map { (String($0), rate(table, $1)) }
                    return (
                        table.model.rawValue,
                        .init(
                            all: rate(table, queries),
                            byType: Dictionary(uniqueKeysWithValues: byType))
                    )
                }))
    }
}
