import AtlasModel
import Statistics

/// The sentences of the models page about groups of pictures and the split.
struct SplitText {
    private let edition: Edition
    private let classifier: ClassifierSummary

    init(_ edition: Edition, _ classifier: ClassifierSummary) {
        self.edition = edition
        self.classifier = classifier
    }

    /// What groups are, how wide the interval is, and which pictures were left out.
    var sentences: [String] { [interval, groups, leftOut, contradictions].compactMap { $0 } }

    private var interval: String? {
        let accuracy = classifier.compared.first { $0.isUsed }?.accuracy
        guard let accuracy, accuracy.total > 0 else { return nil }
        return
            "The 95 % interval of the share is \(Figures.interval(accuracy.interval))\(Figures.thin)%; it "
            + "counts \(Figures.counted(accuracy.clusters, "group", "groups")), not pictures."
    }

    private var groups: String? {
        let members = edition.groups.members
        guard !members.isEmpty else { return nil }
        let pictures = members.reduce(0) { $0 + $1.count }
        return
            "A group has the pictures that belong together, because they are copies, or show the same "
            + "ground or one specimen: \(Figures.pictures(pictures)) "
            + "\(pictures == 1 ? "is" : "are") in \(Figures.counted(members.count, "group", "groups")) "
            + "of two and more, and any other picture is a group of its own."
    }

    /// Test pictures whose group the network has seen, and the share if they counted.
    private var leftOut: String? {
        guard classifier.seenInTest > 0 else { return nil }
        let isOne = classifier.seenInTest == 1
        let text =
            "\(Figures.pictures(classifier.seenInTest)) of the test part \(isOne ? "was" : "were") left "
            + "out, because the \(edition.classifierNoun) has learned from \(isOne ? "it" : "them") or from others of "
            + "\(isOne ? "its group" : "their groups")"
        let contradictory = Set(edition.contradictions.joined())
        let test = edition.images.indices.filter {
            edition.images[$0].label != nil && edition.images[$0].split == .test
                && !contradictory.contains($0)
        }
        let correct = test.count { edition.predictions[$0].predicted == edition.images[$0].label }
        guard let share = Proportion(correct, of: test.count).share else { return text + "." }
        return "\(text); with \(isOne ? "it" : "them") the share would be \(Figures.share(share))."
    }

    private var contradictions: String? {
        guard !edition.contradictions.isEmpty else { return nil }
        let files = edition.contradictions.reduce(0) { $0 + $1.count }
        let isOne = edition.contradictions.count == 1
        return
            "\(Figures.pictures(edition.contradictions.count)) (\(Figures.count(files)) files) "
            + "\(isOne ? "stands" : "stand") under several labels; \(isOne ? "it is" : "they are") left out "
            + "of training and of all figures."
    }
}

/// What dividing pictures at random claims, beside what groups give, for the same pictures.
struct ClaimRow {
    let name: String
    let byGroups: ClusteredProportion
    let atRandom: ClusteredProportion
    let paired: PairedDifference

    /// - Parameter members: places of pictures in the claim.
    init(_ name: String, _ edition: Edition, _ claim: RandomClaim, _ members: [Int]) {
        let judged = members.map { place in
            let picture = claim.pictures[place]
            let label = edition.images[picture].label
            return (
                cluster: edition.groups.first[picture],
                first: edition.predictions[picture].predicted == label,
                second: claim.predicted[place] == label
            )
        }
        self.name = name
        byGroups = ClusteredProportion(judged.map { ($0.cluster, $0.first) })
        atRandom = ClusteredProportion(judged.map { ($0.cluster, $0.second) })
        paired = PairedDifference(judged)
    }

    /// All pictures of the claim, those that belong to a group, and those that are alone. Rows without
    /// pictures are left out.
    static func rows(_ edition: Edition, _ claim: RandomClaim) -> [ClaimRow] {
        let grouped = Set(edition.groups.members.joined())
        let places = claim.pictures.indices
        return [
            ClaimRow("All", edition, claim, Array(places)),
            ClaimRow(
                "In groups", edition, claim,
                places.filter { grouped.contains(claim.pictures[$0]) }),
            ClaimRow(
                "Alone", edition, claim, places.filter { !grouped.contains(claim.pictures[$0]) }),
        ].filter { $0.byGroups.total > 0 }
    }

    /// `+0.8 points (0.5 to 1.1)`: how much the random split flatters.
    var difference: String {
        func points(_ share: Double) -> String {
            let text = Figures.decimal(100 * share, places: 1)
            return text.hasPrefix("−") || text == "0.0" ? text : "+" + text
        }
        guard let interval = paired.interval else { return points(paired.difference) }
        return
            "\(points(paired.difference)) (\(points(interval.lowerBound)) to "
            + "\(points(interval.upperBound)))"
    }
}
