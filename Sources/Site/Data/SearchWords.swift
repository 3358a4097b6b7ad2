import AtlasModel

/// The parts of the search with the values of metadata. Their names begin with `~`.
///
/// An item is `[key, page, picture, px, value]`. A value has at most as many items as the list of
/// results has rows, so that one that all pictures have costs no more than others.
///
/// Up to 5,000 items there is one part. With more there is one for each first character of a word.
/// A value is in the part of its rarest word, and in those of words that not many values have. So
/// the parts stay small, and a text that somebody types in full is found: the script loads the parts
/// of all its words.
struct SearchWords {
    /// The parts by their names, sorted.
    let parts: [(name: String, file: File)]

    /// Pictures of a value. `SHOWN` in `templates/search.js` is the same.
    private static let shown = 8
    /// Largest number of values that are found by a word that they share.
    private static let shared = 1_000
    /// Letters of a value.
    private static let longest = 120

    init(_ layout: Layout) {
        let pictures = Self.pictures(of: layout.edition.metadata)
        let values = pictures.keys.sorted { $0.precedes($1) }
        let items = pictures.values.reduce(0) { $0 + $1.count }
        let names =
            items <= SearchData.undividedLimit ? values.map { _ in ["~"] } : Self.names(of: values)
        var members: [String: [Int]] = [:]
        for (place, names) in names.enumerated() {
            for name in names { members[name, default: []].append(place) }
        }
        parts = members.sorted { $0.key < $1.key }.map { name, members in
            var script = Script()
            script.add("GEO.keys[")
            script.add(text: name)
            script.add("]={items:")
            let rows = members.flatMap { place in
                pictures[values[place], default: []].map { (index: $0, value: values[place]) }
            }
            script.add(list: rows) { $0.add(value: $1.value, of: $1.index, layout) }
            script.add("};\n")
            let part = name.dropFirst()
            return (name, script.file("search-words\(part.isEmpty ? "" : "-\(part)")"))
        }
    }

    /// The first pictures of each value that readers search for. Numbers are left to the filters of
    /// plates.
    private static func pictures(of metadata: Metadata) -> [String: [Int]] {
        var pictures: [String: [Int]] = [:]
        for (field, values) in zip(metadata.fields, metadata.values) where !field.kind.isNumber {
            for (index, value) in values.enumerated() where !value.isEmpty {
                let text = String(value.prefix(longest))
                // A picture may have the same value in two fields.
                if pictures[text, default: []].count < shown, pictures[text]?.last != index {
                    pictures[text, default: []].append(index)
                }
            }
        }
        return pictures.mapValues { $0.sorted() }
    }

    /// The parts of each value.
    private static func names(of values: [String]) -> [[String]] {
        let words = values.map { value in
            Set(value.lowercased().split { !$0.isLetter && !$0.isNumber }).sorted()
        }
        var counts: [Substring: Int] = [:]
        for word in words.joined() { counts[word, default: 0] += 1 }
        var seen: [Substring: Int] = [:]
        return words.map { words in
            let rarest = words.min { counts[$0, default: 0] < counts[$1, default: 0] }
            let found = words.filter { word in
                seen[word, default: 0] += 1
                return word == rarest || seen[word, default: 0] <= shared
            }
            return Set(found.map { "~" + SearchData.part(of: String($0)) }).sorted()
        }
    }
}

extension Script {
    fileprivate mutating func add(value: String, of index: Int, _ layout: Layout) {
        let image = layout.edition.images[index]
        add("[")
        for text in [image.key, layout.paths.places[index].page, layout.preview(of: index)] {
            add(text: text)
            add(",")
        }
        add("\(image.isSmall ? 1 : 0),")
        add(text: value)
        add("]")
    }
}
