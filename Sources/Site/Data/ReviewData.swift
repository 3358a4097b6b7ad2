import AtlasModel
import Fingerprint

/// The data of the review page:
///
///     GEO.review = {trial: "…", parts: 4, decisive: 210, practice: {id, part, src, small, A, B},
///       comparisons: [{id, part, src, small, A: [[path, degrees], …], B: …}, …]}
///
/// `practice` and `decisive` are `null` where there is none. `part` is 0 for a comparison that all
/// reviewers get, else 1 to `parts`. It contains no model, no kind and no key. Pictures are copies,
/// named by a digest of trial and key.
struct ReviewData {
    let script: File
    /// Pictures to copy: index in the edition, path in the atlas, in path order.
    let copies: [(index: Int, path: String)]

    init(_ plan: ReviewPlan, _ layout: Layout) {
        let names = ReviewCopies(plan, layout)
        var script = Script()
        script.add("GEO.review={trial:")
        script.add(text: plan.trial)
        script.add(",parts:\(plan.parts)")
        script.add(",decisive:\(plan.choices.map { "\($0.decisive)" } ?? "null")")
        script.add(",practice:")
        if let practice = plan.practice {
            script.add(practice, names)
        } else {
            script.add("null\n")
        }
        script.add(",comparisons:")
        script.add(list: plan.comparisons) { $0.add($1, names) }
        script.add("};\n")
        self.script = script.file("review")
        copies = names.all
    }
}

extension Script {
    fileprivate mutating func add(_ comparison: ReviewPlan.Comparison, _ names: ReviewCopies) {
        add("{id:")
        add(text: comparison.id)
        add(",part:\(comparison.part),src:")
        add(text: names.path(of: comparison.candidate))
        add(",small:\(names.isSmall(comparison.candidate))")
        for (side, panel) in [("A", comparison.a), ("B", comparison.b)] {
            add(",\(side):")
            add(list: panel.targets) { script, target in
                script.add("[")
                script.add(text: names.path(of: target.key))
                script.add(",\(target.rotation)]")
            }
        }
        add("}\n")
    }
}

/// Names for the pictures of a trial.
private struct ReviewCopies {
    private let paths: [String: (index: Int, path: String)]
    private let images: [ImageRecord]

    /// Largest number of copies in one folder. More copies are divided into folders by their first
    /// digit.
    private static let flatLimit = 900

    init(_ plan: ReviewPlan, _ layout: Layout) {
        images = layout.edition.images
        let keys = Set((plan.comparisons + [plan.practice].compactMap(\.self)).flatMap(\.keys))
        var paths: [String: (index: Int, path: String)] = [:]
        for (index, image) in images.enumerated() where keys.contains(image.key) {
            let name = Fingerprint(ofParts: [plan.trial, image.key]).hex
            let shard = keys.count > Self.flatLimit ? "\(name.prefix(1))/" : ""
            paths[image.key] = (index, "review/\(shard)\(name).jpg")
        }
        self.paths = paths
    }

    func path(of key: String) -> String { copy(of: key).path }

    func isSmall(_ key: String) -> Bool { images[copy(of: key).index].isSmall }

    var all: [(index: Int, path: String)] { paths.values.sorted { $0.path < $1.path } }

    private func copy(of key: String) -> (index: Int, path: String) {
        guard let copy = paths[key] else {
            preconditionFailure("comparisons with pictures that are gone were left out: \(key)")
        }
        return copy
    }
}

extension Layout {
    /// The part of the trial that this edition can show. A comparison is left out if one of its
    /// pictures is no longer in the collection, because it would differ from the planned one.
    var review: ReviewPlan? {
        guard let plan = edition.review else { return nil }
        let known = Set(edition.images.map(\.key))
        return plan.keeping { $0.keys.allSatisfy(known.contains) }
    }
}
