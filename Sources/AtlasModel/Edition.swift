/// The results of one build of the atlas: everything that the pages show. A class, because pages pass it on
/// thousands of times, and it has some forty parts to copy.
package final class Edition: Sendable {
    package let title: String
    /// Name of the archive or folder, without the folders above it.
    package let collection: String
    /// In alphabetical order, which is the order of classes.
    package let rockTypes: [RockType]
    /// Indices into `rockTypes` in the order of the plates.
    package let plates: [Int]
    /// In key order (UTF-8 bytes).
    package let images: [ImageRecord]
    /// Which pictures belong together.
    package let groups: PictureGroups
    /// What somebody has decided about pairs of pictures, sorted by these.
    package let verdicts: [DuplicateVerdict]
    /// The files of each picture that has more than one label, in key order. They count in no figure.
    package let contradictions: [[Int]]
    package let errata: [Erratum]
    /// What decides the split.
    package let splitRule: SplitRule
    /// Shares of training, dev and test set as the user gave them, in any scale; empty when folders of
    /// the collection decide the split.
    package let shares: [Double]
    /// Labels that geologists have set, in key order.
    package let corrections: [LabelCorrection]
    /// One for each picture, in key order, after calibration; empty without a network.
    package let predictions: [Prediction]
    /// What is known of the pictures besides.
    package let metadata: Metadata
    /// `nil` when the collection has too few labelled pictures for a network.
    package let classifier: ClassifierSummary?
    /// To be asked for each picture; a comparison would copy the whole summary.
    private let isClassified: Bool
    /// What predictions by networks that were not trained on a picture say about its label.
    package let evidence: LabelEvidence
    package let clustering: Clustering
    /// One for each likeness model that was run, K-Means first.
    package let neighbours: [Neighbours]
    /// The targets that panels show: without the pictures of the candidate's own group. `nil` if panels show
    /// all of `neighbours`.
    package let folded: [Neighbours]?
    /// How the view that K-Means and Pairwise work on was chosen; `nil` if it was not.
    package let viewChoice: ViewChoice?
    /// The models shown for each picture. The first two are shown side by side and reviewed; the
    /// others are folded.
    package let panels: [LikenessModel]
    /// One for each likeness model that was run.
    package let likenessTimes: [LikenessTime]
    /// Number of targets requested for each picture.
    package let top: Int
    /// Whether targets may be rotated.
    package let rotations: Bool
    /// `nil` when the collection is too small for a trial.
    package let review: ReviewPlan?
    /// Whether pages keep names, clusters, scores and order of the candidates of the running trial to
    /// themselves.
    package let isSealed: Bool
    /// The exemplars of each rock type, in class order; empty when none were chosen.
    package let exemplars: [Exemplars]
    /// The votes in the running trial when the edition was made; `nil` without votes.
    package let votes: VoteSummary?
    /// The results of trials that have ended, the latest first.
    package let closedTrials: [TrialResult]
    /// What the last editions changed, newest first; empty to show none.
    package let history: [EditionChange]
    /// Pictures of the same ground put together, largest first.
    package let scenes: [Scene]
    package let seams: SceneSeams
    /// What pixels and sizes tell about the quality of the pictures.
    package let checks: PictureChecks
    /// `nil` when the settings want no map.
    package let map: PictureMap?
    /// The targets by the models that are shown, in the order of the panels.
    package let shown: [Neighbours]
    /// What the panels show, in their order.
    package let shownInPanels: [Neighbours]

    package init(
        title: String, collection: String, rockTypes: [RockType], plates: [Int],
        images: [ImageRecord], errata: [Erratum], shares: [Double],
        corrections: [LabelCorrection], predictions: [Prediction],
        classifier: ClassifierSummary?, evidence: LabelEvidence, clustering: Clustering,
        neighbours: [Neighbours], panels: [LikenessModel],
        likenessTimes: [LikenessTime] = [], top: Int, rotations: Bool, review: ReviewPlan?,
        exemplars: [Exemplars] = [], votes: VoteSummary? = nil,
        closedTrials: [TrialResult] = [], history: [EditionChange] = [],
        metadata: Metadata = .none, groups: PictureGroups? = nil, contradictions: [[Int]] = [],
        splitRule: SplitRule = .groups, isSealed: Bool = false,
        scenes: [Scene] = [], seams: SceneSeams = .sharp,
        checks: PictureChecks = .none, folded: [Neighbours]? = nil,
        verdicts: [DuplicateVerdict] = [], viewChoice: ViewChoice? = nil,
        map: PictureMap? = nil
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
        isClassified = classifier != nil
        self.evidence = evidence
        self.clustering = clustering
        self.neighbours = neighbours
        self.folded = folded
        self.verdicts = verdicts
        self.viewChoice = viewChoice
        self.panels = panels
        self.likenessTimes = likenessTimes
        self.top = top
        self.rotations = rotations
        self.review = review
        self.isSealed = isSealed
        self.exemplars = exemplars
        self.votes = votes
        self.closedTrials = closedTrials
        self.history = history
        self.metadata = metadata
        self.groups = groups ?? .none(count: images.count)
        self.contradictions = contradictions
        self.splitRule = splitRule
        self.scenes = scenes
        self.seams = seams
        self.checks = checks
        self.map = map
        func tables(of all: [Neighbours]) -> [Neighbours] {
            panels.compactMap { model in all.first { $0.model == model } }
        }
        shown = tables(of: neighbours)
        shownInPanels = tables(of: folded ?? neighbours)
    }
}

