import AtlasModel

extension SearchData {
    /// Letters of the words of a picture.
    private static let longestWords = 120

    /// The parts of the search with words of metadata. Their names begin with `~`: one part for up to
    /// 5,000 pictures, otherwise one for each first character of a word.
    ///
    /// An item is `[key, page, picture, px, words]`.
    static func wordParts(_ layout: Layout) -> [(name: String, file: File)] {
        let words = layout.edition.images.indices.map { Self.words(of: $0, layout) }
        let known = words.indices.filter { !words[$0].isEmpty }
        var members: [String: [Int]] = [:]
        for index in known {
            for name in known.count <= undividedLimit ? ["~"] : names(of: words[index]) {
                members[name, default: []].append(index)
            }
        }
        return members.sorted { $0.key < $1.key }.map { name, members in
            var script = Script()
            script.add("GEO.keys[")
            script.add(text: name)
            script.add("]={items:")
            script.add(list: members) { script, index in
                let image = layout.edition.images[index]
                script.add("[")
                for text in [
                    image.key, layout.paths.places[index].page, layout.preview(of: index),
                ] {
                    script.add(text: text)
                    script.add(",")
                }
                script.add("\(image.isSmall ? 1 : 0),")
                script.add(text: words[index])
                script.add("]")
            }
            script.add("};\n")
            let part = name.dropFirst()
            return (name, script.file("search-words\(part.isEmpty ? "" : "-\(part)")"))
        }
    }

    /// The values that readers search for; numbers are left to the filters of plates.
    private static func words(of index: Int, _ layout: Layout) -> String {
        let metadata = layout.edition.metadata
        let values = zip(metadata.fields, metadata.values).compactMap { field, values in
            field.kind.isNumber || values[index].isEmpty ? nil : values[index]
        }
        return String(values.joined(separator: ", ").prefix(longestWords))
    }

    /// The parts in which words are looked for: those of their first characters.
    private static func names(of words: String) -> [String] {
        let parts = words.split { !$0.isLetter && !$0.isNumber }.map { "~" + part(of: String($0)) }
        return Set(parts).sorted()
    }
}
