package import AtlasModel
import Statistics

extension VoteSummary {
    /// Smallest number of decided votes for which a preference is stated. With 4 of 4 votes the 95
    /// % score interval no longer includes one half, although a fair coin gives that in 1 of 16
    /// cases.
    package static let fewestToDecide = 10

    /// The result of the votes so far, in one or two sentences.
    package var statement: String {
        guard total.votes > 0 else {
            return "No votes yet. Results appear here when the first file has been merged."
        }
        guard total.decided > 0 else {
            return "So far nobody preferred one panel to the other: \(total.equal) times both were "
                + "equally good, \(total.neither) times neither was like the picture."
        }
        let models = total.models
        let leader = models.reduce(models[0]) {
            total.preferred[$1, default: 0] > total.preferred[$0, default: 0] ? $1 : $0
        }
        let share = total.share(of: leader)
        guard total.decided >= Self.fewestToDecide else {
            return
                "So far the votes do not decide: \(leader.title) was preferred in \(share.count) of "
                + "\(share.total) decided comparisons, too few to say more."
        }
        let (low, high) = (share.interval.lowerBound, share.interval.upperBound)
        guard low > 0.5 else {
            return "So far the votes do not decide: \(leader.title) was preferred in "
                + "\(whole(share.count, of: share.total)) % of the decided comparisons, and the interval, "
                + "\(whole(low))–\(whole(high)) %, includes one half."
        }
        let bottom = whole(low) == "50" ? "just over 50" : whole(low)
        return
            "\(reviewers == 1 ? "One geologist" : "Geologists") preferred the look-alikes found by "
            + "\(leader.title) in \(whole(share.count, of: share.total)) % of the comparisons they decided. "
            + "The true share lies between \(bottom) % and \(whole(high)) % with 95 % confidence."
    }

    private func whole(_ count: Int, of total: Int) -> String {
        whole(Double(count) / Double(total))
    }

    /// Percent without decimal places. 0 and 100 are used only for none and all.
    private func whole(_ share: Double) -> String {
        let percent = Int((share * 100).rounded())
        if percent == 100, share < 1 { return "nearly 100" }
        if percent == 0, share > 0 { return "nearly 0" }
        return "\(percent)"
    }
}
