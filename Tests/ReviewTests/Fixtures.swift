import AtlasModel
import Foundation
import Similarity
import Testing

@testable import Review

/// A temporary folder, removed after the test.
func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
        .appending(path: "geoatlas-review-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
}

func contents(of path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}

/// `number` as a random name: 16 digits.
func name(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

let trial = "00000000000000aa"

/// A line of a vote file in the format of the review page.
func line(
    vote: Int, comparison: Int = 1, reviewer: Int = 1, revision: Int = 1, answer: String = "A",
    trial: String = trial
) -> String {
    """
    {"answer":"\(answer)","comparison":"\(name(comparison))","reviewer":"\(name(reviewer))",\
    "revision":\(revision),"tags":[],"trial":"\(trial)","version":1,"vote":"\(name(vote))"}

    """
}

/// Pictures, `perType` of each type, with neighbours: K-Means returns the pictures after it,
/// Pairwise those before it.
func collection(types: [String], perType: Int, targets: Int) -> (
    images: [ImageRecord], neighbours: [Neighbours]
) {
    let images = types.indices.flatMap { type in
        (0..<perType).map { image("\(types[type])/\(name($0))", label: type) }
    }
    let count = images.count
    func matches(_ step: Int) -> [[Match]] {
        (0..<count).map { index in
            (1...targets).map { rank in
                let target = ((index + step * rank) % count + count) % count
                return Match(
                    target: target, distance: Double(rank) / 100, rotation: 90 * (rank % 4))
            }
        }
    }
    return (
        images,
        [
            Neighbours(model: .kmeans, matches: matches(1)),
            Neighbours(model: .pairwise, matches: matches(-1)),
        ]
    )
}

extension ReviewPlan {
    /// A trial of K-Means and Pairwise by one reviewer: everything is in part 0.
    static func drawn(
        from neighbours: [Neighbours], images: [ImageRecord], comparisons: Int, targets: Int,
        using generator: inout some RandomNumberGenerator
    ) -> ReviewPlan? {
        let design = TrialDesign(
            pairs: [neighbours.map(\.model)], comparisons: comparisons, targets: targets,
            reviewers: 1)
        return drawn(from: neighbours, images: images, design: design, using: &generator)
    }

    /// Its comparisons that are counted.
    var normal: [Comparison] { comparisons.filter { $0.kind == .normal } }
}

func image(_ key: String, label: Int?) -> ImageRecord {
    ImageRecord(
        key: key, label: label, path: key + ".jpg", width: 28, height: 28, byteCount: 1,
        format: .jpeg, split: .train, digest: key)
}

extension Preferences {
    /// Preferences of a trial with Pairwise and K-Means.
    init(pairwise: Int = 0, kmeans: Int = 0, equal: Int = 0, neither: Int = 0) {
        self.init(
            preferred: [.pairwise: pairwise, .kmeans: kmeans], equal: equal, neither: neither)
    }
}

extension ReviewFolder {
    /// A folder whose key may name the likeness models of this release.
    init(_ path: String) { self.init(path, models: LikenessTable.standard.models) }
}
