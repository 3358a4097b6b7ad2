import ArgumentParser
import Atlas
import AtlasModel
import Messages

/// `1...10` or a single number.
struct ClusterRange: ExpressibleByArgument {
    let range: ClosedRange<Int>

    init?(argument: String) {
        let ends = argument.split(separator: "...", omittingEmptySubsequences: false).map {
            Int($0)
        }
        guard let low = ends.first ?? nil, let high = ends.last ?? nil, ends.count <= 2, low >= 1,
            low <= high, high <= 1000
        else { return nil }
        range = low...high
    }

    static let usual = ClusterRange(argument: "1...10")!

    var defaultValueDescription: String { "1...10" }
}

struct LikenessOptions: ParsableArguments {
    @Option(
        name: .customShort("n"),
        help: ArgumentHelp(
            "Targets of a candidate (default: 9; 12 with \"neighbours\").", valueName: "n"))
    var top: Int?

    @Option(
        help: ArgumentHelp(
            "\(LikenessQuery.help)", discussion: LikenessQuery.discussion))
    var model = "both"

    @Option(
        help: ArgumentHelp(
            "Network for the embedding (default: that of the last build).", valueName: "m.h5"))
    var classifier: String?

    @Option(
        help: ArgumentHelp(
            "Workspace of the last build, for its network (default: .geoatlas).",
            discussion:
                "With it \"similar\" answers at once: it takes from there what has not changed, "
                + "and keeps the rest there for the next time.",
            valueName: "folder"))
    var workspace: String?

    @Flag(help: "Targets may be turned by 90, 180 or 270 degrees to match.")
    var rotations = false

    func validate() throws {
        try require(model, oneOf: LikenessQuery.words, option: "--model")
        if let top, !(1...1000).contains(top) {
            throw ValidationError("-n is \(top), but has to be 1 to 1000.")
        }
    }

    /// - Parameter usual: targets when none are asked for.
    func query(usual: Int) -> LikenessQuery {
        LikenessQuery(
            models, top: top ?? usual, rotations: rotations, classifier: classifier,
            workspace: workspace)
    }

    /// The models that `--model` names.
    var models: [LikenessModel] { LikenessQuery.models(named: model) }
}

struct Cluster: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fit K-Means for several k and suggest one by the elbow curve.",
        discussion: "Example:\n  geoatlas cluster rocks.zip --k 1...10 --output rocks-kmeans.h5")

    @OptionGroup var source: CollectionOptions

    @Option(
        help: ArgumentHelp("Numbers of clusters to try: 1...10, or one number.", valueName: "k"))
    var k = ClusterRange.usual

    @Option(help: ArgumentHelp("Starts for each k, of which the best is kept.", valueName: "n"))
    var restarts = 10

    @Flag(help: "Fit on all four turns of every picture.")
    var rotations = false

    @Option(
        name: [.short, .long], help: ArgumentHelp("File for the fitted model.", valueName: "k.h5"))
    var output: String?

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        guard (1...1000).contains(restarts) else {
            throw ValidationError("--restarts is \(restarts), but has to be 1 to 1000.")
        }
    }

    func run() throws {
        let result = try Run(work, console).cluster(
            source.value, k: k.range, restarts: restarts,
            rotations: rotations, output: output)
        try console.print(result, as: sentence)
    }

    /// The number of clusters, and how it was chosen.
    private func sentence(_ result: ClusterResult) -> String {
        let clusters = counted(result.suggested, "cluster")
        let why =
            if result.inertia.count > 1 {
                " suggested by the elbow curve"
            } else if k.range.contains(result.suggested) && k.range.count == 1 {
                ", as asked for"
            } else {
                ": there are no more different pictures"
            }
        return "\(counted(result.images, "picture")), \(clusters)\(why)"
    }
}

struct Similar: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the pictures of a collection most like a candidate.",
        discussion: """
            Example:
              geoatlas similar rocks.zip andesite/012L6 outcrop.jpg -n 9 --rotations

            Clusters are numbered from 0, the largest, here as in files; pages count from 1.
            """)

    @OptionGroup var source: FirstCollectionOptions

    @Argument(help: "Keys of the collection, or picture files from anywhere.")
    var candidates: [String]

    @Option(help: ArgumentHelp("Also write one page with all the pictures.", valueName: "page"))
    var html: String?

    @OptionGroup var likeness: LikenessOptions
    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let results = try Run(work, console).similar(
            source.value, candidates: candidates, likeness.query(usual: 9), page: html)
        try console.print(results, as: similarTable)
        if results.contains(where: { $0.error != nil }) { throw ExitCode(1) }
    }

    private func similarTable(_ results: [SimilarResult]) -> String {
        results.flatMap { result -> [String] in
            if let error = result.error { return ["\(result.candidate): \(error)"] }
            return [result.candidate]
                + result.panels(likeness.models).flatMap { model, targets in
                    ["  \(title(of: model, targets))"]
                        + targets.matches.map { match in
                            "    \(percent(match.score / 100))  \(match.key)"
                                + (match.rotation == 0 ? "" : ", turned \(match.rotation)°")
                                + (match.kind.map { ", \(words(for: $0))" } ?? "")
                        }
                }
        }.joined(separator: "\n")
    }

    private func words(for kind: PairKind) -> String {
        switch kind {
        case .identical: "the same picture"
        case .copy: "a copy"
        case .ground: "the same ground"
        case .specimen: "the same specimen"
        }
    }

    private func title(of model: LikenessModel, _ targets: SimilarResult.Targets) -> String {
        guard let cluster = targets.cluster, let k = targets.k else { return model.title }
        return "\(model.title), cluster \(cluster) of \(k)"
    }
}

struct Neighbours: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the most similar pictures of every picture.",
        discussion: """
            Example:
              geoatlas neighbours rocks.zip --output neighbours.h5 -n 12 --model all

            Also tells how many of the first nine targets of test pictures share their type.
            """)

    @OptionGroup var source: CollectionOptions
    @OptionGroup var split: SplitOptions

    @Option(name: [.short, .long], help: ArgumentHelp("HDF5 file to write.", valueName: "n.h5"))
    var output: String

    @OptionGroup var likeness: LikenessOptions
    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let result = try Run(work, console).neighbours(
            source.value.split(by: split), output: output,
            likeness.query(usual: 12))
        try console.print(result, as: sentence)
    }

    private func sentence(_ result: NeighboursResult) -> String {
        let others = result.images - 1
        // A cluster may have fewer members than the number of targets requested.
        let isClustered = likeness.models.allSatisfy { $0.scope == .cluster }
        let atMost = result.n > others || isClustered ? "at most " : ""
        let targets =
            atMost + counted(min(result.n, others), "target")
            + " for each of \(counted(result.images, "picture"))"
        guard let sameType = result.sameType else { return targets }
        let shares = likeness.models.compactMap { model in
            sameType.models[model.id].map { "\(percent($0.all.share)) by \(model.title)" }
        }
        return targets + "\nOf the first \(counted(sameType.n, "target")) of "
            + "\(counted(sameType.queries, "test picture")) share the type: "
            + shares.joined(separator: ", ")
    }
}
