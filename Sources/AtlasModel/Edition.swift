/// Everything that one build of the atlas found out: what the pages show.
package struct Edition: Sendable {
    package let title: String
    /// Name of the archive or folder, without its path.
    package let collection: String
    /// In alphabetical order, which is the order of classes.
    package let rockTypes: [RockType]
    /// Indices into `rockTypes` in the order of the plates.
    package let plates: [Int]
    /// In key order (UTF-8 bytes).
    package let images: [ImageRecord]
    package let errata: [Erratum]
    /// Of training, dev and test set as they were asked for; any scale.
    package let shares: [Double]
    /// Labels that geologists have set, in key order.
    package let corrections: [LabelCorrection]
    /// One for each picture, in key order, calibrated.
    package let predictions: [Prediction]
    package let classifier: ClassifierSummary
    /// What predictions by networks that had not seen a picture say of its label.
    package let evidence: LabelEvidence
    package let clustering: Clustering
    /// One for each likeness model that was asked, K-Means first.
    package let neighbours: [Neighbours]
    /// The models shown for each picture: the first two side by side, which are also reviewed, the
    /// others folded.
    package let panels: [LikenessModel]
    /// One for each likeness model that was asked.
    package let likenessTimes: [LikenessTime]
    /// Targets asked for per picture.
    package let top: Int
    /// Whether targets may be turned to match.
    package let rotations: Bool
    /// `nil` when the collection is too small for a trial.
    package let review: ReviewPlan?
    /// What stands for each rock type, in class order; empty when nothing was chosen.
    package let exemplars: [Exemplars]
    /// What had been voted in the running trial when the edition was made; `nil` without votes.
    package let votes: VoteSummary?

    package init(
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
    package var shown: [Neighbours] {
        panels.compactMap { model in neighbours.first { $0.model == model } }
    }
}

/// What the models page says of the network.
package struct ClassifierSummary: Sendable, Equatable {
    /// `conv2l`, or the name of the model file.
    package let name: String
    package let parameters: Int
    /// Epochs it was trained for in this build; `nil` when it came from a file.
    package let epochs: Int?
    /// Networks that out-of-fold predictions came from; 0 when training pictures were predicted by
    /// the network that was trained on them.
    package let folds: Int
    /// Indices of the labelled test pictures that the network was not trained on.
    package let judged: [Int]
    /// On these pictures; the loss is that of the network's own probabilities.
    package let test: Evaluation
    /// Test pictures left out of `test` because the model file says that the network was trained on them.
    package let seenInTest: Int
    /// Of the probabilities on the same pictures.
    package let calibration: CalibrationSummary
    package let card: ModelCard
    /// Every network of the workspace with these classes, the one in use first.
    package let compared: [ComparedNetwork]
    /// Seconds of training; `nil` when they are not known.
    package let seconds: Double?

    package init(
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
