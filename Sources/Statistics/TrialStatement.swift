package import AtlasModel
import Messages

extension PairResult {
    /// What may be concluded, in one to three sentences.
    /// - Parameter reviewers: number of reviewers whose votes are counted.
    package func statement(reviewers: Int) -> String {
        guard let share = fixed ?? share else {
            guard counts.votes > 0 else {
                return "No votes yet. Results appear here when the first file has been merged."
            }
            return
                "So far nobody preferred one panel to the other: \(counted(counts.equal, "time")) "
                + "both were equally good, \(counted(counts.neither, "time")) neither was like the "
                + "picture."
        }
        let names = models.map(\.title).joined(separator: " and ")
        let sentences = sentences(share, names, reviewers: reviewers)
        return sentences.hasSuffix(" ") ? String(sentences.dropLast()) : sentences
    }

    private func sentences(_ share: ShareResult, _ names: String, reviewers: Int) -> String {
        switch verdict {
        case .nothing: return ""
        case .preferred(let model, let early):
            let interval = early ? share.anytime.interval : share.interval
            let end =
                early
                ? " This bound holds whenever it is looked at, so it may be used before all votes are in."
                : ""
            return preference(model, share, interval, reviewers: reviewers) + end
        case .equivalent:
            let margin = choices?.margin ?? 0
            return "\(names) are equally good: the share of decided comparisons in which "
                + "\(models[0].title) was preferred, \(percent(share.proportion)) %, lies within "
                + "\(margin) points of 50 % with 95 % confidence."
        case .open(let more):
            return "The votes do not decide between \(names): \(soFar(share)), and the interval, "
                + "\(range(share.interval)), includes one half. \(missing(more))"
        case .early(let missing, let more):
            return "Too early to decide between \(names): \(soFar(share)). "
                + "\(counted(missing, "decided vote")) \(missing == 1 ? "is" : "are") missing to the "
                + "number that was fixed before the trial. \(self.missing(more))"
        case .unplanned(let more):
            return "So far the votes do not decide between \(names): \(soFar(share)). No number of "
                + "votes was fixed before this trial, so only the bound counts that holds at any time, "
                + "\(range(share.anytime.interval)). \(missing(more))"
        }
    }

    private func preference(
        _ model: LikenessModel, _ share: ShareResult, _ interval: ClosedRange<Double>,
        reviewers: Int
    ) -> String {
        let isFirst = model == models[0]
        let proportion = share.proportion
        let won =
            isFirst
            ? proportion : Proportion(proportion.total - proportion.count, of: proportion.total)
        let (low, high) =
            isFirst
            ? (interval.lowerBound, interval.upperBound)
            : (1 - interval.upperBound, 1 - interval.lowerBound)
        let bottom = whole(low) == "50" ? "just over 50" : whole(low)
        return
            "\(reviewers == 1 ? "One geologist" : "Geologists") preferred the look-alikes found by "
            + "\(model.title) in \(percent(won)) % of the comparisons they decided. "
            + "The true share lies between \(bottom) % and \(whole(high)) % with 95 % confidence."
    }

    private func soFar(_ share: ShareResult) -> String {
        "\(models[0].title) was preferred in \(percent(share.proportion)) % of "
            + "\(counted(share.proportion.total, "decided comparison"))"
    }

    private func missing(_ more: Int?) -> String {
        guard let more else {
            return "A difference of this size would be too small to show in a trial."
        }
        guard more > 0 else { return "" }
        return
            "About \(counted(roughly(more), "more decided vote")) would show a difference of this "
            + "size."
    }

    /// Two digits are enough for a number that is only expected.
    private func roughly(_ number: Int) -> Int {
        var unit = 1
        while number / unit >= 100 { unit *= 10 }
        return (number + unit - 1) / unit * unit
    }

    private func range(_ interval: ClosedRange<Double>) -> String {
        "\(whole(interval.lowerBound))–\(whole(interval.upperBound)) %"
    }

    private func percent(_ share: Proportion) -> String { share.share.map(whole) ?? "–" }

    /// Percent without decimal places. 0 and 100 are used only for none and all.
    private func whole(_ share: Double) -> String {
        let percent = Int((share * 100).rounded())
        if percent == 100, share < 1 { return "nearly 100" }
        if percent == 0, share > 0 { return "nearly 0" }
        return "\(percent)"
    }
}

extension TrialResult {
    /// Number of reviewers whose votes are counted in the result.
    package var countedReviewers: Int { reviewers.count { !$0.isApart && $0.counts.votes > 0 } }
}
