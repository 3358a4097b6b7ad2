import AtlasModel
import Foundation
import HDF5
import Kernels
import RandomNumbers

/// The state of a training after a whole epoch, from which it can go on.
struct Checkpoint: Equatable {
    /// Weights as they were on the dev pictures.
    struct Candidate: Equatable {
        let values: [Float]
        let statistics: [Float]
        /// On the dev pictures; infinite without any.
        let loss: Double
        /// From 1; 0 before the first.
        let epoch: Int
    }

    /// Digest of all that decides what comes out of the training.
    let job: UInt64
    let values: [Float]
    /// `nil` before the first step.
    let adam: Adam.State?
    let average: [Float]
    let best: Candidate
    let history: [EpochRecord]

    init(
        job: UInt64, values: [Float], adam: Adam.State?, average: [Float], best: Candidate,
        history: [EpochRecord]
    ) {
        self.job = job
        self.values = values
        self.adam = adam
        self.average = average
        self.best = best
        self.history = history
    }

    /// The state before the first epoch.
    init(beginning architecture: Architecture, job: UInt64, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let start = Initialisation.values(try ParameterPlan(architecture), random: &random)
        self.init(
            job: job, values: start.values, adam: nil, average: start.values,
            best: Candidate(
                values: start.values, statistics: start.statistics, loss: .infinity, epoch: 0),
            history: [])
    }
}

extension Checkpoint {
    /// What the attribute of the file holds besides the numbers.
    private struct Facts: Codable {
        let job: UInt64
        let steps: Int
        /// `nil` for infinite, which JSON does not know.
        let bestLoss: Double?
        let bestEpoch: Int
        let history: [EpochRecord]
    }

    /// Digest of all that decides what comes out of a training.
    static func digest(
        _ architecture: Architecture, _ classes: [String], _ parts: [LabelledVectors],
        _ settings: TrainingSettings
    ) -> UInt64 {
        var state: UInt64 = 0
        func take(_ word: UInt64) { state = SplitMix64.mixed(state ^ word) &+ word }
        for byte in "\(architecture)\n\(classes)\n\(settings.recipe)\n\(settings)".utf8 {
            take(UInt64(byte))
        }
        for part in parts {
            take(UInt64(part.labels.count))
            for label in part.labels { take(UInt64(label)) }
            part.vectors.bytes.withUnsafeBytes { bytes in
                // Model vectors are whole words of eight bytes: 2352 = 8 · 294.
                for start in stride(from: 0, to: bytes.count, by: 8) {
                    take(bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
                }
            }
        }
        return state
    }

    /// Writes the state under a temporary name and then moves it to `path`.
    func write(to path: String) throws {
        let facts = Facts(
            job: job, steps: adam?.steps ?? 0, bestLoss: best.loss.isFinite ? best.loss : nil,
            bestEpoch: best.epoch, history: history)
        let text = String(decoding: try JSONEncoder().encode(facts), as: UTF8.self)
        try HDF5File.write(path) { file in
            try file.attribute("geoatlas", text)
            for (name, numbers) in [
                ("values", values), ("first", adam?.first ?? []), ("second", adam?.second ?? []),
                ("average", average), ("best", best.values), ("statistics", best.statistics),
            ] {
                try file.numbers(name, numbers, shape: [numbers.count])
            }
        }
    }

    /// The state at `path`; `nil` if there is none, or none of this job.
    static func read(_ path: String, job: UInt64, _ architecture: Architecture) -> Checkpoint? {
        do {
            let found = try HDF5File.read(path) { try Checkpoint($0) }
            let plan = try ParameterPlan(architecture)
            return found.job == job && found.fits(plan) ? found : nil
        } catch {
            // Whatever is wrong with it, a training without it gives the same network.
            return nil
        }
    }

    private init(_ file: borrowing HDF5Reader) throws {
        let text = try file.stringsAttribute("geoatlas").first ?? ""
        let facts = try JSONDecoder().decode(Facts.self, from: Data(text.utf8))
        job = facts.job
        values = try file.numbers("values").values
        adam = Adam.State(
            first: try file.numbers("first").values, second: try file.numbers("second").values,
            steps: facts.steps)
        average = try file.numbers("average").values
        best = Candidate(
            values: try file.numbers("best").values,
            statistics: try file.numbers("statistics").values,
            loss: facts.bestLoss ?? .infinity, epoch: facts.bestEpoch)
        history = facts.history
    }

    private func fits(_ plan: ParameterPlan) -> Bool {
        let blocks = [values, adam?.first ?? values, adam?.second ?? values, average, best.values]
        return blocks.allSatisfy { $0.count == plan.trainable }
            && best.statistics.count == plan.statistics
    }

    static func remove(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }
}
