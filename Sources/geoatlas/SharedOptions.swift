import ArgumentParser
import Atlas
import AtlasModel
import Messages

/// Options of every command.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as one JSON value on standard output.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false
}

/// Options of commands that compute.
struct WorkOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Seed of everything drawn at random.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Threads to use (default: one per core).", valueName: "n"))
    var jobs: Int?

    func validate() throws {
        if let jobs, jobs < 1 {
            throw ValidationError("--jobs is \(jobs), but at least one thread is needed.")
        }
    }
}

/// The size of what networks see.
struct InputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Side in pixels of the crops that grain sees: auto, 28 (the whole picture), 56, 112 or 224.",
            valueName: "auto|n"))
    var inputSize = "auto"

    /// `nil` for auto.
    var side: Int? { Int(inputSize) }

    func validate() throws {
        try require(
            inputSize, oneOf: ["auto"] + Run.inputSides.map(String.init), option: "--input-size")
    }
}

/// Shares of training, dev and test set.
struct Shares: ExpressibleByArgument {
    let parts: [Double]

    init?(argument: String) {
        let parts = argument.split(separator: ",").compactMap { Double($0) }
        guard parts.count == 3, parts.allSatisfy({ $0 >= 0 && $0.isFinite }),
            parts.reduce(0, +) > 0,
            argument.split(separator: ",", omittingEmptySubsequences: false).count == 3
        else { return nil }
        self.parts = parts
    }

    static let standard = Shares(argument: "70,18,12")!

    var defaultValueDescription: String { "70,18,12" }
}

struct CollectionOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Zip archives and folders of pictures. Several make one collection.",
            valueName: "collection"))
    var collections: [String]

    @OptionGroup var settings: CollectionSettings

    var value: CollectionSource { settings.source(collections) }
}

/// A collection before other arguments.
struct FirstCollectionOptions: ParsableArguments {
    @Argument(help: "A zip archive or a folder of pictures.")
    var collection: String

    @Option(
        name: .customLong("and"),
        help: ArgumentHelp(
            "Another archive or folder of the same collection; may be repeated.",
            valueName: "collection"))
    var others: [String] = []

    @OptionGroup var settings: CollectionSettings

    var value: CollectionSource { settings.source([collection] + others) }
}

/// How a collection is read.
struct CollectionSettings: ParsableArguments {
    @Option(help: ArgumentHelp("Shares of training, dev and test set.", valueName: "t,d,t"))
    var shares = Shares.standard

    @Option(
        help: ArgumentHelp(
            "Folder with atlas.yml, which names the rock types (default: as \"build\" finds it).",
            valueName: "folder"))
    var content: String?

    func source(_ paths: [String]) -> CollectionSource {
        CollectionSource(paths: paths, shares: shares.parts, content: content)
    }
}

/// Who decides the split.
struct SplitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What decides the split: groups (of pictures that belong together), random, or folders (named train, valid and test).",
            valueName: "groups|random|folders"))
    var split: String?

    func validate() throws {
        guard let split, rule == nil else { return }
        try require(split, oneOf: SplitRule.allCases.map(\.rawValue), option: "--split")
    }

    /// `nil` for what the settings say.
    var rule: SplitRule? { split.flatMap(SplitRule.init(word:)) }
}

extension CollectionSource {
    /// The same collection, with the split that an option asks for.
    func split(by options: SplitOptions) -> CollectionSource {
        var source = self
        source.split = options.rule
        return source
    }
}

extension OutputOptions {
    /// Prints `result` as JSON with `--json`, otherwise as text.
    func print<Result: Encodable>(_ result: Result, as words: (Result) -> String) throws {
        if json { try printJSON(result) } else { Swift.print(harmless(words(result))) }
    }
}

extension Run {
    init(_ work: WorkOptions, _ console: OutputOptions) {
        self.init(
            narrator: geoatlas.console(quiet: console.quiet), jobs: work.jobs, seed: work.seed)
    }
}

/// Throws a usage error for a word that is not in `words`.
func require(_ word: String, oneOf words: [String], option: String) throws {
    guard words.contains(word) else {
        throw ValidationError(
            "\(option) is \"\(word)\", but has to be one of \(words.joined(separator: ", ")).")
    }
}

/// Refuses a name that promises a zip archive, which Keras would then try to open as one.
func requireHDF5(_ output: String) throws {
    guard !output.lowercased().hasSuffix(".keras") else {
        throw ValidationError(
            "--output is \"\(output)\", but networks are written as HDF5, which Keras loads too. Use a name that "
                + "ends in .h5.")
    }
}

/// A share in percent: `97.9 %`. Only a full share gives `100.0 %`, so 0.9999 gives `99.9 %`.
func percent(_ share: Double?) -> String {
    guard let share else { return "none" }
    let tenths = share < 1 ? min(999, Int((share * 1000).rounded())) : 1000
    return "\(tenths / 10).\(tenths % 10) %"
}
