import AtlasModel
import Catalog
import Fingerprint
import Messages

/// How many pictures are in another set of the split than in the last edition, and why.
struct SplitMoves: Equatable {
    /// Whether another rule or other shares divided the pictures.
    private(set) var isDividedAnew = false
    /// Pictures whose group has gained or lost pictures.
    private(set) var byGroup = 0
    /// Other pictures with another label.
    private(set) var byLabel = 0
    /// All others: other pictures that were added or removed have shifted the boundary.
    private(set) var byOthers = 0

    var count: Int { byGroup + byLabel + byOthers }

    /// - Parameter last: the last edition; `nil` when there was none.
    init(_ now: EditionSnapshot, since last: EditionSnapshot?) {
        guard let last else { return }
        isDividedAnew = now.division != last.division
        for (key, picture) in now.pictures {
            guard let before = last.pictures[key], before.vector == picture.vector,
                let from = before.place, let to = picture.place, from.set != to.set
            else { continue }
            if from.group != to.group {
                byGroup += 1
            } else if before.label != picture.label {
                byLabel += 1
            } else {
                byOthers += 1
            }
        }
    }

    /// `12 pictures have moved to another set of the split: 8 because their group has changed, 4 …`;
    /// `nil` when none has.
    var sentence: String? {
        guard count > 0 else { return nil }
        let all =
            "\(counted(count, "picture")) \(count == 1 ? "has" : "have") moved to another set of the "
            + "split"
        if isDividedAnew { return "\(all), which is made in another way than in the last build." }
        let reasons = [
            (byGroup, "because \(byGroup == 1 ? "its" : "their") group has changed"),
            (byLabel, "because of another label"),
            (byOthers, "because others were added or removed"),
        ].filter { $0.0 > 0 }
        if reasons.count == 1 { return "\(all), \(reasons[0].1)." }
        return "\(all): " + reasons.map { "\($0.0) \($0.1)" }.joined(separator: ", ") + "."
    }
}

extension PictureGroups {
    /// For each picture a digest of all pictures of its group, in any order.
    /// - Parameter digests: of each picture.
    func digests(of digests: [Fingerprint]) -> [Fingerprint] {
        var digests = digests
        for members in members {
            let all = Fingerprint(ofParts: members.map { digests[$0] }.sorted().map(\.hex))
            for member in members { digests[member] = all }
        }
        return digests
    }
}

extension Division {
    /// The rule and the shares, so that two divisions can be compared.
    var name: String { ([rule.rawValue] + shares.map { "\($0)" }).joined(separator: " ") }
}
