package import AtlasModel
import Catalog
import Files
import Tables

extension Run {
    /// Finds the pictures of a collection that belong together.
    /// - Parameters:
    ///   - output: HDF5 file to write, if one is wanted.
    ///   - table: CSV file to write, if one is wanted.
    package func groups(_ source: CollectionSource, output: String?, table: String?) throws
        -> GroupsResult
    {
        for file in [output, table].compactMap({ $0 }) {
            try OutputPlace.require(for: file, reading: source.paths)
        }
        var (context, collection) = try self.context(for: source)
        let loaded = try context.load(CollectionRequest(source), from: collection)
        let groups = try context.groups(of: loaded)
        let result = GroupsResult(
            keys: loaded.images.map(\.key), groups, verdicts: loaded.verdicts,
            errata: loaded.catalogue.errata)
        if let output { try GroupsFile.write(output, keys: result.keys, groups) }
        if let table { try result.write(to: table) }
        return result
    }
}

/// The pictures of a collection that belong together.
package struct GroupsResult: Encodable, Sendable, Equatable {
    package let images: Int
    /// The keys of each group of two pictures and more.
    package let groups: [[String]]
    package let pairs: [Pair]
    package let errata: [Erratum]
    /// The keys of all pictures.
    let keys: [String]

    package struct Pair: Encodable, Sendable, Equatable {
        package let a: String
        package let b: String
        package let kind: PairKind
        package let down: Int
        package let right: Int
        package let turn: Int
        /// `nil` for pictures of one specimen.
        package let correlation: Double?
        /// Whether the pair connects its pictures to one group.
        package let connects: Bool
        /// What somebody has decided: `duplicate` or `not a duplicate`; `nil` if nobody has.
        package let verdict: String?
    }

    private enum CodingKeys: CodingKey {
        case images, groups, pairs, errata
    }

    init(
        keys: [String], _ groups: PictureGroups, verdicts: [DuplicateVerdict], errata: [Erratum]
    ) {
        self.keys = keys
        self.errata = errata
        images = keys.count
        self.groups = groups.members.map { $0.map { keys[$0] } }
        let words = Dictionary(
            verdicts.map { ($0.pictures, $0.word) }, uniquingKeysWith: { first, _ in first })
        let all = (groups.pairs + groups.denied).sorted { ($0.a, $0.b) < ($1.a, $1.b) }
        pairs = all.map { pair in
            Pair(
                a: keys[pair.a], b: keys[pair.b], kind: pair.kind, down: pair.down,
                right: pair.right, turn: pair.turn,
                correlation: pair.correlation.isNaN ? nil : pair.correlation,
                connects: groups.first[pair.a] == groups.first[pair.b],
                verdict: words[pair.pictures])
        }
    }

    /// Writes the pairs as a table.
    /// - Throws: `CatalogError.notWritten`.
    func write(to path: String) throws {
        var text = CSV.line([
            "a", "b", "kind", "down", "right", "turn", "correlation", "connects", "verdict",
        ])
        for pair in pairs {
            text += CSV.line([
                pair.a, pair.b, pair.kind.rawValue, "\(pair.down)", "\(pair.right)",
                "\(pair.turn)", pair.correlation.map { "\($0)" } ?? "",
                pair.connects ? "yes" : "no", pair.verdict ?? "",
            ])
        }
        do {
            try AtomicFile.write(Array(text.utf8), to: path, durably: false)
        } catch {
            throw CatalogError.notWritten(path: path, reason: error.reason)
        }
    }
}
