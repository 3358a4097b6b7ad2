import ArgumentParser
import Atlas

struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the atlas of a collection.",
        discussion: """
            Example:
              geoatlas build rocks.zip --output public

            Without COLLECTION the one that content/atlas.yml names is built.
            """)

    @Argument(help: "A zip archive or a folder of pictures, one folder a rock type.")
    var collection: String?

    @Option(help: ArgumentHelp("Folder with atlas.yml and the texts.", valueName: "folder"))
    var content: String?

    @Option(help: ArgumentHelp("Folder with the pages' templates.", valueName: "folder"))
    var templates: String?

    @Option(name: [.short, .long], help: ArgumentHelp("Folder for the atlas.", valueName: "folder"))
    var output = "public"

    @Option(help: ArgumentHelp("Cache of earlier builds; may be deleted.", valueName: "folder"))
    var workspace = ".geoatlas"

    @Option(help: ArgumentHelp("Folder of the running review: plan, key, votes.", valueName: "folder"))
    var review = "review"

    @Option(
        help: ArgumentHelp(
            "Network to train (\(Run.architectures.joined(separator: ", "))) or a model file.",
            valueName: "name|m.h5"))
    var classifier: String?

    @Option(help: ArgumentHelp("Times each training picture is shown.", valueName: "n"))
    var epochs: Int?

    @Option(help: ArgumentHelp("A fitted K-Means model.", valueName: "k.h5"))
    var kmeans: String?

    @Option(help: ArgumentHelp("Number of clusters (default: by the elbow curve).", valueName: "k"))
    var k: Int?

    @Option(
        help: ArgumentHelp(
            "Networks trained so that each training picture is predicted by one that has not seen it; 0 for none.",
            valueName: "n"))
    var folds: Int?

    @Option(help: ArgumentHelp("Targets of each picture.", valueName: "n"))
    var top: Int?

    @Flag(help: "Targets may be turned by 90, 180 or 270 degrees to match.")
    var rotations = false

    @Option(help: ArgumentHelp("Shares of training, dev and test set.", valueName: "t,d,t"))
    var shares = Shares.usual

    @Flag(help: "Leave durations out of the pages.")
    var noTimes = false

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        if let folds, folds != 0, !(2...20).contains(folds) {
            throw ValidationError("--folds is \(folds), but has to be 0, or 2 to 20.")
        }
        if let top, !(1...100).contains(top) {
            throw ValidationError("--top is \(top), but has to be 1 to 100.")
        }
        if let epochs, epochs < 1 { throw ValidationError("--epochs is \(epochs), but has to be at least 1.") }
        if let k, k < 1 { throw ValidationError("--k is \(k), but has to be at least 1.") }
    }

    func run() throws {
        let result = try Run(work, console).build(
            BuildOptions(
                collection: collection, content: content, templates: templates, output: output,
                workspace: workspace, review: review, classifier: classifier, epochs: epochs,
                kmeans: kmeans, k: k, folds: folds, top: top, rotations: rotations ? true : nil,
                shares: shares.parts, times: !noTimes))
        try console.print(result) {
            let errata = $0.errata.isEmpty ? "" : ", \($0.errata.count) errata"
            let accuracy = $0.accuracy.map { "; \(percent($0)) of the test pictures predicted as labelled" }
            return "\($0.images) pictures on \($0.pages) pages\(errata)\(accuracy ?? "").\n\($0.path)"
        }
    }
}

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for broken links, missing and foreign files in an atlas.",
        discussion: "Example:\n  geoatlas check public")

    @Argument(help: "Folder of the atlas.")
    var folder: String

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let result = try Run(work, console).check(folder)
        try console.print(result) { result in
            (result.problems.map { "\($0.path): \($0.reason)" }
                + ["\(result.files) files, \(result.problems.count) problems"])
                .joined(separator: "\n")
        }
        if !result.problems.isEmpty { throw ExitCode(1) }
    }
}

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show an atlas in a browser on this machine only.",
        discussion: "Example:\n  geoatlas serve public --port 8080")

    @Argument(help: "Folder of the atlas.")
    var folder = "public"

    @Option(help: ArgumentHelp("Port on 127.0.0.1.", valueName: "n"))
    var port: UInt16 = 8080

    @OptionGroup var console: OutputOptions

    func run() throws {
        try Run(narrator: narrator(quiet: console.quiet)).serve(folder, port: port) { address in
            say("Preview of \(folder) at \(address)  (Ctrl-C ends it)")
        }
    }
}

struct Publish: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring an atlas to a share, mapped drive or web server's folder with rsync.",
        discussion: "Example:\n  geoatlas publish public /mnt/share/rock-atlas")

    @Argument(help: "Folder of the atlas.")
    var folder: String

    @Argument(help: "Folder, or an address rsync knows, e.g. host:/srv/atlas.")
    var destination: String

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let result = try Run(work, console).publish(folder, to: destination)
        try console.print(result) {
            "\($0.sent) files sent, \($0.kept) kept, \($0.removed) removed, \($0.bytes) bytes"
        }
    }
}

struct Votes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Gather reviewers' votes and count them.", subcommands: [Merge.self, Tally.self])

    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add votes to a folder; none is lost or counted twice.",
            discussion: "Example:\n  geoatlas votes merge /mnt/share/rock-atlas/votes --into review/votes")

        @Argument(help: "Vote files, or folders of them.")
        var files: [String]

        @Option(help: ArgumentHelp("Folder the votes are kept in.", valueName: "folder"))
        var into: String

        @OptionGroup var console: OutputOptions

        func run() throws {
            let result = try Run(narrator: narrator(quiet: console.quiet)).mergeVotes(
                files, into: into)
            try console.print(result) { result in
                (result.rejected.map { "\($0.path), line \($0.line): \($0.reason)" }
                    + [
                        "\(result.votes) votes, \(result.added) of them new; "
                            + "\(result.duplicates) known already, \(result.rejected.count) rejected"
                    ]).joined(separator: "\n")
            }
            if !result.rejected.isEmpty { throw ExitCode(1) }
        }
    }

    struct Tally: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count the votes and say which model was preferred.",
            discussion: "Example:\n  geoatlas votes tally review/votes --key review/key.json")

        @Argument(help: "Folder with the votes.")
        var folder: String

        @Option(help: ArgumentHelp("The trial's key: which model made which panel.", valueName: "key.json"))
        var key: String

        @OptionGroup var console: OutputOptions

        func run() throws {
            let result = try Run(narrator: narrator(quiet: console.quiet)).tallyVotes(
                in: folder, key: key)
            try console.print(result, as: \.table)
        }
    }
}
