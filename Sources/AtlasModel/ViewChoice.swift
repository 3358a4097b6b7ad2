/// How the view that K-Means and Pairwise both work on was chosen.
package struct ViewChoice: Sendable, Equatable, Codable {
    /// The word for a view that is chosen.
    package static let automatic = "auto"

    /// In the order of the table of models.
    package let candidates: [Candidate]
    /// Id of the view that was chosen.
    package let chosen: String
    /// Number of the first targets that were counted.
    package let n: Int
    /// Number of labelled dev pictures that were asked about.
    package let queries: Int
    /// Share of targets, drawn at random, that would share the type; `nil` without labelled dev
    /// pictures.
    package let chance: Double?
    /// Number of dev pictures that show the same ground as others.
    package let partnerQueries: Int
    /// Share of these others that targets drawn at random would find; `nil` without them.
    package let partnersChance: Double?

    package init(
        candidates: [Candidate], chosen: String, n: Int, queries: Int, chance: Double?,
        partnerQueries: Int, partnersChance: Double?
    ) {
        self.candidates = candidates
        self.chosen = chosen
        self.n = n
        self.queries = queries
        self.chance = chance
        self.partnerQueries = partnerQueries
        self.partnersChance = partnersChance
    }

    /// What Pairwise found by one view.
    package struct Candidate: Sendable, Equatable, Codable {
        /// Id of the view.
        package let view: String
        /// What is compared, as a noun: `pixels`.
        package let compared: String
        /// Targets that share the type of their candidate; `nil` when none could be counted.
        package let sameType: Rate?
        /// Pictures of the same ground that were found.
        package let partners: Rate?

        package init(view: String, compared: String, sameType: Rate?, partners: Rate?) {
            self.view = view
            self.compared = compared
            self.sameType = sameType
            self.partners = partners
        }
    }

    /// A share with its 95 % interval.
    package struct Rate: Sendable, Equatable, Codable {
        package let share: Double
        package let low: Double
        package let high: Double

        package init(share: Double, low: Double, high: Double) {
            self.share = share
            self.low = low
            self.high = high
        }
    }
}
