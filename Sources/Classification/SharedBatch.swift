import AtlasModel
import Foundation
import Kernels
import Parallel

/// A batch shared out to graphs that run side by side, each on one thread.
///
/// Threads then meet once a step. Inside oneDNN they would meet after each of some thirty
/// operations, and on a machine with other work each meeting may cost a time slice. Normalisation
/// sees the pictures of one graph at a time.
struct SharedBatch {
    /// Pictures in a step.
    let size: Int
    private let parts: [BatchPart]
    /// First picture of each part, and the end.
    private let bounds: [Int]
    private let store: ParameterStore

    /// Fewest pictures a graph normalises over.
    private static let fewest = 8

    /// - Parameter random: seeds the dropout of each graph.
    init(
        _ architecture: Architecture, size: Int, threads: Int, store: ParameterStore,
        random: inout SplitMix64
    ) throws {
        self.size = size
        self.store = store
        let count = max(1, min(threads, size / Self.fewest))
        bounds = (0...count).map { $0 * size / count }
        var parts: [BatchPart] = []
        for index in 0..<count {
            parts.append(
                try BatchPart(
                    architecture, size: bounds[index + 1] - bounds[index], store: store,
                    seed: random.next()))
        }
        self.parts = parts
    }

    /// Runs forward and back; the store then holds the gradients of the mean loss.
    /// - Returns: the summed loss of the pictures.
    func learn(_ chosen: [Int], forms: [Int], from training: LabelledVectors) throws -> Double {
        precondition(chosen.count == size && forms.count == size, "as many pictures as the batch holds")
        let (parts, bounds, size) = (parts, bounds, size)
        let losses = try Workers(parts.count).map(parts.count) { index in
            let range = bounds[index]..<bounds[index + 1]
            return try parts[index].learn(
                Array(chosen[range]), forms: Array(forms[range]), from: training, of: size)
        }
        store.gather(parts.map(\.store))
        return losses.reduce(0, +)
    }
}

/// One graph with gradients of its own.
///
/// Not checked by the compiler, and safe: in each step one worker uses it, and steps follow one
/// another.
private final class BatchPart: @unchecked Sendable {
    let store: ParameterStore
    private let graph: LayerGraph

    init(_ architecture: Architecture, size: Int, store: ParameterStore, seed: UInt64) throws {
        KernelThreads.use(1)
        self.store = ParameterStore(sharing: store)
        let bits = RandomBits(seed: seed)
        graph = try .of(architecture, batch: size, store: self.store, random: bits.next)
    }

    func learn(_ chosen: [Int], forms: [Int], from training: LabelledVectors, of total: Int) throws
        -> Double
    {
        KernelThreads.use(1)
        store.takeStatistics()
        graph.withInput { target in
            for (place, index) in chosen.enumerated() {
                Presentation.write(training.vectors, index, form: forms[place], to: target, at: place)
            }
        }
        let scores = try graph.forward()
        let width = scores.count / chosen.count
        var gradient = [Float](repeating: 0, count: scores.count)
        var loss = 0.0
        for (place, index) in chosen.enumerated() {
            let row = place * width
            let probabilities = Network.softmax(Array(scores[row..<row + width]))
            loss -= log(max(1e-7, Double(probabilities[training.labels[index]])))
            for column in 0..<width {
                let target: Float = column == training.labels[index] ? 1 : 0
                gradient[row + column] = (probabilities[column] - target) / Float(total)
            }
        }
        try graph.backward(gradient)
        return loss
    }
}

/// Random bits that the dropout layers of a graph draw from one place.
private final class RandomBits {
    private var random: SplitMix64
    init(seed: UInt64) { random = SplitMix64(seed: seed) }
    func next() -> UInt64 { random.next() }
}
