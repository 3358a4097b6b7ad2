package import AtlasModel
import Catalog
import Classification
import Files
import Parallel
package import Similarity

/// The options of `similar` and `neighbours`.
package struct LikenessQuery: Sendable {
    /// In the order of the table of models.
    package let models: [LikenessModel]
    /// Largest number of targets of a candidate.
    package let top: Int
    /// Whether targets may be rotated.
    package let rotations: Bool
    /// Path of the network whose features are compared; `nil` for the network of the last build.
    package let classifier: String?
    /// Workspace of an earlier build or query, if one was named. It has the network of the build.
    /// `similar` reuses its entries and adds those that are missing.
    package let workspace: String?

    /// The workspace that is searched for the network of the last build when none was named.
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
    /// - Throws: `AtlasError.noNetwork`, `.seesCrops`, or what is wrong with the file.
    func network() throws -> StoredClassifier? {
        guard models.contains(where: \.view.needsNetwork) else { return nil }
        let path = try classifier ?? Workspace.network(in: workspace ?? Self.defaultWorkspace)
        let network = try Network.load(path)
        guard !network.architecture.seesCrops else { throw AtlasError.seesCrops(network: path) }
        return StoredClassifier(
            name: Paths.stem(of: path), path: path, classifier: .network(network))
    }
}

extension LikenessQuery {
    /// Words that `--model` accepts: the id of a model, the default pair, or all models.
    package static let words = LikenessTable.standard.models.map(\.id) + ["both", "all"]

    /// Words that `--view` accepts.
    package static let views =
        [ViewChoice.automatic] + LikenessTable.standard.pairedViews.map(\.id)

    /// The models that a word of `--model` names, in the order of the table; empty for an unknown
    /// word.
    package static func models(named word: String, in table: LikenessTable = .standard)
        -> [LikenessModel]
    {
        switch word {
        case "both": table.defaultPair
        case "all": table.models
        default: [table[word]].compactMap { $0 }
        }
    }

    /// `kmeans, pairwise, embedding, ground, both (K-Means and Pairwise) or all.`
    package static var help: String {
        let (ids, pair) = (words.dropLast(2), LikenessTable.standard.defaultPair.map(\.title))
        return "\(ids.joined(separator: ", ")), both (\(pair.joined(separator: " and "))) or all."
    }

    /// What the help says about single models.
    package static var discussion: String {
        LikenessTable.standard.models.compactMap(\.words.help).joined(separator: " ")
    }
}
