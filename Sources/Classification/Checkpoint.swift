import AtlasModel
import Fingerprint
import Foundation
import HDF5
import Kernels
import RandomNumbers

/// The state of a training after a whole epoch, from which it can continue.
struct Checkpoint: Equatable {
    /// Weights with their result on the dev set.
    struct Candidate: Equatable {
        let values: [Float]
        let statistics: [Float]
        /// On the dev set; infinite without dev pictures.
        let loss: Double
        /// From 1; 0 before the first epoch.
        let epoch: Int
    }

    /// Digest of everything that the result of the training depends on.
    let job: UInt64
    let values: [Float]
    /// `nil` before the first step.
    let adam: Adam.State?
    let average: [Float]
    let best: Candidate
    let history: [EpochRecord]
}

extension Checkpoint {
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
    /// The content of the file's attribute, besides the numbers.
    private struct Facts: Codable {
        let job: UInt64
        let steps: Int
        /// `nil` for infinity, which JSON cannot express.
        let bestLoss: Double?
        let bestEpoch: Int
        let history: [EpochRecord]
    }

    /// Digest of everything that the result of a training depends on: the layers, the names of the
    /// classes, the settings, and the pictures with their labels.
    /// - Throws: nothing in practice: the settings are plain numbers, which JSON can express.
    static func digest(
        _ architecture: Architecture, _ data: TrainingData, _ settings: TrainingSettings
    ) throws -> UInt64 {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var digest = WordDigest()
        digest.add(try KerasConfiguration.text(of: architecture))
        for name in data.classes { digest.add(name) }
        digest.add(
            String(
                decoding: try encoder.encode(settings.repeated(by: architecture)), as: UTF8.self))
        for part in [data.training, data.dev] {
            digest.add(UInt64(part.labels.count))
            for label in part.labels { digest.add(UInt64(label)) }
            switch part.input {
            case .vectors(let vectors):
                vectors.bytes.withUnsafeBytes { bytes in
                    // A model vector is a whole number of words of eight bytes: 2352 = 8 · 294.
                    for start in stride(from: 0, to: bytes.count, by: 8) {
                        digest.add(bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
                    }
                }
            case .larger(let pictures):
                for picture in pictures {
                    digest.add(UInt64(picture.width))
                    digest.add(picture.bytes.withUnsafeBytes { Fingerprint(of: $0).hex })
                }
            }
        }
        return digest.value
    }

    /// Writes the state to `path`, atomically.
    /// - Throws: `HDF5Error.notWritten`.
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

    /// The state at `path`; `nil` if there is none, if it belongs to another training, or if the file is
    /// damaged.
    static func read(_ path: String, job: UInt64, _ architecture: Architecture) -> Checkpoint? {
        do {
            let found = try HDF5File.read(path) { try Checkpoint($0) }
            let plan = try ParameterPlan(architecture)
            return found.job == job && found.fits(plan) ? found : nil
        } catch {
            // A training from the beginning gives the same network, so no error is lost.
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

/// A digest of 64-bit words in their order, to recognise equal input.
private struct WordDigest {
    private(set) var value: UInt64 = 0

    mutating func add(_ word: UInt64) { value = SplitMix64.mixed(value ^ word) &+ word }

    /// Adds the length and the bytes of a text.
    mutating func add(_ text: String) {
        add(UInt64(text.utf8.count))
        for byte in text.utf8 { add(UInt64(byte)) }
    }
}
