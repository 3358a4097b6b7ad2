import AtlasModel
import Foundation

/// The data of the review page:
///
///     GEO.review = {trial: "…", parts: 4, decisive: 210, small: true,
///       practice: {id, part, board, candidate, targets, page}, comparisons: [{…}, …]}
///
/// `practice` and `decisive` are `null` where there is none. `part` is 0 for a comparison that all
/// reviewers get, else 1 to `parts`. `board` and `candidate` are paths of `ReviewPictures`, `targets` is
/// the number of targets of each panel, and `small` whether pixels are shown enlarged. `page` is the
/// path of the candidate's page in base64, so that nobody reads the type there before the vote.
///
/// It contains no model, no kind and no key.
struct ReviewData {
    let script: File
    /// Whether all pictures are so small that their pixels are shown enlarged.
    let isSmall: Bool

    init(_ plan: ReviewPlan, _ layout: Layout) {
        let pictures = ReviewPictures(plan, layout)
        func add(_ comparison: ReviewPlan.Comparison, to script: inout Script) {
            let candidate = pictures.index(of: comparison.candidate)
            script.add("{id:")
            script.add(text: comparison.id)
            script.add(",part:\(comparison.part),targets:\(comparison.a.targets.count)")
            for (name, text) in [
                ("board", pictures.path(of: comparison)),
                ("candidate", pictures.path(ofCandidate: comparison.candidate)),
                ("page", Data(layout.paths.places[candidate].page.utf8).base64EncodedString()),
            ] {
                script.add(",\(name):")
                script.add(text: text)
            }
            script.add("}\n")
        }
        var script = Script()
        script.add("GEO.review={trial:")
        script.add(text: plan.trial)
        script.add(",parts:\(plan.parts)")
        script.add(",decisive:\(plan.choices.map { "\($0.decisive)" } ?? "null")")
        script.add(",small:\(pictures.format.isSmall),practice:")
        if let practice = plan.practice {
            add(practice, to: &script)
        } else {
            script.add("null\n")
        }
        script.add(",comparisons:")
        script.add(list: plan.comparisons) { add($1, to: &$0) }
        script.add("};\n")
        self.script = script.file("review")
        isSmall = pictures.format.isSmall
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
