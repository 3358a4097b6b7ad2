import AtlasModel
import Fingerprint
import Raster

/// The picture files of a trial: a board for each comparison, and a square for each candidate.
///
/// They take the place of the pictures of the atlas, whose paths tell type and name. A trial needs two
/// small files for each comparison, and the atlas does not grow with the number of pictures.
struct ReviewPictures {
    let format: ReviewFormat
    /// The comparisons that are shown, the practice last.
    private let comparisons: [ReviewPlan.Comparison]
    /// Keys of the candidates, each once.
    private let candidates: [String]
    private let indices: [String: Int]
    private let trial: String
    private let isDivided: Bool

    /// Largest number of files in one folder. More files are divided into folders by their first digit.
    private static let flatLimit = 900

    init(_ plan: ReviewPlan, _ layout: Layout) {
        trial = plan.trial
        comparisons = plan.comparisons + [plan.practice].compactMap(\.self)
        let keys = Set(comparisons.flatMap(\.keys))
        let images = layout.edition.images
        indices = Dictionary(
            images.indices.filter { keys.contains(images[$0].key) }.map { (images[$0].key, $0) },
            uniquingKeysWith: { first, _ in first })
        candidates = Set(comparisons.map(\.candidate)).sorted()
        isDivided = comparisons.count + candidates.count > Self.flatLimit
        format = ReviewFormat(
            longest: indices.values.map { max(images[$0].width, images[$0].height) }.max() ?? 1)
    }

    /// Number of files.
    var count: Int { comparisons.count + candidates.count }

    func path(of comparison: ReviewPlan.Comparison) -> String { path(comparison.id) }

    /// The same for all comparisons of a candidate, by which the page knows them.
    func path(ofCandidate key: String) -> String { path(Fingerprint(ofParts: [trial, key]).hex) }

    private func path(_ name: String) -> String {
        "review/\(isDivided ? "\(name.prefix(1))/" : "")\(name).\(format.fileExtension)"
    }

    /// The picture of the edition with a key of the trial.
    func index(of key: String) -> Int {
        guard let index = indices[key] else {
            preconditionFailure("comparisons with pictures that are gone were left out: \(key)")
        }
        return index
    }

    /// One of the files.
    /// - Parameters:
    ///   - number: from 0 to `count`.
    ///   - version: of the stored file of a picture; `nil` if it is not known.
    ///   - square: a picture of the edition in a square of a side.
    /// - Returns: its path, what it is made from (`nil` if that is not known), and what makes it.
    func file(
        _ number: Int, version: (Int) -> Fingerprint?,
        square: @escaping (_ index: Int, _ side: Int) throws -> Picture
    ) -> (path: String, source: Fingerprint?, make: () throws -> [UInt8]) {
        guard number < comparisons.count else {
            let key = candidates[number - comparisons.count]
            let index = index(of: key)
            return (
                path(ofCandidate: key),
                source("candidate \(format.candidateSide)", [index], version),
                { try format.encoded(try square(index, format.candidateSide)) }
            )
        }
        let comparison = comparisons[number]
        let board = ReviewBoard(comparison, format, index: index)
        let turns = board.squares.map { $0.map { "\($0.rotation)" } ?? "-" }
        return (
            path(of: comparison),
            source(
                "board \(format.side) \(turns.joined(separator: " "))",
                board.squares.compactMap { $0?.index }, version),
            { try board.bytes { try square($0, format.side) } }
        )
    }

    private func source(
        _ what: String, _ indices: [Int], _ version: (Int) -> Fingerprint?
    ) -> Fingerprint? {
        let versions = indices.compactMap { version($0)?.hex }
        guard versions.count == indices.count else { return nil }
        return Fingerprint(ofParts: ["\(ReviewFormat.revision)", what] + versions)
    }
}