extension Edition {
    /// What the network says of a picture; `nil` without a network.
    package func prediction(of index: Int) -> Prediction? {
        isClassified ? predictions[index] : nil
    }
}

/// What the models page shows about the classifier.
package struct ClassifierSummary: Sendable, Equatable {
    /// `conv2l`, or the name of the model file.
    package let name: String
    package let kind: ClassifierKind
    package let parameters: Int
    /// Whether it came from a file; else it was trained for this build.
    package let isFromFile: Bool
    /// How it was chosen; `nil` if it was named.
    package let choice: ClassifierChoice?
    /// Number of classifiers that made the out-of-fold predictions; 0 when the training pictures are
    /// predicted by the network that was trained on them.
    package let folds: Int
    /// Indices of the labelled test pictures from groups that the network has not seen.
    package let judged: [Int]
    /// Results on these pictures. The loss is that of the probabilities before calibration.
    package let test: Evaluation
    /// Test pictures that are not in `test`, because the network was trained on them or on others of
    /// their groups.
    package let seenInTest: Int
    /// What dividing pictures at random would have claimed; `nil` if that is not known.
    package let randomClaim: RandomClaim?
    /// Calibration of the probabilities on the same pictures.
    package let calibration: CalibrationSummary
    package let card: ModelCard
    /// Every network of the workspace with these classes. The network in use comes first.
    package let compared: [ComparedNetwork]
    /// Seconds of training; `nil` when unknown.
    package let seconds: Double?

    package init(
        name: String, kind: ClassifierKind = .network, parameters: Int, isFromFile: Bool,
        folds: Int, judged: [Int], test: Evaluation, seenInTest: Int,
        calibration: CalibrationSummary, card: ModelCard, compared: [ComparedNetwork],
        seconds: Double?, randomClaim: RandomClaim? = nil, choice: ClassifierChoice? = nil
    ) {
        self.name = name
        self.kind = kind
        self.parameters = parameters
        self.isFromFile = isFromFile
        self.choice = choice
        self.folds = folds
        self.judged = judged
        self.test = test
        self.seenInTest = seenInTest
        self.calibration = calibration
        self.card = card
        self.compared = compared
        self.seconds = seconds
        self.randomClaim = randomClaim
    }
}

/// Predictions by a network for which training pictures were divided at random: it has seen pictures
/// that belong together with those it was asked about.
package struct RandomClaim: Sendable, Equatable {
    /// Number of pictures that it was trained on.
    package let trained: Int
    /// Indices of the training pictures that it was asked about. The predictions of the edition for
    /// these come from networks that have not seen their groups.
    package let pictures: [Int]
    /// The type that it predicts for each.
    package let predicted: [Int]

    package init(trained: Int, pictures: [Int], predicted: [Int]) {
        self.trained = trained
        self.pictures = pictures
        self.predicted = predicted
    }
}
