import AtlasModel
import Catalog
import Classification
import Parallel

extension Run {
    /// The name that means: the classifier with the best predictions on the dev set.
    package static let automatic = "auto"
    /// Seconds of training that `auto` may take if nothing else is said.
    package static let standardBudget = 120.0
}

/// The classifier that was chosen, and all that were tried.
struct BestClassifier {
    let name: String
    let classifier: TrainedClassifier
    let choice: ClassifierChoice
    /// The best network for model vectors; `nil` if none was tried.
    let network: StoredClassifier?
}

extension BuildContext {
    /// Trains the classifiers that suit the collection and fit the budget with their default settings,
    /// and returns the one with the best predictions on the dev set. A network has to be right more
    /// often than the classifier of textures, and the fused one than both. Of equally good networks it
    /// returns the one with fewer parameters.
    ///
    /// The fused one is counted on dev pictures from groups that its weight was not fitted on.
    ///
    /// Which fit is decided by estimated times, not by the clock, so a repeated build gives the same
    /// result. All classifiers stay in the workspace.
    mutating func bestClassifier(_ request: TrainingRequest, _ sets: TrainingSets) throws
        -> BestClassifier
    {
        let catalogue = request.loaded.catalogue
        let dev = catalogue.labelled(in: .dev)
        guard !dev.isEmpty else { throw AtlasError.nothingToCompareOn }
        let plan = try ClassifierPlan(request, sets, budget: settings.budget)
        let parts = try plan.trained.map { try part($0, on: sets.all[0], request) }
        var trained = try run(
            parts: parts,
            remark: {
                let noun =
                    $0.contains { $0.value.classifier.needsTexture } ? "classifiers" : "networks"
                return "\($0.count) \(noun) to choose from"
            })
        if let parts = plan.fusedParts {
            let pair = (trained[parts.textures], trained[parts.network])
            trained += try fused([pair], on: [sets.all[0]], request.loaded)
        }
        let input = try self.input(request.loaded, for: trained.map(\.classifier))
        let fusing = FusedJob(catalogue: catalogue, input: input, workers: workers)
        let labels = dev.map { catalogue.images[$0].label }
        let correct = try trained.map { candidate in
            let predictions =
                if case .fused(let fused) = candidate.classifier {
                    try fusing.crossValidated(fused)
                } else {
                    try input.predictions(by: candidate.classifier, dev, workers: workers)
                }
            return zip(predictions, labels).count { $0.predicted == $1 }
        }
        let ranked = trained.indices.sorted {
            rank(trained[$0].classifier, correct[$0]) < rank(trained[$1].classifier, correct[$1])
        }
        let network = ranked.first {
            trained[$0].stored(as: plan.tried[$0]).seesVectors
        }
        let shares = Dictionary(
            uniqueKeysWithValues: zip(
                plan.tried, correct.map { Proportion($0, of: dev.count) }))
        return BestClassifier(
            name: plan.tried[ranked[0]], classifier: trained[ranked[0]],
            choice: plan.choice(shares),
            network: network.map { trained[$0].stored(as: plan.tried[$0]) })
    }

    /// Smaller for the better one.
    private func rank(_ classifier: Classifier, _ correct: Int) -> (Int, Int, Int) {
        let place =
            switch classifier {
            case .textures: 0
            case .network: 1
            case .fused: 2
            }
        return (-correct, place, classifier.parameterCount)
    }
}

/// The classifiers that could be chosen, and those that fit the budget.
struct ClassifierPlan {
    /// In the order in which they are trained.
    let trained: [String]
    /// Places of the two among them that are also fused: the classifier of textures and `grain`; `nil`
    /// unless both are trained.
    let fusedParts: (textures: Int, network: Int)?
    /// The names of all classifiers that are compared.
    var tried: [String] { trained + (fusedParts == nil ? [] : [Classifier.fusedName]) }
    private let candidates: [(name: String, kind: ClassifierKind, cost: Double)]
    private let budget: Double

