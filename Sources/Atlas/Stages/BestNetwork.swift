import AtlasModel
import Catalog
import Classification
import Parallel

extension Run {
    /// The name that means: the network with the best predictions on the dev set.
    package static let automatic = "auto"
}

extension BuildContext {
    /// Trains each architecture that suits the size of the collection with its default settings,
    /// and returns the network with the best predictions on the dev set. Of equally good networks
    /// it returns the one with fewer parameters.
    ///
    /// The choice does not depend on time, so a repeated build gives the same result. All networks
    /// stay in the workspace.
    mutating func bestNetwork(_ request: TrainingRequest, in workspace: Workspace) throws
        -> (architecture: String, network: TrainedNetwork)
    {
        let catalogue = request.loaded.catalogue
        let labelled = catalogue.labelled(in: .train)
        let dev = catalogue.examples(catalogue.labelled(in: .dev))
        let jobs = try Architecture.suited(to: labelled.count).map { architecture in
            TrainingJob(
                architecture: architecture, catalogue: catalogue, types: types,
                pictures: labelled, settings: try request.settings(for: architecture))
        }
        guard !dev.labels.isEmpty else { throw AtlasError.nothingToCompareOn }
        let folds = settings.folds
        let networks = try run(
            parts: jobs.map { job in
                let file = TrainedNetwork.file(job.architecture, "0", of: folds)
                return (stage: Stage.train(job, file: file, in: workspace), work: job.work)
            }, remark: { "\($0.count) networks to choose from" })
        let candidates = try zip(jobs, networks).map { job, trained in
            let predictions = try trained.network.predict(dev.vectors, threads: workers.count)
            let correct = zip(predictions, dev.labels).count { $0.predicted == $1 }
            return (architecture: job.architecture, network: trained, correct: correct)
        }
        let ranked = candidates.sorted {
            ($1.correct, $0.network.network.parameterCount)
                < ($0.correct, $1.network.network.parameterCount)
        }
        return (ranked[0].architecture, ranked[0].network)
    }
}
