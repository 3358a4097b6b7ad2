import ArgumentParser
import Atlas
import AtlasModel
import Messages

/// What an atlas is made from, and how.
struct AtlasOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Zip archives and folders of pictures, one folder per rock type. Several make one collection.",
            valueName: "collection"))
    var collections: [String] = []

    @Option(help: ArgumentHelp("Folder with atlas.yml and the texts.", valueName: "folder"))
    var content: String?

    @Option(help: ArgumentHelp("Folder with the pages' templates.", valueName: "folder"))
    var templates: String?

    @Option(
        name: [.short, .long], help: ArgumentHelp("Folder for the atlas.", valueName: "folder"))
    var output = Build.defaultOutput

    @Option(
        help: ArgumentHelp("Folder of the running review: plan, key, votes.", valueName: "folder"))
    var review = "review"

    @Option(
        help: ArgumentHelp(
            "Classifier to train (\(Run.classifiers.joined(separator: ", "))), a model file "
                + "(.h5 or .keras), or auto.",
            discussion: """
                auto trains the classifiers that suit the collection and fit the budget, and takes the one \
                that predicts the dev pictures best. It gives the same result each time. The default is \
                auto for photographs, and conv2l for collections of 28 × 28 pictures.
                """,
            valueName: "auto|name|file"))
    var classifier: String?

    @Option(
        help: ArgumentHelp(
            "Seconds of training that auto may plan for, by estimated times on two cores (default: 120 for photographs).",
            valueName: "s"))
    var budget: Double?

    @Option(help: ArgumentHelp("Times each training picture is shown.", valueName: "n"))
    var epochs: Int?

    @OptionGroup var input: InputOptions

    @Option(help: ArgumentHelp("A fitted K-Means model.", valueName: "k.h5"))
    var kmeans: String?

    @Option(
        help: ArgumentHelp(
            "The map.h5 of an earlier build's workspace, copied: its pictures keep their places.",
            discussion: """
                New pictures are put beside those that they are like. If more than one in ten is new, the map is \
                laid out again.
                """,
            valueName: "map.h5"))
    var map: String?

    @Option(help: ArgumentHelp("Number of clusters (default: by the elbow curve).", valueName: "k"))
    var k: Int?

    @Option(
        help: ArgumentHelp(
            "Networks trained so that each training picture is predicted by one that was not trained on it (default: 5); 0 for none.",
            valueName: "n"))
    var folds: Int?

    @Option(help: ArgumentHelp("Targets of each picture (default: 12).", valueName: "n"))
    var top: Int?

    @Flag(help: "Targets may be turned by 90, 180 or 270 degrees to match.")
    var rotations = false

    @Option(help: ArgumentHelp("Shares of training, dev and test set.", valueName: "t,d,t"))
    var shares = Shares.standard

    @OptionGroup var split: SplitOptions

    @Option(
        help: ArgumentHelp(
            "What K-Means and Pairwise compare: \(LikenessQuery.views.joined(separator: ", ")).",
            discussion: """
                auto takes, for photographs, the view whose look-alikes share the type of dev pictures most \
                often; for collections of 28 × 28 pictures, pixels.
                """,
            valueName: "auto|view"))
    var view: String?

    @Flag(help: "Leave durations, dates and the page of changes out.")
    var noTimes = false

    func validate() throws {
        if let folds, folds != 0, !(2...20).contains(folds) {
            throw ValidationError("--folds is \(folds), but has to be 0, or 2 to 20.")
        }
        if let top, !(1...100).contains(top) {
            throw ValidationError("--top is \(top), but has to be 1 to 100.")
        }
        if let epochs, epochs < 1 {
            throw ValidationError("--epochs is \(epochs), but has to be at least 1.")
        }
        if let budget, !(budget > 0 && budget.isFinite) {
            throw ValidationError(
                "--budget is \(budget), but has to be a number of seconds above 0.")
        }
        if let k, !(1...1000).contains(k) {
            throw ValidationError("--k is \(k), but has to be 1 to 1000.")
        }
        if let view { try require(view, oneOf: LikenessQuery.views, option: "--view") }
        if let view, view != "pixels", kmeans != nil {
            throw ValidationError(
                "The model of --kmeans is of pixels. Leave out --kmeans or --view \(view).")
        }
        if k != nil, kmeans != nil {
            throw ValidationError(
                "The model of --kmeans has its own k. Give --k or --kmeans, not both.")
        }
        if let classifier, !Run.isNetworkFile(classifier) {
            try require(
                classifier, oneOf: [Run.automatic] + Run.classifiers, option: "--classifier")
        }
    }

    var options: BuildOptions {
        var options = BuildOptions()
        options.collections = collections
        options.content = content
        options.templates = templates
        options.output = output
        options.review = review
        options.classifier = classifier
        options.budget = budget
        options.epochs = epochs
        options.inputSide = input.side
        options.kmeans = kmeans
        options.map = map
        options.k = k
        options.folds = folds
        options.top = top
        options.rotations = rotations ? true : nil
        options.view = view
        options.shares = shares.parts
        options.split = split.rule
        options.times = !noTimes
        return options
    }
}