    /// - Parameter budget: seconds; `nil` for the standard one, which is none for collections of model
    ///   vectors.
    init(_ request: TrainingRequest, _ sets: TrainingSets, budget: Double?) throws {
        let catalogue = request.loaded.catalogue
        let pictures = catalogue.labelled(in: .train).count
        guard catalogue.showsPhotographs else {
            let names = Architecture.suited(to: pictures)
            let budget = budget ?? .infinity
            self.init(
                try names.map { ($0, try Self.cost($0, pictures, request)) }, floor: nil,
                trainings: sets.all.count, budget: budget)
            return
        }
        let names =
            Architecture.ofVectors.reversed()
            + (pictures >= Self.fewestForGrain ? [Architecture.grain] : [])
        self.init(
            try names.map { ($0, try Self.cost($0, pictures, request)) },
            floor: (Classifier.textureName, 0),
            trainings: sets.all.count, budget: budget ?? Run.standardBudget)
    }

    /// The share of the budget for all trainings of `grain`: the networks that were tried before it need
    /// the rest.
    static let shareOfGrain = 0.75
    /// A network of crops needs some hundred pictures to learn from; fewer are not worth the budget.
    private static let fewestForGrain = 300

    /// Takes each candidate, in order, that fits what remains of the budget when it is trained once for
    /// every set, which is needed if it is chosen.
    ///
    /// Networks of 30, 10 and 2 seconds with 6 trainings each and a budget of 120 seconds: the second
    /// (60 seconds if it is chosen, 10 if not) and the third are taken.
    init(
        _ networks: [(name: String, cost: Double)], floor: (name: String, cost: Double)?,
        trainings: Int, budget: Double
    ) {
        var tried: [String] = floor.map { [$0.name] } ?? []
        var (spent, dearest) = (0.0, 0.0)
        for (name, cost) in networks {
            let most = max(dearest, cost * Double(trainings - 1))
            guard spent + cost + most <= budget else { continue }
            tried.append(name)
            spent += cost
            dearest = most
        }
        trained = tried
        let textures = floor.flatMap { tried.firstIndex(of: $0.name) }
        let grain = tried.firstIndex(of: Architecture.grain)
        fusedParts = textures.flatMap { textures in grain.map { (textures, $0) } }
        // The fused one takes as long as its network.
        candidates =
            (floor.map { [($0.name, .textures, $0.cost)] } ?? [])
            + networks.map { ($0.name, .network, $0.cost * Double(trainings)) }
            + networks.filter { floor != nil && $0.name == Architecture.grain }.map {
                (Classifier.fusedName, .fused, $0.cost * Double(trainings))
            }
        self.budget = budget
    }

    /// Estimated seconds of one training.
    private static func cost(_ name: String, _ pictures: Int, _ request: TrainingRequest) throws
        -> Double
    {
        let settings = try request.settings(for: name)
        return try request.architecture(name).secondsOfTraining(
            presented: pictures * settings.epochs)
    }

    /// What was tried, with what result.
    /// - Parameter shares: of the dev pictures, by name.
    func choice(_ shares: [String: Proportion]) -> ClassifierChoice {
        ClassifierChoice(
            candidates: candidates.map {
                .init(name: $0.name, kind: $0.kind, dev: shares[$0.name], cost: $0.cost)
            }, budget: budget)
    }
}

extension Catalogue {
    /// Whether most pictures are larger than model vectors, so that these do not show all there is.
    var showsPhotographs: Bool {
        let large = images.count { max($0.width, $0.height) > ModelVectors.side }
        return 2 * large > images.count
    }
}

extension AtlasSettings {
    /// The file that holds the classifier; `nil` if it is trained.
    var networkFile: String? { network.flatMap { Network.isFile($0) ? $0 : nil } }

    /// The name of the classifier to train: that of the settings, or one that suits the collection.
    func classifier(for catalogue: Catalogue) -> String {
        network ?? (catalogue.showsPhotographs ? Run.automatic : Self.networkOfModelVectors)
    }

    /// What a collection of 28 × 28 pictures is classified with.
    private static let networkOfModelVectors = "conv2l"
}
