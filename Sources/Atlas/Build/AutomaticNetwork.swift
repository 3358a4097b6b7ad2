import AtlasModel
import Catalog
import Classification
import Parallel

extension Run {
    /// The word for whichever network turns out best.
    public static let automatic = "auto"

    private struct Candidate {
        let name: String
        let trained: TrainedNetwork
        /// Dev pictures predicted as labelled.
        let hits: Int
    }

    /// Trains each architecture that suits the size of the collection by its usual recipe, and gives
    /// the network that predicts the dev pictures best; of equal ones that with fewer parameters.
    ///
    /// No clock has a say in it, so that a build repeats. All of them stay in the workspace.
    /// - Parameter path: of the collection, for messages.
    func bestNetwork(
        _ catalogue: Catalogue, _ settings: AtlasSettings, _ types: [RockType], _ path: String,
        _ workspace: Workspace, _ record: inout BuildRecord
    ) throws -> (architecture: String, network: TrainedNetwork) {
        let labelled = catalogue.labelled(in: .train)
        let dev = catalogue.examples(catalogue.labelled(in: .dev))
        let lessons = try Architecture.suited(to: labelled.count).map { name in
            let settings = try trainingSettings(
                name, catalogue, path, types, epochs: settings.epochs, nil)
            return (name: name, settings: settings)
        }
        guard !dev.labels.isEmpty else { throw AtlasError.nothingToCompareOn }
        let shown = lessons.reduce(into: [0]) {
            $0.append($0[$0.count - 1] + $1.settings.epochs * labelled.count)
        }
        let candidates = try record.stage(
            "train", narrator, remark: { "\($0.count) networks to choose from" },
            work: {
                try lessons.enumerated().map { number, lesson -> Candidate in
                    let trained = try trained(
                        lesson.name, Self.entry(lesson.name, 0, of: settings.folds), catalogue,
                        types, labelled, lesson.settings, workspace
                    ) { [narrator] done, _ in
                        narrator.progress(shown[number] + done, shown[lessons.count])
                    }
                    let predictions = try trained.network.predict(
                        dev.vectors, threads: workers.count)
                    let hits = zip(predictions, dev.labels).count { $0.predicted == $1 }
                    return Candidate(name: lesson.name, trained: trained, hits: hits)
                }
            })
        let ranked = candidates.sorted {
            ($1.hits, $0.trained.network.parameterCount)
                < ($0.hits, $1.trained.network.parameterCount)
        }
        let kept = ranked.dropFirst().count { $0.trained.reused }
        if kept > 0 { record.reused["train"] = kept }
        return (ranked[0].name, ranked[0].trained)
    }
}
