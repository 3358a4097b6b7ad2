import AtlasModel
import Testing

@testable import Site

/// Names of regions of the map, on maps of 48 × 24 cells. Expected values are worked by hand: blocks have 8 cells
/// along a side, then 4.
@Suite struct MapNamesTests {
    private static let count = 48 * 24

    /// - Parameter label: of a column and a row.
    private static func names(
        words: MapWords = .none, clusters: (Int, Int) -> Int? = { _, _ in nil },
        _ label: (Int, Int) -> Int?
    ) -> [MapNames.Name] {
        MapNames(
            MapNames.Cells(
                columns: 48, labels: (0..<count).map { label($0 % 48, $0 / 48) },
                clusters: (0..<count).map { clusters($0 % 48, $0 / 48) },
                ranks: (0..<count).map { $0 == 700 || $0 == 701 ? 2 : 1 }, words: words),
            titles: ["Andesite", "Gneiss"]
        ).names
    }

    @Test func `A region has its name in its middle, and the picture of the largest PageRank`() {
        // Andesite in the left third.
        let names = Self.names { x, _ in x < 16 ? 0 : 1 }
        #expect(names.prefix(2).map(\.title) == ["Gneiss", "Gneiss"])
        #expect(names.map(\.side) == [8, 4, 8, 4])
        // Four of six columns of blocks, three rows: the middle is between two, so the first is taken.
        #expect(
            names[0]
                == .init(
                    side: 8, x: 28, y: 12, count: 32 * 24, cell: 700, title: "Gneiss",
                    more: "768 of 768"))
        #expect(
            names[2]
                == .init(
                    side: 8, x: 4, y: 12, count: 16 * 24, cell: 0, title: "Andesite",
                    more: "384 of 384"))
    }

    @Test func `A block without a majority has no name`() {
        // Two labels in turn.
        #expect(Self.names { x, _ in x % 2 }.isEmpty)
        // 3 of 4 pictures are gneiss.
        let mixed = Self.names { x, y in x % 2 == 0 && y % 2 == 0 ? 0 : 1 }
        #expect(mixed.map(\.more) == ["864 of 1,152", "864 of 1,152"])
        // Cell 700 has the same PageRank, but is andesite.
        #expect(mixed.map(\.cell) == [701, 701])
    }

    @Test func `Where most pictures have no label the cluster gives the name`() {
        let names = Self.names(clusters: { x, _ in x < 24 ? 3 : nil }, { x, _ in x < 32 ? nil : 0 })
        #expect(Set(names.map(\.title)) == ["Cluster 4", "Unlabelled", "Andesite"])
        #expect(names.first { $0.title == "Cluster 4" }?.more == "576 of 576")
        #expect(names.first { $0.title == "Unlabelled" }?.more == "192 of 192")
        let labelled = Self.names(clusters: { x, _ in x < 40 ? 1 : 0 }, { _, _ in 1 })
        #expect(labelled[0].more == "1,152 of 1,152, cluster 2")
    }

    @Test func `Words of the metadata stand after the name where they tell the region from others`()
    {
        // All of andesite is from the quarry in the north, and all pictures are by one collector.
        let quarry = (0..<Self.count).map { $0 % 48 < 16 ? 1 : $0 % 48 < 20 ? 2 : 0 }
        let words = MapWords([
            (["", "Quarry north", "Quarry south"], quarry),
            (["", "Smith"], [Int](repeating: 1, count: Self.count)),
        ])
        let names = Self.names(words: words) { x, _ in x < 16 ? 0 : 1 }
        #expect(
            names.filter { $0.title == "Andesite" }.map(\.more) == [
                "384 of 384, Quarry north", "384 of 384, Quarry north",
            ])
        #expect(names.first { $0.title == "Gneiss" }?.more == "768 of 768")
    }
}

@Suite struct MapWordsTests {
    @Test func `At least half of a region and twice as many as everywhere have the word`() {
        // Eight of 32 pictures are "a": a region of eight needs four of them, for both rules.
        let words = MapWords([(["", "a", "b"], (0..<32).map { $0 < 8 ? 1 : 2 })])
        #expect(words.common([0, 1, 2, 3, 8, 9, 10, 11]) == ["a"])
        #expect(words.common([0, 1, 2, 8, 9, 10, 11, 12]).isEmpty)
        // All are "b", but so are three of four everywhere.
        #expect(words.common(Array(8..<16)).isEmpty)
        #expect(words.common([0, 1, 2, 3], besides: "A").isEmpty)
    }

    @Test func `Words of several values count together`() {
        let values = ["", "coarse quartz vein", "fine quartz", "of mud"]
        let words = MapWords([(values, [1, 2, 1, 2, 3, 3, 3, 3, 0, 0, 0, 0])])
        #expect(words.common([0, 1, 2, 3]) == ["quartz"])
        #expect(words.common([0, 2]) == ["coarse quartz vein"])
        #expect(words.common([4, 5, 6]) == ["of mud"])
        #expect(words.common([8, 9, 10]).isEmpty)
    }

    @Test func `Two words are told at most, the most frequent first`() {
        let places = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
        var fewer = places
        fewer[0] = 0
        let words = MapWords([(["", "x"], fewer), (["", "y"], places), (["", "z"], places)])
        #expect(words.common([0, 1, 2, 3]) == ["y", "z"])
        #expect(MapWords.none.common([0]).isEmpty)
    }
}
