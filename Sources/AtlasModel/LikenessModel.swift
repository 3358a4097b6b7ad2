/// A likeness model: what it compares, where it searches, and what pages say about it.
///
/// A model is identified by its id. Two values with the same id are equal, and files and JSON
/// contain only the id. A decoder finds the model with that id among the models in its `userInfo`:
///
///     decoder.userInfo[.likenessModels] = [LikenessModel.kmeans, .pairwise]
///     try decoder.decode([LikenessModel].self, from: Data(#"["pairwise"]"#.utf8))  // [.pairwise]
package struct LikenessModel: Sendable, Identifiable {
    private let parts: Parts

    /// A model is copied with each vote and each list of look-alikes: one reference is counted then, not
    /// those of all its texts.
    private final class Parts: Sendable {
        let id, title: String
        let view: LikenessView
        let scope: LikenessScope
        let words: LikenessWords

        init(
            _ id: String, _ title: String, _ view: LikenessView, _ scope: LikenessScope,
            _ words: LikenessWords
        ) {
            (self.id, self.title, self.view, self.scope, self.words) = (
                id, title, view, scope, words
            )
        }
    }

    package init(
        id: String, title: String, view: LikenessView, scope: LikenessScope, words: LikenessWords
    ) {
        parts = Parts(id, title, view, scope, words)
    }

    /// Name in files, addresses and JSON: `kmeans`.
    package var id: String { parts.id }
    /// The name in headings: `K-Means`.
    package var title: String { parts.title }
    package var view: LikenessView { parts.view }
    package var scope: LikenessScope { parts.scope }
    package var words: LikenessWords { parts.words }
}

extension LikenessModel: Hashable {
    package static func == (left: LikenessModel, right: LikenessModel) -> Bool {
        left.id == right.id
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension LikenessModel: CustomStringConvertible {
    package var description: String { id }
}

extension CodingUserInfoKey {
    /// `[LikenessModel]`: the models that a decoder knows.
    package static let likenessModels: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "likenessModels") else {
            preconditionFailure("Every text is a key.")
        }
        return key
    }()
}

extension LikenessModel: Codable {
    /// - Throws: `DecodingError.dataCorrupted` for an id that none of the decoder's models has.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let id = try container.decode(String.self)
        let models = decoder.userInfo[.likenessModels] as? [LikenessModel] ?? []
        guard let model = models.first(where: { $0.id == id }) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "There is no likeness model \"\(id)\".")
        }
        self = model
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(id)
    }
}

/// Where a likeness model searches for targets.
package enum LikenessScope: Sendable, Hashable, CaseIterable {
    /// Among the pictures of the candidate's cluster.
    case cluster
    /// Among all pictures.
    case collection
}

/// What a likeness model compares of two pictures, and by which distance. Models of one view share
/// one pass over the pictures and one entry of the workspace.
package struct LikenessView: Sendable, Hashable, Identifiable {
    package let id: String
    /// What is compared, as a noun: `texture`.
    package let compared: String
    package let measure: LikenessMeasure
    /// Whether it compares features that a network computes.
    package let needsNetwork: Bool
    /// Whether it compares descriptors of the pictures' texture.
    package let needsTexture: Bool
    /// Whether the distance of two pictures also depends on the other pictures of the collection. Then
    /// all targets are searched again when a picture comes or goes.
    package var isCollective: Bool { needsTexture }
    /// The scopes that its search supports.
    package let scopes: Set<LikenessScope>
    /// File of the workspace for the neighbours: `neighbours.h5`.
    package let entry: String
    /// Raised when the algorithm changes so that its results change.
    package let revision: Int
    /// Which pictures of a candidate's own group are folded in its panels, by why they belong together.
    package let folded: Set<PairKind>

    package init(
        id: String, compared: String = "pixels", measure: LikenessMeasure,
        needsNetwork: Bool = false,
        needsTexture: Bool = false, scopes: Set<LikenessScope> = [.collection], entry: String,
        revision: Int = 1, folded: Set<PairKind> = Set(PairKind.allCases)
    ) {
        self.id = id
        self.compared = compared
        self.measure = measure
        self.needsNetwork = needsNetwork
        self.needsTexture = needsTexture
        self.scopes = scopes
        self.entry = entry
        self.revision = revision
        self.folded = folded
    }
}

/// What the distance of a view is. Distances of different measures cannot be compared.
package enum LikenessMeasure: Sendable, Hashable {
    /// 1 − Pearson correlation of the model vectors. Pages explain it without words from here.
    case correlation
    /// Another distance, from 0 for equal pictures to 2. The words complete the sentence "Distance
    /// is 1 − the correlation of the two pictures; ": `for the embedding, 1 − the cosine of …`.
    case other(String)
}

/// What pages and commands say about a likeness model.
package struct LikenessWords: Sendable {
    package typealias Sentence = @Sendable (LikenessFacts) -> String

    /// Heading of its panel on the page of a picture: `Nearest in the whole collection`. The caller
    /// adds `, turned to match`.
    package let panel: Sentence
    /// Heading of its panel on the page of `similar --html`: `The nearest of all pictures`.
    package let choice: Sentence
    /// Written after "likeness by" at the foot of every page: `pairwise correlation`.
    package let colophon: String
    /// Remark on its share of look-alikes of the same type; one or more sentences.
    package var basis: Sentence?
    /// What the time of its fit includes, if that is not clear; one sentence.
    package var fit: String?
    /// Written in the table of times when the time of the fit is unknown.
    package var withoutFit = "–"
    /// In the help of `--model`; one sentence.
    package var help: String?

    package init(panel: @escaping Sentence, choice: @escaping Sentence, colophon: String) {
        self.panel = panel
        self.choice = choice
        self.colophon = colophon
    }
}

/// Facts that sentences about a likeness model may use.
package struct LikenessFacts: Sendable, Equatable {
    /// Cluster of the candidate, counted from 1; `nil` when there are no clusters.
    package var cluster: Int?
    /// Number of clusters; `nil` when there are no clusters.
    package var clusters: Int?
    /// Name of the network in use.
    package var network: String?

    package init(cluster: Int? = nil, clusters: Int? = nil, network: String? = nil) {
        self.cluster = cluster
        self.clusters = clusters
        self.network = network
    }
}
