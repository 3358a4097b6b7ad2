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
        let pictures = Self.pictures(of: layout.edition.metadata).sorted {
            $0.key.precedes($1.key)
        }
        let items = pictures.reduce(0) { $0 + $1.value.count }
        let members =
            items <= SearchData.undividedLimit
            ? (pictures.isEmpty ? [:] : ["~": Array(pictures.indices)])
            : Self.members(of: pictures.map(\.key))
        parts = members.sorted { $0.key < $1.key }.map { name, members in
            var script = Script()
            script.add("GEO.keys[")
            script.add(text: name)
            script.add("]={items:")
            let rows = members.lazy.flatMap { place in
                pictures[place].value.lazy.map { (index: $0, value: pictures[place].key) }
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
                let text = value.shortened(to: longest)
                Self.add(index, to: &pictures[text, default: []])
            }
        }
        return pictures.mapValues { $0.sorted() }
    }

    private static func add(_ index: Int, to pictures: inout [Int]) {
        // A picture may have the same value in two fields.
        if pictures.count < shown, pictures.last != index { pictures.append(index) }
    }

    /// The places of the values that each part has, in ascending order.
    private static func members(of values: [String]) -> [String: [Int]] {
        var numbers: [Substring: Int] = [:]
        // By number of the word.
        var counts: [Int] = []
        var parts: [String] = []
        let words = values.map { value in
            self.words(of: value).map { word -> Int in
                if let number = numbers[word] {
                    counts[number] += 1
                    return number
                }
                numbers[word] = counts.count
                counts.append(1)
                parts.append("~" + SearchData.part(of: String(word)))
                return counts.count - 1
            }
        }
        var seen = [Int](repeating: 0, count: counts.count)
        var members: [String: [Int]] = [:]
        for (place, words) in words.enumerated() {
            let rarest = words.min { counts[$0] < counts[$1] }
            for word in words {
                seen[word] += 1
                guard word == rarest || seen[word] <= shared else { continue }
                if members[parts[word]]?.last != place {
                    members[parts[word], default: []].append(place)
                }
            }
        }
        return members
    }

    /// The different words of a value in lower case, sorted.
    private static func words(of value: String) -> [Substring] {
        let text = value.lowercased()
        // Splitting bytes is faster than splitting characters.
        let words =
            text.utf8.allSatisfy { $0 < 0x80 }
            ? text.utf8.split(whereSeparator: { !isWord($0) }).map { Substring($0) }
            : text.split { !$0.isLetter && !$0.isNumber }
        return words.count < 2 ? words : Set(words).sorted()
    }

    /// Whether a byte of ASCII is a lower-case letter or a digit.
    private static func isWord(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
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
