/// Everything that one build of the atlas found out: what the pages show.
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
    /// Of training, dev and test set as they were asked for; any scale.
    public let shares: [Double]
    /// Labels that geologists have set, in key order.
    public let corrections: [LabelCorrection]
    /// One for each picture, in key order, calibrated.
    public let predictions: [Prediction]
    public let classifier: ClassifierSummary
    /// What predictions by networks that had not seen a picture say of its label.
    public let evidence: LabelEvidence
    public let clustering: Clustering
    /// One for each likeness model that was asked, K-Means first.
    public let neighbours: [Neighbours]
    /// The models shown for each picture: the first two side by side, which are also reviewed, the
    /// others folded.
    public let panels: [LikenessModel]
    /// One for each likeness model that was asked.
    public let likenessTimes: [LikenessTime]
    /// Targets asked for per picture.
    public let top: Int
    /// Whether targets may be turned to match.
    public let rotations: Bool
    /// `nil` when the collection is too small for a trial.
    public let review: ReviewPlan?
    /// What stands for each rock type, in class order; empty when nothing was chosen.
    public let exemplars: [Exemplars]
    /// What had been voted in the running trial when the edition was made; `nil` without votes.
    public let votes: VoteSummary?

    public init(
        title: String, collection: String, rockTypes: [RockType], plates: [Int],
        images: [ImageRecord], errata: [Erratum], shares: [Double],
        corrections: [LabelCorrection], predictions: [Prediction],
        classifier: ClassifierSummary, evidence: LabelEvidence, clustering: Clustering,
        neighbours: [Neighbours], panels: [LikenessModel],
        likenessTimes: [LikenessTime] = [], top: Int, rotations: Bool, review: ReviewPlan?,
        exemplars: [Exemplars] = [], votes: VoteSummary? = nil
    ) {
        self.title = title
        self.collection = collection
        self.rockTypes = rockTypes
        self.plates = plates
        self.images = images
        self.errata = errata
        self.shares = shares
        self.corrections = corrections
        self.predictions = predictions
        self.classifier = classifier
        self.evidence = evidence
        self.clustering = clustering
        self.neighbours = neighbours
        self.panels = panels
        self.likenessTimes = likenessTimes
        self.top = top
        self.rotations = rotations
        self.review = review
        self.exemplars = exemplars
        self.votes = votes
    }
}

extension Edition {
    /// The targets by the models that are shown, in the order of their panels.
    public var shown: [Neighbours] {
        panels.compactMap { model in neighbours.first { $0.model == model } }
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
    /// the network that was trained on them.
    public let folds: Int
    /// Indices of the labelled test pictures that the network was not trained on.
    public let judged: [Int]
    /// On these pictures; the loss is that of the network's own probabilities.
    public let test: Evaluation
    /// Test pictures left out of `test` because the model file says that the network was trained on them.
    public let seenInTest: Int
    /// Of the probabilities on the same pictures.
    public let calibration: CalibrationSummary
    public let card: ModelCard
    /// Every network of the workspace with these classes, the one in use first.
    public let compared: [ComparedNetwork]
    /// Seconds of training; `nil` when they are not known.
    public let seconds: Double?

    public init(
        name: String, parameters: Int, epochs: Int?, folds: Int, judged: [Int], test: Evaluation,
        seenInTest: Int, calibration: CalibrationSummary, card: ModelCard,
        compared: [ComparedNetwork], seconds: Double?
    ) {
        self.name = name
        self.parameters = parameters
        self.epochs = epochs
        self.folds = folds
        self.judged = judged
        self.test = test
        self.seenInTest = seenInTest
        self.calibration = calibration
        self.card = card
        self.compared = compared
        self.seconds = seconds
    }
}
