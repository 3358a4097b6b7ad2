package import AtlasModel
import Catalog
import Classification
import Parallel
package import Similarity

/// What `similar` and `neighbours` are asked for.
package struct LikenessQuery: Sendable {
    /// In the order of the table.
    package let models: [LikenessModel]
    /// Most targets of a candidate.
    package let top: Int
    /// Whether targets may be turned.
    package let rotations: Bool
    /// Path of the network whose features are compared; `nil` for that of the last build.
    package let classifier: String?
    /// Workspace of an earlier build or call, if one was named: it has the network of the build, and
    /// `similar` reuses what has not changed and adds the rest.
    package let workspace: String?

    /// Where the network of the last build is looked for when no workspace was named.
    private static let defaultWorkspace = ".geoatlas"

    package init(
        _ models: [LikenessModel], top: Int, rotations: Bool = false, classifier: String? = nil,
        workspace: String? = nil
    ) {
        self.models = models
        self.top = top
        self.rotations = rotations
        self.classifier = classifier
        self.workspace = workspace
    }

    /// The network, if a model compares its features; else `nil`.
    /// - Throws: `AtlasError.noNetwork`, or what is wrong with the file.
    func network() throws -> Network? {
        guard models.contains(where: \.view.needsNetwork) else { return nil }
        return try Network.load(
            try classifier ?? Workspace.network(in: workspace ?? Self.defaultWorkspace))
    }
}

extension LikenessQuery {
    /// What `--model` may be: the id of a model, the default pair, or all models.
    package static let words = LikenessTable.standard.models.map(\.id) + ["both", "all"]

    /// The models that a word of `--model` names, in the order of the table; none for another word.
    package static func models(named word: String, in table: LikenessTable = .standard)
        -> [LikenessModel]
    {
        switch word {
        case "both": table.defaultPair
        case "all": table.models
        default: [table[word]].compactMap { $0 }
        }
    }

    /// `kmeans, pairwise, embedding, both (K-Means and Pairwise) or all.`
    package static var help: String {
        let (ids, pair) = (words.dropLast(2), LikenessTable.standard.defaultPair.map(\.title))
        return "\(ids.joined(separator: ", ")), both (\(pair.joined(separator: " and "))) or all."
    }

    /// What the help says of single models.
    package static var discussion: String {
        LikenessTable.standard.models.compactMap(\.words.help).joined(separator: " ")
    }
}
