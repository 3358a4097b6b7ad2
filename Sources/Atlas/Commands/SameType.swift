import AtlasModel
import Catalog
import Classification
import Statistics

extension Catalogue {
    /// How many of the first targets share the type of a test picture.
    /// - Parameter network: its training pictures are left out; `nil` to leave out none.
    func sameType(_ tables: [Neighbours], n: Int, network: Network?) -> SameTypeResult? {
        let queries = network.map(unseenTest) ?? labelled(in: .test)
        guard !queries.isEmpty else { return nil }
        let labels = images.map(\.label)
        func rate(_ table: Neighbours, _ asked: [Int]) -> SameTypeResult.Rate {
            .init(table.sameType(labels: labels, queries: asked, n: n))
        }
        let types = Dictionary(grouping: queries) { images[$0].key.prefix { $0 != "/" } }
        return SameTypeResult(
            n: n, queries: queries.count,
            models: Dictionary(
                uniqueKeysWithValues: tables.map { table in
                    let byType = types.map { (String($0), rate(table, $1)) }
                    return (
                        table.model.id,
                        .init(
                            all: rate(table, queries),
                            byType: Dictionary(uniqueKeysWithValues: byType))
                    )
                }))
    }
}
