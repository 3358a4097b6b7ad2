import AtlasModel
import Statistics

/// Counts about the likeness models of an edition.
struct LikenessFigures {
    /// Number of the first targets of a picture that are counted.
    let n: Int
    /// Labelled test pictures that the network was not trained on; without a network all labelled
    /// pictures.
    let queries: [Int]
    /// Whether `queries` are test pictures of a network.
    let areTested: Bool
    let tables: [Neighbours]
    /// One for each pair of models.
    let agreements: [PanelAgreement]
    private let labels: [Int?]
    private let groups: PictureGroups

    /// Number of targets in a panel of a trial, if there are as many.
    private static let most = 9

    init(_ edition: Edition) {
        let n = min(Self.most, edition.top)
        self.n = n
        let contradictory = Set(edition.contradictions.joined())
        queries =
            edition.classifier?.judged
            ?? edition.images.indices.filter {
                edition.images[$0].label != nil && !contradictory.contains($0)
            }
        areTested = edition.classifier != nil
        labels = edition.images.map(\.label)
        groups = edition.groups
        // Models that are shown come first, in their order.
        let tables =
            edition.shown + edition.neighbours.filter { !edition.panels.contains($0.model) }
        self.tables = tables
        agreements = tables.indices.flatMap { first in
            tables.indices.dropFirst(first + 1).map { second in
                PanelAgreement(tables[first], tables[second], n: n)
            }
        }
    }

    /// The share of targets, drawn at random, that would have the type of their
    /// candidate.
    /// - Parameters:
    ///   - type: of the candidates; `nil` for all types.
    ///   - counted: whether targets of the candidate's own group count.
    /// - Returns: `nil` without candidates or targets.
    func chance(type: Int?, _ counted: CountedTargets = .otherGroups) -> Double? {
        sameTypeChance(
            labels: labels, groups: groups,
            queries: queries.filter { type == nil || labels[$0] == type }, counted)
    }

    /// How many of the pictures of the same ground are among the targets.
    func partners(_ table: Neighbours) -> PartnerRate { table.partners(in: groups, n: n) }

    /// How many of the targets have the type of their candidate.
    /// - Parameters:
    ///   - type: of the candidates; `nil` for all types.
    ///   - counted: whether targets of the candidate's own group count.
    func sameType(_ table: Neighbours, type: Int?, _ counted: CountedTargets = .otherGroups)
        -> SameTypeRate
    {
        table.sameType(
            labels: labels, groups: groups,
            queries: queries.filter { type == nil || labels[$0] == type }, n: n, counted)
    }

    /// Whether a target of some candidate belongs to its group.
    var meetsGroups: Bool {
        tables.contains { table in
            queries.contains { query in
                table.matches[query].contains { groups.first[$0.target] == groups.first[query] }
            }
        }
    }
}

/// The sentences of the similarity page.
struct SimilarityText {
    private let edition: Edition
    private let figures: LikenessFigures

    init(_ layout: Layout) {
        edition = layout.edition
        figures = LikenessFigures(layout.edition)
    }

    /// How often look-alikes have the same type; if that is unknown, how far the models agree.
    var statement: String {
        let shares = figures.tables.compactMap { table in
            figures.sameType(table, type: nil).share.map { (table.model, $0) }
        }
        guard !shares.isEmpty else { return agreement }
        let parts = shares.enumerated().map { place, found in
            let amount = found.1 == 1 ? "all" : Figures.share(found.1)
            return place == 0
                ? "\(amount) share its type when \(found.0.title) finds them"
                : "\(amount) when \(found.0.title) does"
        }
        let count = figures.n == 1 ? "the first look-alike" : "the first \(targets) look-alikes"
        return
            "Of \(count) of a \(figures.areTested ? "test" : "labelled") picture, \(Figures.list(parts))."
    }

    /// The sentence on the models page.
    var summary: String {
        let names = edition.panels.map(\.title)
        return "\(Figures.list(names)) look for pictures that are like a given one. \(statement)"
    }

    private var targets: String { Figures.word(figures.n) }

    /// What the figures are based on.
    var basis: String {
        var sentences: [String] = []
        if !figures.queries.isEmpty {
            sentences.append(
                "\(Figures.pictures(figures.queries.count)) "
                    + (figures.areTested ? "of the test part " : "with a label ")
                    + "\(figures.queries.count == 1 ? "was" : "were") asked about; look-alikes come "
                    + "from the whole collection and may show the same rock."
                    + (figures.chance(type: nil).map {
                        " By chance \(Figures.share($0)) would share the type."
                    } ?? ""))
        }
        if figures.meetsGroups {
            let with = figures.tables.compactMap { table in
                figures.sameType(table, type: nil, .all).share.map {
                    "\(Figures.share($0)) by \(table.model.title)"
                }
            }
            sentences.append(
                "Look-alikes that belong to the group of the picture, because they are copies or show "
                    + "the same ground, do not count: that they share its type is no success. With them it "
                    + "would be \(Figures.list(with)).")
        }
        sentences += [recall].compactMap(\.self)
        sentences += figures.tables.compactMap { table in
            table.model.words.basis.map { $0(edition.likenessFacts) }
        }
        sentences.append(
            "A label says nothing about grain, colour or texture: whether look-alikes are good is for "
                + "geologists to say.")
        return sentences.joined(separator: " ")
    }

