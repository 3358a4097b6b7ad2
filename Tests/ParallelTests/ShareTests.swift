import Parallel
import Testing

@Suite struct ShareTests {
    private func shares(_ count: Int) -> [Share] {
        (0..<count).map { Share(index: $0, count: count) }
    }

    @Test(
        "Ranges follow each other, and their lengths differ by one at most",
        arguments: [0, 1, 7, 8, 100])
    func ranges(total: Int) {
        for count in [1, 3, 8, 20] {
            let ranges = shares(count).map { $0.range(of: total) }
            #expect(ranges.flatMap(Array.init) == Array(0..<total))
            let lengths = ranges.map(\.count)
            #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
        }
    }

    @Test("Rows of a triangle follow each other, and all shares have almost the same work")
    func triangle() {
        for (total, count) in [(0, 3), (1, 3), (8, 2), (52, 20), (2_000, 20)] {
            let ranges = shares(count).map { $0.triangularRange(of: total) }
            #expect(ranges.flatMap(Array.init) == Array(0..<total))
            // The work of a share differs from an equal share by less than its longest row.
            let equal = Double(total * (total + 1) / 2) / Double(count)
            for range in ranges {
                let work = range.reduce(0) { $0 + $1 + 1 }
                #expect(abs(Double(work) - equal) <= Double(total))
            }
        }
    }

    @Test("The only share has everything")
    func whole() {
        #expect(Share.whole.range(of: 5) == 0..<5)
        #expect(Share.whole.triangularRange(of: 5) == 0..<5)
        #expect(Share(index: 0, count: 2).triangularRange(of: 8) == 0..<5)
    }
}
