/// Everything one build of the atlas found out: what the pages show.
public struct Edition: Sendable {
    public let title: String
    /// Name of the archive or folder, without its path.
    public let collection: String
    /// In alphabetical order, which is the order of classes.
    public let rockTypes: [RockType]
    /// Indices into `rockTypes` in the order of the plates.
    public let plates: [Int]
    /// In key order (UTF-8 bytes).
    public let images: [ImageRecord]
    public let errata: [Erratum]
    /// One for each picture, in key order.
    public let predictions: [Prediction]
    public let classifier: ClassifierSummary
    public let clustering: Clustering
    /// One for each likeness model, K-Means first.
    public let neighbours: [Neighbours]
    /// Targets asked for per picture.
    public let top: Int
    /// Whether targets may be turned to match.
    public let rotations: Bool
    /// `nil` when the collection is too small for a trial.
    public let review: ReviewPlan?

    public init(
        title: String, collection: String, rockTypes: [RockType], plates: [Int],
        images: [ImageRecord], errata: [Erratum], predictions: [Prediction],
        classifier: ClassifierSummary,
        clustering: Clustering, neighbours: [Neighbours], top: Int, rotations: Bool,
        review: ReviewPlan?
    ) {
        self.title = title
        self.collection = collection
        self.rockTypes = rockTypes
        self.plates = plates
        self.images = images
        self.errata = errata
        self.predictions = predictions
        self.classifier = classifier
        self.clustering = clustering
        self.neighbours = neighbours
        self.top = top
        self.rotations = rotations
        self.review = review
    }
}

/// What the models page says of the network.
public struct ClassifierSummary: Sendable, Equatable {
    /// `conv2l`, or the name of the model file.
    public let name: String
    public let parameters: Int
    /// Epochs it was trained for in this build; `nil` when it came from a file.
    public let epochs: Int?
    /// Networks that out-of-fold predictions came from; 0 when training pictures were predicted by
    /// the network that learned from them.
    public let folds: Int
    /// On test pictures the network has not learned from.
    public let test: Evaluation
    /// Test pictures left out of `test` because the model file says it learned from them.
    public let seenInTest: Int
    /// Seconds of training, `nil` when it came from a file or times are left out.
    public let seconds: Double?

    public init(
        name: String, parameters: Int, epochs: Int?, folds: Int, test: Evaluation,
        seenInTest: Int, seconds: Double?
    ) {
        self.name = name
        self.parameters = parameters
        self.epochs = epochs
        self.folds = folds
        self.test = test
        self.seenInTest = seenInTest
        self.seconds = seconds
    }
}