    /// What an approximate search has found; `nil` if all were exact.
    private var recall: String? {
        let measured = figures.tables.compactMap { table in table.recall.map { (table.model, $0) } }
        guard let asked = measured.first?.1 else { return nil }
        let shares = measured.map { "\(Figures.share($1.share)) by \($0.title)" }
        return
            "The collection is so large that look-alikes were searched approximately, among the pictures that are "
            + "roughly alike. \(Figures.pictures(asked.pictures)) from all over it were searched exactly too: of "
            + "their first \(Figures.word(asked.targets)) look-alikes \(Figures.list(shares)) were found."
    }

    /// How the view that K-Means and Pairwise work on was chosen; empty if it was not.
    var view: String {
        guard let choice = edition.viewChoice,
            let chosen = choice.candidates.first(where: { $0.view == choice.chosen })
        else { return "" }
        let names = Figures.list(choice.candidates.map(\.compared))
        guard choice.queries > 0 || choice.partnerQueries > 0 else {
            return
                "K-Means and Pairwise can compare \(names). They compare \(chosen.compared) here, which "
                + "suit photographs: there are no dev pictures with a label to choose on."
        }
        let asked = Figures.pictures(choice.queries).lowercasedFirst
        return
            "K-Means and Pairwise can compare \(names). They compare \(chosen.compared) here: the view was chosen "
            + "by \(asked) of the dev part, of groups that the network has not seen. Of the views whose first "
            + "\(Figures.word(choice.n)) look-alikes share the type most often, within one point, it is the one that "
            + "finds most of the pictures of the same ground; of equal ones, the first. The figures below are of other "
            + "pictures, those of the test part."
    }

    /// How often the models find pictures of the same ground; empty when none show the same ground.
    var partners: String {
        guard let first = figures.tables.first else { return "" }
        let rate = figures.partners(first)
        guard let chance = rate.chance else { return "" }
        return
            "\(Figures.counted(rate.found.queries, "picture shows", "pictures show")) ground that others show "
            + "too, shifted. This needs no label and no judgement: how many of these others are among the "
            + "first \(targets) look-alikes? By chance \(Figures.share(chance)) would be."
    }

    /// How far the two models shown side by side agree.
    var agreement: String {
        guard let pair = figures.agreements.first, pair.pictures > 0 else {
            return "There is nothing to compare two models on."
        }
        let common = Figures.decimal(pair.overlap * Double(figures.n), places: 1)
        let names = Figures.list(pair.models.map(\.title))
        return
            "\(names) have \(common) of \(targets) look-alikes in common on average, and the same "
            + "ones for \(Figures.counted(pair.identical, "picture", "pictures").lowercasedFirst)."
    }

    /// What the figures of the map mean; empty without a map.
    var map: String {
        guard let map = edition.map else { return "" }
        let recall =
            "The map puts \(edition.images.count == 1 ? "the picture" : "pictures") beside the look-alikes by "
            + "\(map.model.title). Recall is the share of a picture's look-alikes that are among as many nearest on "
            + "the map."
        guard let sample = map.figures.sample else { return recall }
        let part =
            sample.pictures < edition.images.count
            ? "\(Figures.count(sample.pictures)) pictures, evenly from the whole collection"
            : "all pictures"
        return recall
            + " Trustworthiness is 1 if the \(Figures.word(sample.neighbours)) nearest on the map are the nearest by "
            + "the model, and less, the farther away they are by it; it is measured on \(part), as scikit-learn "
            + "defines it."
    }

    /// Whether the clusters come from a model that was fitted to other pictures. Such a model has
    /// no elbow curve here.
    private var fittedElsewhere: Bool { edition.clustering.inertia.isEmpty }

    /// How the number of clusters was chosen.
    var clusters: String {
        let clustering = edition.clustering
        let k =
            Figures.word(clustering.k).capitalizedFirst
            + (clustering.k == 1 ? " cluster" : " clusters")
        guard !fittedElsewhere else { return "\(k), of a model fitted to other pictures." }
        let rule =
            "the curve of inertia lies furthest below the line from its first point to its last"
        if let suggested = clustering.suggested {
            return suggested == clustering.k
                ? "\(k), where \(rule)."
                : "\(k) are used; at \(suggested) \(rule)."
        }
        return "\(k), not chosen by a curve: the number was given, or more cannot be told apart."
    }

    /// The sentence above the mean pictures.
    var means: String {
        let shown = min(edition.clustering.k, Layout.clustersShown)
        let all = shown < edition.clustering.k ? " The \(shown) largest are shown." : ""
        let turned = edition.rotations ? ", each in all four turns," : ""
        guard edition.clustering.view == nil else {
            return "The picture of each cluster that is nearest to the mean of the cluster.\(all)"
        }
        let whose = fittedElsewhere ? "pictures that the model was fitted to" : "pictures"
        return
            "The mean of the \(whose)\(turned) in each cluster, which K-Means compares a new picture "
            + "with to find its cluster.\(all)"
    }

    /// What is added up in the curve of inertia.
    var inertia: String {
        let values =
            edition.clustering.view.map { "the \($0.compared), each row scaled to length 1" }
            ?? "pixels from 0 to 1"
        return
            "Inertia: the sum of squared distances of all pictures to the mean of their cluster, on \(values)."
    }

    /// What the times include.
    var times: String {
        let models = edition.neighbours.map(\.model)
        let groups = Dictionary(grouping: models, by: \.view).values.filter { $0.count > 1 }
        let shared = models.compactMap { first in groups.first { $0[0] == first } }.map { group in
            "\(Figures.list(group.map(\.title))) answer in one pass over all pairs of pictures, so "
                + "their time is that of \(group.count == 2 ? "both" : "all")."
        }
        return (shared + models.compactMap(\.words.fit)).joined(separator: " ")
    }
}
