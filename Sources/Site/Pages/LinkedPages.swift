/// To which other pages of its plate a page has links.
enum LinkedPages {
    /// Up to so many pages, each has links to all.
    private static let all = 30
    /// Numbers on either side of the current page, for each power of ten.
    private static let near = 4

    /// The numbers of the pages, from 0, rising, the current one among them. Of a plate of very many pages they are
    /// the first, the last, those near the current one, and those near it of which the reader sees a multiple of ten,
    /// of a hundred and so on. So a page has a few dozen links at most, and every other one is a few steps away.
    ///
    ///     LinkedPages.numbers(of: 3, around: 1)  // [0, 1, 2]
    static func numbers(of count: Int, around current: Int) -> [Int] {
        guard count > all else { return Array(0..<count) }
        // Counted from 1, as readers see them.
        var shown: Set<Int> = [1, count]
        var step = 1
        while step < count {
            let middle = (current + 1) / step
            for multiple in middle - near...middle + near { shown.insert(multiple * step) }
            step *= 10
        }
        return shown.filter { 1...count ~= $0 }.map { $0 - 1 }.sorted()
    }
}
