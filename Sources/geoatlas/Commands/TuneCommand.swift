import ArgumentParser
import Atlas

struct Tune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the network and the settings that suit a collection, and save the best.",
        discussion: """
            Example:
              geoatlas tune rocks.zip --output rocks.h5 --budget 600

            Learning rate, weight decay, batch size and epochs are tried over all architectures \
            (\(Run.architectures.joined(separator: ", "))) by successive halving: short trainings \
            first, then the better half on the dev pictures gets twice the epochs, and the last one \
            left gets the time that remains. The test pictures are looked at once, for the network \
            that is saved.

            What is tried first is drawn by --seed. How far the halving gets, and so which network \
            wins, depends on how fast the machine is: "geoatlas train" repeats exactly, "tune" does not.
            """)

    @OptionGroup var source: CollectionOptions
    @OptionGroup var split: SplitOptions

    @Option(name: [.short, .long], help: ArgumentHelp("Model file to write.", valueName: "m.h5"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "Seconds of training; reading the collection comes on top.", valueName: "s"))
    var budget = 300.0

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        try requireHDF5(output)
        guard budget > 0, budget.isFinite else {
            throw ValidationError(
                "--budget is \(budget), but has to be a number of seconds above 0.")
        }
    }

    func run() throws {
        let result = try Run(work, console).tune(
            source.value.split(by: split), budget: budget, output: output)
        try console.print(result) {
            """
            \($0.trials.count == 1 ? "1 training run" : "\($0.trials.count) training runs"); the best is \
            \($0.best.settings): \(percent($0.best.accuracy.dev)) of the dev pictures and \
            \(percent($0.accuracy.test)) of the test pictures predicted as labelled
            """
        }
    }
}
