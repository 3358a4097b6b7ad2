import AtlasModel
import Catalog
import Classification
import Statistics

extension Catalogue {
    /// How many of the first targets that do not belong to the group of a test picture share its type.
    /// - Parameter network: groups that it has seen are left out; `nil` to leave out none.
    func sameType(_ tables: [Neighbours], n: Int, network: Network?) -> SameTypeResult? {
        let queries = network.map { unseenTest(by: $0.trainingDigests) } ?? labelled(in: .test)
        guard !queries.isEmpty else { return nil }
        let labels = images.map(\.label)
        func rate(_ table: Neighbours, _ asked: [Int], _ counted: CountedTargets = .otherGroups)
            -> SameTypeResult.Rate
        {
            .init(
                table.sameType(labels: labels, groups: groups, queries: asked, n: n, counted))
        }
        let types = Dictionary(grouping: queries) { images[$0].key.labelOfKey }
        return SameTypeResult(
            n: n, queries: queries.count,
            models: Dictionary(
                uniqueKeysWithValues: tables.map { table in
                    let byType = types.map { ($0, rate(table, $1)) }
                    return (
                        table.model.id,
                        .init(
                            all: rate(table, queries), withGroups: rate(table, queries, .all),
                            byType: Dictionary(uniqueKeysWithValues: byType))
                    )
                }))
    }
}
