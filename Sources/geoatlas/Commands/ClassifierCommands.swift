import ArgumentParser
import Atlas
import AtlasModel
import Messages

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a network on a collection and save it as a Keras file.",
        discussion: "Example:\n  geoatlas train rocks.zip --architecture conv2l --output rocks.h5")

    @OptionGroup var source: CollectionOptions
    @OptionGroup var split: SplitOptions

    @Option(
        help: ArgumentHelp("One of: \(Run.architectures.joined(separator: ", ")).", valueName: "a"))
    var architecture = "conv2l"

    @Option(name: [.short, .long], help: ArgumentHelp("Model file to write.", valueName: "m.h5"))
    var output: String

    @Option(help: ArgumentHelp("Times each training picture is shown.", valueName: "n"))
    var epochs: Int?

    @Option(help: ArgumentHelp("Pictures in a step.", valueName: "n"))
    var batchSize: Int?

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        try require(architecture, oneOf: Run.architectures, option: "--architecture")
        try requireHDF5(output)
        if let epochs, epochs < 1 {
            throw ValidationError("--epochs is \(epochs), but has to be at least 1.")
        }
        if let batchSize, batchSize < 2 {
            throw ValidationError("--batch-size is \(batchSize), but has to be at least 2.")
        }
    }

    func run() throws {
        let result = try Run(work, console).train(
            source.value.split(by: split), architecture: architecture,
            epochs: epochs, batchSize: batchSize, output: output)
        try console.print(result) {
            "\($0.architecture), \(counted($0.parameters, "parameter")), "
                + "\(counted($0.epochs, "epoch")): "
                + "\(percent($0.accuracy.test)) of the test pictures predicted as labelled"
        }
    }
}

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how often a network predicts the label.",
        discussion: "Example:\n  geoatlas evaluate rocks.zip --model rocks.h5 --split test")

    @OptionGroup var source: CollectionOptions

    @Option(
        help: ArgumentHelp(
            "Network of \"train\" or of Keras, .h5 or .keras (docs/networks.md).", valueName: "m.h5"
        ))
    var model: String

    @Option(help: "The part to judge on: all, train, dev or test.")
    var split = "test"

    @Option(
        help: ArgumentHelp(
            "What decides the split, as --split of \"train\".", valueName: "groups|random|folders"))
    var divided: String?

    @Flag(help: "The same as --divided folders.")
    var folders = false

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        try require(split, oneOf: ["all", "train", "dev", "test"], option: "--split")
        guard let divided, rule == nil else { return }
        try require(divided, oneOf: SplitRule.allCases.map(\.rawValue), option: "--divided")
    }

    /// `nil` for what the settings say.
    private var rule: SplitRule? { divided.flatMap(SplitRule.init(word:)) }

    func run() throws {
        var collection = source.value
        collection.split = folders ? .folders : rule
        let result = try Run(work, console).evaluate(
            collection, model: model, split: split)
        try console.print(result) {
            "\(percent($0.accuracy)) of \(counted($0.images, "picture")) predicted as labelled"
                + ($0.seenInTraining > 0
                    ? "; the network was trained on \($0.seenInTraining) of them" : "")
        }
    }
}

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Predict the rock type of pictures from anywhere.",
        discussion: "Example:\n  geoatlas classify --model rocks.h5 outcrop.jpg field-trip.zip")

    @Option(
        help: ArgumentHelp(
            "Network of \"train\" or of Keras, .h5 or .keras (docs/networks.md).", valueName: "m.h5"
        ))
    var model: String

    @Argument(help: "Pictures, folders or zip archives.")
    var paths: [String]

    @Option(
        help: ArgumentHelp(
            "Folder with atlas.yml, whose types are the classes of a network of Keras, in alphabetical order.",
            valueName: "folder"))
    var content: String?

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let results = try Run(work, console).classify(paths, model: model, content: content)
        try console.print(results) { results in
            results.map { result in
                guard let predicted = result.predicted else {
                    return "\(result.path): \(result.error ?? "not classified")"
                }
                let share = result.probabilities?[predicted].map(Double.init)
                return "\(result.path): \(predicted), \(percent(share))"
            }.joined(separator: "\n")
        }
        if results.contains(where: { $0.error != nil }) { throw ExitCode(1) }
    }
}
