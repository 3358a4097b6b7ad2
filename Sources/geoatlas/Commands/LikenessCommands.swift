import ArgumentParser
import Atlas
import AtlasModel

/// `1...10` or a single number.
struct ClusterRange: ExpressibleByArgument {
    let range: ClosedRange<Int>

    init?(argument: String) {
        let ends = argument.replacing("...", with: "-").split(separator: "-").map { Int($0) }
        guard let low = ends.first ?? nil, let high = ends.last ?? nil, ends.count <= 2, low >= 1,
            low <= high, high <= 1000
        else { return nil }
        range = low...high
    }

    static let usual = ClusterRange(argument: "1...10")!

    var defaultValueDescription: String { "1...10" }
}

struct LikenessOptions: ParsableArguments {
    @Option(name: .customShort("n"), help: ArgumentHelp("Targets of a candidate.", valueName: "n"))
    var top: Int?

    @Option(help: "kmeans, pairwise or both.")
    var model = "both"

    @Flag(help: "Targets may be turned by 90, 180 or 270 degrees to match.")
    var rotations = false

    func validate() throws {
        try require(model, oneOf: ["both"] + Run.likenessModels, option: "--model")
        if let top, !(1...1000).contains(top) {
            throw ValidationError("-n is \(top), but has to be 1 to 1000.")
        }
    }
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
            source.collection, shares: source.shares.parts, k: k.range, restarts: restarts,
            rotations: rotations, output: output)
        try console.print(result, as: sentence)
    }

    /// How many clusters there are, and why.
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

    @OptionGroup var source: CollectionOptions

    @Argument(help: "Keys of the collection, or picture files from anywhere.")
    var candidates: [String]

    @Option(help: ArgumentHelp("Also write one page with all the pictures.", valueName: "page"))
    var html: String?

    @Option(
        help: ArgumentHelp(
            "Folder of an earlier build or call that makes this one quick, and keeps what is new.",
            valueName: "folder"))
    var workspace: String?

    @OptionGroup var likeness: LikenessOptions
    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let results = try Run(work, console).similar(
            source.collection, candidates: candidates, top: likeness.top ?? 9,
            model: likeness.model, rotations: likeness.rotations, page: html,
            workspace: workspace)
        try console.print(results, as: similarTable)
        if results.contains(where: { $0.error != nil }) { throw ExitCode(1) }
    }

    private func similarTable(_ results: [SimilarResult]) -> String {
        results.flatMap { result -> [String] in
            if let error = result.error { return ["\(result.candidate): \(error)"] }
            let panels = [
                result.kmeans.map { ("K-Means, cluster \($0.cluster) of \($0.k)", $0.matches) },
                result.pairwise.map { ("Pairwise", $0.matches) },
            ]
            return [result.candidate]
                + panels.compactMap { $0 }.flatMap { title, matches in
                    ["  \(title)"]
                        + matches.map { match in
                            "    \(percent(match.score / 100))  \(match.key)"
                                + (match.rotation == 0 ? "" : ", turned \(match.rotation)°")
                        }
                }
        }.joined(separator: "\n")
    }
}

struct Neighbours: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the most similar pictures of every picture.",
        discussion: "Example:\n  geoatlas neighbours rocks.zip --output neighbours.h5 -n 12")

    @OptionGroup var source: CollectionOptions

    @Option(name: [.short, .long], help: ArgumentHelp("HDF5 file to write.", valueName: "n.h5"))
    var output: String

    @OptionGroup var likeness: LikenessOptions
    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let result = try Run(work, console).neighbours(
            source.collection, shares: source.shares.parts, output: output,
            top: likeness.top ?? 12, model: likeness.model, rotations: likeness.rotations)
        try console.print(result, as: sentence)
    }

    private func sentence(_ result: NeighboursResult) -> String {
        let others = result.images - 1
        // A cluster may have fewer members than targets were asked for.
        let atMost = result.n > others || likeness.model == "kmeans" ? "at most " : ""
        return atMost + counted(min(result.n, others), "target")
            + " for each of \(counted(result.images, "picture"))"
    }
}
