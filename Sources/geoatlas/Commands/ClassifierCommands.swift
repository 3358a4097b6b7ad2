import ArgumentParser
import Atlas
import AtlasModel
import Messages

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a classifier on a collection and save it; a network as a Keras file.",
        discussion: "Example:\n  geoatlas train rocks.zip --architecture conv2l --output rocks.h5")

    @OptionGroup var source: CollectionOptions
    @OptionGroup var split: SplitOptions

    @Option(
        help: ArgumentHelp(
            "One of: \(Run.classifiers.joined(separator: ", ")).",
            discussion: """
                texture is no network: it compares histograms of colours and textures with those of the \
                training pictures (docs/texture-classifier.md). grain is for photographs: it sees crops of \
                them (docs/grain.md). fused is both together (docs/fused.md). The others see pictures of 28 \
                pixels.
                """, valueName: "a"))
    var architecture = "conv2l"

    @Option(name: [.short, .long], help: ArgumentHelp("Model file to write.", valueName: "m.h5"))
    var output: String

    @Option(help: ArgumentHelp("Times each training picture is shown.", valueName: "n"))
    var epochs: Int?

    @Option(help: ArgumentHelp("Pictures in a step.", valueName: "n"))
    var batchSize: Int?

    @OptionGroup var input: InputOptions

    @Option(
        help: ArgumentHelp(
            "Seconds that grain, also in fused, may train without --epochs, by estimated times on two cores (default: 120).",
            valueName: "s"))
    var budget: Double?

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        try require(architecture, oneOf: Run.classifiers, option: "--architecture")
        if !Run.seeingCrops.contains(architecture), let side = input.side, side != Run.inputSides[0]
        {
            throw ValidationError(
                "\(architecture) takes no pictures of \(side) pixels. Leave --input-size out, or train \(Run.seeingCrops.joined(separator: " or "))."
            )
        }
        if architecture == Run.textureClassifier, epochs != nil || batchSize != nil {
            throw ValidationError(
                "\(architecture) is not trained in epochs and steps. Leave --epochs and --batch-size out."
            )
        }
        try requireHDF5(output)
        if let epochs, epochs < 1 {
            throw ValidationError("--epochs is \(epochs), but has to be at least 1.")
        }
        if let budget {
            guard budget > 0, budget.isFinite else {
                throw ValidationError(
                    "--budget is \(budget), but has to be a number of seconds above 0.")
            }
            guard Run.seeingCrops.contains(architecture), epochs == nil else {
                throw ValidationError(
                    "--budget decides the epochs of \(Run.seeingCrops.joined(separator: " and ")) only. Leave it or --epochs out."
                )
            }
        }
        if let batchSize, batchSize < 2 {
            throw ValidationError("--batch-size is \(batchSize), but has to be at least 2.")
        }
    }

    func run() throws {
        let result = try Run(work, console).train(
            source.value.split(by: split), architecture: architecture,
            epochs: epochs, batchSize: batchSize, inputSide: input.side,
            budget: budget, output: output)
        try console.print(result) {
            "\($0.architecture), \(counted($0.parameters, "parameter"))"
                + "\($0.epochs.map { ", " + counted($0, "epoch") } ?? ""): "
                + "\(percent($0.accuracy.test)) of the test pictures predicted as labelled"
        }
    }
}

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how often a classifier predicts the label.",
        discussion: "Example:\n  geoatlas evaluate rocks.zip --model rocks.h5 --split test")

    @OptionGroup var source: CollectionOptions

    @Option(
        help: ArgumentHelp(
            "Model file of \"train\" or of Keras, .h5 or .keras (docs/networks.md).",
            valueName: "m.h5"))
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
                    ? "; the classifier was trained on \($0.seenInTraining) of them" : "")
        }
    }
}

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Predict the rock type of pictures from anywhere.",
        discussion: "Example:\n  geoatlas classify --model rocks.h5 outcrop.jpg field-trip.zip")

    @Option(
        help: ArgumentHelp(
            "Model file of \"train\" or of Keras, .h5 or .keras (docs/networks.md).",
            valueName: "m.h5"))
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
