import AtlasModel

/// What the metadata say of the pictures of a map: values and words that tell a region from the others.
///
/// A value or a word tells a region if at least half of its pictures have it, and a picture of the region has
/// it at least twice as often as one of the whole map.
struct MapWords: Sendable {
    /// Those of one field.
    fileprivate struct Field: Sendable {
        /// Distinct values, and the words of them.
        let terms: [String]
        /// For each cell the values and words of its picture.
        let places: [[Int]]
        /// For each term how many pictures have it.
        let counts: [Int]
    }

    private let fields: [Field]
    private let all: Int

    /// Most words of a region.
    private static let most = 2
    /// Letters of a word, at least: shorter ones tell nothing.
    private static let shortest = 3

    static let none = MapWords([])

    /// - Parameter fields: for each field the distinct values, and for each cell the place of its value among
    ///   them. The empty value means that nothing is known.
    init(_ fields: [(values: [String], places: [Int])]) {
        all = fields.first?.places.count ?? 0
        self.fields = fields.map { values, places in
            var numbers: [String: Int] = [:]
            var terms: [String] = []
            let ofValue = values.map { value in
                Self.terms(of: value).map { term in
                    if let number = numbers[term] { return number }
                    numbers[term] = terms.count
                    terms.append(term)
                    return terms.count - 1
                }
            }
            var counts = [Int](repeating: 0, count: terms.count)
            for place in places {
                for term in ofValue[place] { counts[term] += 1 }
            }
            return Field(terms: terms, places: places.map { ofValue[$0] }, counts: counts)
        }
    }

    /// A value, and its words in lower case if there are several: `Quarry north`, `quarry`, `north`.
    private static func terms(of value: String) -> [String] {
        guard !value.isEmpty else { return [] }
        let words = value.lowercased().split { !$0.isLetter && !$0.isNumber }
        guard words.count > 1 else { return [value] }
        var terms = [value]
        for word in words where word.count >= shortest && !terms.contains(String(word)) {
            terms.append(String(word))
        }
        return terms
    }

    /// The terms that tell these cells from all others: at most one of each field, its longest of the most
    /// frequent ones, and at most two in all, the most frequent first.
    /// - Parameter title: what the region is called anyway.
    func common(_ cells: [Int], besides title: String = "") -> [String] {
        let found = fields.enumerated().compactMap { place, field in
            field.common(cells, all: all, besides: title.lowercased()).map { ($0, place) }
        }
        return found.sorted { ($1.0.count, $0.1) < ($0.0.count, $1.1) }.prefix(Self.most)
            .map(\.0.term)
    }
}

extension MapWords.Field {
    fileprivate func common(_ cells: [Int], all: Int, besides title: String) -> (
        term: String, count: Int
    )? {
        var own: [Int: Int] = [:]
        for cell in cells {
            for term in places[cell] { own[term, default: 0] += 1 }
        }
        let telling = own.filter { term, count in
            2 * count >= cells.count && count * all >= 2 * counts[term] * cells.count
                && terms[term].lowercased() != title
        }
        // Of a value and its words, which are as frequent, the value is longest.
        let best = telling.max { left, right in
            (left.value, terms[left.key].count, right.key)
                < (right.value, terms[right.key].count, left.key)
        }
        return best.map { (terms[$0.key], $0.value) }
    }
}

extension MapLayout {
    /// The words of all fields whose values are no numbers.
    func words(_ layout: Layout) -> MapWords {
        let metadata = layout.known
        return MapWords(
            metadata.fields.indices.filter { !metadata.fields[$0].kind.isNumber }
                .map { metadata.distinctValues(of: $0, among: pictures) })
    }
}
