import AtlasModel

/// The data of the search on the front page.
///
/// `data/search.<digest>.js`, loaded with the page:
///
///     GEO.types = …;
///     GEO.search = {types: [[title, page, pictures], …], parts: {"a": "data/search-a.<digest>.js", …}};
///     GEO.keys = {};
///
/// A part is loaded as a script when it is needed, and fills `GEO.keys` under its name:
///
///     GEO.keys["a"] = {pics: "", ext: ".jpg", px: 1, items: [item, …]}
///
/// An item `"label/shard/stem"` means the key `label/stem`. Its page is the item in lower case +
/// `.html`. Its picture is `pics` + the item in lower case + `ext`, shown without smoothing if `px`
/// is 1. Where one of these does not hold, the item is `[key, page, picture, px]`. Items are in key
/// order. Up to 5,000 keys there is one part, named `""`. With more keys there is one part for each
/// first character of the stem: `a` to `z`, `0` to `9`, and `_` for all others.
/// Values of metadata are in further parts (`SearchWords`).
struct SearchData {
    /// Largest number of keys in a single part.
    static let undividedLimit = 5_000

    /// The script that the front page loads.
    let index: File
    let parts: [File]

    init(_ layout: Layout) {
        let images = layout.edition.images
        var groups: [String: [Int]] = [:]
        for index in images.indices {
            let name = images.count <= Self.undividedLimit ? "" : Self.part(of: images[index].stem)
            groups[name, default: []].append(index)
        }
        let names = groups.keys.sorted()
        let words = SearchWords(layout).parts
        parts = names.map { Self.part($0, groups[$0, default: []], layout) } + words.map(\.file)
        var script = Script()
        layout.addTypes(to: &script)
        script.add("GEO.search={types:")
        script.add(list: layout.plates) { script, plate in
            script.add("[")
            script.add(text: layout.signs[plate.type].title)
            script.add(",")
            script.add(text: plate.pages[0].path)
            script.add(",\(plate.members.count)]")
        }
        script.add(",parts:{")
        for (place, name) in (names + words.map(\.name)).enumerated() {
            if place > 0 { script.add(",") }
            script.add(text: name)
            script.add(":")
            script.add(text: parts[place].path)
        }
        script.add("}};\nGEO.keys={};\n")
        index = script.file("search")
    }

    /// The part with the key of a stem.
    static func part(of stem: String) -> String {
        guard let first = stem.lowercased().utf8.first else { return "_" }
        let isPlain =
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        return isPlain ? String(UnicodeScalar(first)) : "_"
    }

    private static func part(_ name: String, _ members: [Int], _ layout: Layout) -> File {
        // The most common kind of picture is the default; the others are exceptions.
        var counts: [Kind: Int] = [:]
        for index in members { counts[Kind(layout.edition.images[index]), default: 0] += 1 }
        let common = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? .small
        var script = Script()
        script.add("GEO.keys[")
        script.add(text: name)
        script.add("]={pics:")
        script.add(text: common.isReduced ? "thumbs/" : "")
        script.add(",ext:")
        script.add(text: "." + common.fileExtension)
        script.add(",px:\(common.isSmall ? 1 : 0),items:")
        script.add(list: members) { $0.add(item: $1, common, layout) }
        script.add("};\n")
        return script.file(name.isEmpty ? "search-all" : "search-\(name)")
    }

    /// How the preview of a picture is stored and shown.
    fileprivate struct Kind: Hashable, Comparable {
        let isReduced: Bool
        let fileExtension: String
        let isSmall: Bool

        static let small = Kind(isReduced: false, fileExtension: "jpg", isSmall: true)

        static func < (left: Kind, right: Kind) -> Bool { left.order < right.order }

        private var order: String { "\(isReduced)\(isSmall)\(fileExtension)" }
    }
}

extension SearchData.Kind {
    fileprivate init(_ image: ImageRecord) {
        let isReduced = image.thumbnailSize != nil
        self.init(
            isReduced: isReduced,
            fileExtension: isReduced ? "jpg" : image.published.fileExtension, isSmall: image.isSmall
        )
    }
}

extension Script {
    fileprivate mutating func add(item index: Int, _ common: SearchData.Kind, _ layout: Layout) {
        let image = layout.edition.images[index]
        let place = layout.paths.places[index]
        let label = image.key.labelOfKey
        let page = "\(label)/\(place.shard)/\(image.stem)"
        if SearchData.Kind(image) == common, image.key == "\(label)/\(image.stem)",
            page.lowercased() + ".html" == place.page
        {
            add(text: page)
            return
        }
        add("[")
        for text in [image.key, place.page, layout.preview(of: index)] {
            add(text: text)
            add(",")
        }
        add("\(image.isSmall ? 1 : 0)]")
    }
}
