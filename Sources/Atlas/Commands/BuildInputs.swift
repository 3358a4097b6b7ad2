import AtlasModel
import Catalog
import Fingerprint
import Foundation
import Parallel
import Site

/// Digests of everything that an atlas is made from, so that a later build can tell what has
/// changed.
struct BuildInputs {
    let fields: [CacheKey.Field]

    /// - Parameters:
    ///   - collection: the listing is compared, not the content of the files.
    ///   - program: digest of this program.
    ///   - context: its seed and its number of threads change networks.
    init(
        _ options: BuildOptions, _ sources: BuildSources, _ collection: Collection,
        program: Fingerprint, _ context: BuildContext
    ) {
        fields =
            [
                .init(name: "program", value: .digest(program)),
                .init(name: "collection", value: .text(collection.name)),
                .init(name: "files", value: .digest(collection.fingerprint)),
                .init(
                    name: "settings", value: .digest(Self.digest(sources.content + "/atlas.yml"))),
                .init(
                    name: "labels", value: .digest(Self.digest(sources.content + "/labels.csv"))),
                .init(
                    name: "verdicts",
                    value: .digest(Self.digest(context.settings.verdictsPath))),
                .init(
                    name: "metadata",
                    value: .digest(
                        Fingerprint(
                            ofParts: context.settings.tablePaths.map { Self.digest($0).hex }))),
                .init(name: "seed", value: .unsigned(context.seed)),
                .init(name: "threads", value: .integer(context.workers.count)),
                .init(name: "texts", value: .digest(Self.digest(folder: sources.content))),
                .init(name: "templates", value: .digest(Self.digest(folder: sources.theme.folder))),
                .init(
                    name: "default templates",
                    value: .digest(
                        sources.theme.defaults.map { Self.digest(folder: $0) } ?? Self.none)),
                .init(
                    name: "network file",
                    value: .digest(
                        context.settings.networkFile.map { Self.digest($0) } ?? Self.none)),
                .init(
                    name: "K-Means file",
                    value: .digest(options.kmeans.map { Self.digest($0) } ?? Self.none)),
                .init(
                    name: "map file",
                    value: .digest(options.map.map { Self.digest($0) } ?? Self.none)),
                .init(
                    name: "votes",
                    value: .digest(
                        Self.digest(folder: options.review + "/votes", seesLikelyLeftovers: true))),
                .init(
                    name: "closed trials",
                    value: .digest(Self.digest(folder: options.review + "/closed"))),
            ] + options.keyFields
    }

    /// Stands for no file.
    private static let none = Fingerprint(of: "")

    /// Digest of a file; that of nothing when there is no such file.
    private static func digest(_ file: String) -> Fingerprint {
        (FileManager.default.contents(atPath: file)).map {
            $0.withUnsafeBytes { Fingerprint(of: $0) }
        } ?? none
    }

    /// - Parameter seesLikelyLeftovers: as `WatchedFiles` has it.
    private static func digest(folder: String, seesLikelyLeftovers: Bool = false) -> Fingerprint {
        WatchedFiles(
            paths: [folder], leavingOut: [], seesLikelyLeftovers: seesLikelyLeftovers
        ).digest
    }

    /// Digest of this program, because another version may give other results.
    static func program() throws -> Fingerprint {
        guard let path = Bundle.main.executablePath else { return none }
        return try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
            .withUnsafeBytes { Fingerprint(of: $0) }
    }
}

extension BuildOptions {
    /// Every option that the result depends on, except folders and files, whose contents count.
    var keyFields: [CacheKey.Field] {
        func optional(_ number: Int?) -> CacheKey.Value { .text(number.map { "\($0)" } ?? "") }
        return [
            .init(name: "--classifier", value: .text(classifier ?? "")),
            .init(name: "--budget", value: .text(budget.map { "\($0)" } ?? "")),
            .init(name: "--epochs", value: optional(epochs)),
            .init(name: "--input-size", value: optional(inputSide)),
            .init(name: "--k", value: optional(k)),
            .init(name: "--kmeans", value: .text(kmeans ?? "")),
            .init(name: "--map", value: .text(map ?? "")),
            .init(name: "--folds", value: optional(folds)),
            .init(name: "--top", value: optional(top)),
            .init(name: "--rotations", value: .text(rotations.map { "\($0)" } ?? "")),
            .init(name: "--view", value: .text(view ?? "")),
            .init(name: "--shares", value: .texts(shares.map { "\($0)" })),
            .init(name: "--split", value: .text(split?.rawValue ?? "")),
            .init(name: "--no-times", value: .flag(!times)),
        ]
    }
}
