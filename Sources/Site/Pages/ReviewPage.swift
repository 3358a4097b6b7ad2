import AtlasModel
import Templates

extension SinglePage {
    static let review = SinglePage(
        name: "review", title: "Review", exists: { $0.review != nil },
        navigation: { _ in "Review" },
        sentence: { contents in
            let comparisons = contents.review?.countForOne ?? 0
            let count = Figures.counted(comparisons, "comparison", "comparisons")
            return "Judge which model finds the better look-alikes. \(count) to look at, "
                + Pages.turnout(contents.edition.votes) + "."
        },
        trial: { $0.review?.trial ?? "" },
        make: { pages in
            guard let plan = pages.review else { return [] }
            let data = ReviewData(plan, pages.layout)
            return [data.script, try pages.reviewPage(plan, data)]
        })
}

extension Pages {
    /// `review.html`.
    func reviewPage(_ plan: ReviewPlan, _ data: ReviewData) throws -> File {
        try page(
            .review,
            [
                "count": .text(Figures.count(plan.countForOne)),
                "small": .flag(data.isSmall),
                "hasComparisons": .flag(!plan.comparisons.isEmpty),
                "tags": .list(
                    ["colour", "texture", "grain size", "structure", "quality of the picture"].map {
                        ["tag": .text($0), "title": .text($0.capitalizedFirst)]
                    }),
            ], scripts: [data.script.path])
    }

    /// `34 votes by 2 geologists so far`. What they preferred stays hidden while the trial is
    /// running.
    static func turnout(_ votes: VoteSummary?) -> String {
        guard let votes else { return "no votes handed in yet" }
        return Figures.counted(votes.total.votes, "vote", "votes") + " by "
            + Figures.counted(votes.reviewers, "geologist", "geologists") + " so far"
    }
}
