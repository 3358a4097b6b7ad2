import Fingerprint

/// The paths of pages and pictures: the only place that turns keys into paths.
///
/// A page lies at `label/shard/name.html`, its picture beside it at `label/shard/name.jpg`: most
/// look-alikes of a picture have its label, so most links are short. Folder, shard and name depend on
/// the key alone, so a picture that is added later moves no page. Only if two keys would share a name,
/// the later one in key order gets a digest at its end.
struct AtlasPaths: Sendable {
    /// Of each key, in the order they were given.
    let places: [Place]
    /// Folder of each label that occurs in a key or was given.
    private let folders: [String: String]

    /// The place of one picture in the atlas.
    struct Place: Sendable, Hashable {
        let folder: String
        let shard: String
        let name: String

        var page: String { "\(folder)/\(shard)/\(name).html" }

        func picture(_ fileExtension: String) -> String {
            "\(folder)/\(shard)/\(name).\(fileExtension)"
        }

        var thumbnail: String { "thumbs/\(folder)/\(shard)/\(name).jpg" }

        /// The link from this picture's page to a file beside the page of another.
        /// - Parameter fileExtension: `html` for the page, that of the picture otherwise.
        func link(to other: Place, _ fileExtension: String) -> String {
            // Put together piece by piece, as there are some fifty on each page.
            var way = ""
            if folder != other.folder {
                way += "../../"
                way += other.folder
                way += "/"
            } else if shard != other.shard {
                way += "../"
            }
            if folder != other.folder || shard != other.shard {
                way += other.shard
                way += "/"
            }
            way += other.name
            way += "."
            way += fileExtension
            return way
        }
    }

    /// Names at the top of an atlas that no label may take, those of later pages included.
    static let reserved = Set(
        [
            "assets", "data", "edition", "manifest", "pictures", "sprites", "texts", "thumbs",
            "tiles", "votes",
        ] + PageKind.single.map(\.name) + PageKind.planned)

    /// Digits of a shard: 256 folders a label, so that pages and pictures of 128,000 make 1,000 files
    /// in each. A number that grew with the collection would move pages.
    private static let shardDigits = 2

    /// Longest name of a picture and of a label folder in bytes: the longest path,
    /// `thumbs/folder/00/name.jpg`, then stays below 120.
    static let longestName = 56
    static let longestFolder = 36

    /// - Parameters:
    ///   - keys: all keys of the edition, sorted by their UTF-8 bytes.
    ///   - labels: labels that need a folder even without a picture.
    init(keys: [String], labels: [String]) {
        let parts = keys.map(Self.parts)
        let folders = Self.folders(
            of: Set(parts.map(\.label)).union(labels).sorted(by: Self.byBytes))
        self.folders = folders
        let names = Self.names(of: keys, parts.map(\.stem), inFolders: parts.map(\.label))
        places = keys.indices.map { index in
            Place(
                folder: folders[parts[index].label, default: ""],
                shard: String(Fingerprint(of: keys[index]).hex.prefix(Self.shardDigits)),
                name: names[index])
        }
    }

    /// The folder of a label's pages.
    /// - Precondition: the label was given or occurs in a key.
    func folder(of label: String) -> String {
        guard let folder = folders[label] else { preconditionFailure("no folder for \(label)") }
        return folder
    }

    /// `label/stem` cut in two; a key without a label belongs to the unlabelled.
    private static func parts(_ key: String) -> (label: String, stem: String) {
        guard let slash = key.firstIndex(of: "/") else { return ("unlabelled", key) }
        return (String(key[..<slash]), String(key[key.index(after: slash)...]))
    }

    static func byBytes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

// MARK: - Names

extension AtlasPaths {
    /// The text in `[a-z0-9._-]`: capitals in lower case, a hyphen for every other byte. Dots at either
    /// end are removed, because systems hide such files or drop the dot.
    ///
    ///     AtlasPaths.cleaned("Mica schist.")  // "mica-schist"
    static func cleaned(_ text: String) -> String {
        let kept = text.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                byte
            default: UInt8(ascii: "-")
            }
        }
        let name = String(decoding: kept, as: UTF8.self)
        return String(
            name.drop { $0 == "." }.reversed().drop { $0 == "." }.reversed())
    }

    /// Whether Windows takes the name for a device: con, prn, aux, nul, com0 to com9, lpt0 to lpt9,
    /// with anything after a dot.
    static func isDevice(_ name: String) -> Bool {
        let stem = name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
        if ["con", "prn", "aux", "nul", "conin$", "conout$"].contains(stem) { return true }
        return stem.utf8.count == 4 && (stem.hasPrefix("com") || stem.hasPrefix("lpt"))
            && stem.last?.isNumber == true
    }

    /// A name for each key, distinct within a folder.
    ///
    /// Names that need no digest are assigned first, so that no name with a digest can equal one.
    private static func names(of keys: [String], _ stems: [String], inFolders labels: [String])
        -> [String]
    {
        var names = [String?](repeating: nil, count: keys.count)
        var taken = Set<String>(minimumCapacity: keys.count)
        let cleaned = stems.map(Self.cleaned)
        for index in keys.indices where isFaithful(cleaned[index], to: stems[index]) {
            if taken.insert(labels[index] + "/" + cleaned[index]).inserted {
                names[index] = cleaned[index]
            }
        }
        return keys.indices.map { index in
            if let name = names[index] { return name }
            return distinct(cleaned[index], of: keys[index], limit: longestName) {
                taken.insert(labels[index] + "/" + $0).inserted
            }
        }
    }

    /// A folder for each label. One that would equal another or a reserved name gets a digest at its
    /// end. Labels that can be folders unchanged are assigned first.
    private static func folders(of labels: [String]) -> [String: String] {
        var taken = reserved
        var folders: [String: String] = [:]
        // A dot would let a label take the name of a page at the top, `about.html`.
        let cleaned = labels.map { Self.cleaned($0).replacing(".", with: "-") }
        for faithful in [true, false] {
            for (label, name) in zip(labels, cleaned)
            where folders[label] == nil && (name == label || !faithful) {
                guard name.utf8.count <= longestFolder, isUsable(name) else { continue }
                if taken.insert(name).inserted { folders[label] = name }
            }
        }
        for (label, name) in zip(labels, cleaned) where folders[label] == nil {
            folders[label] = distinct(name, of: label, limit: longestFolder) {
                taken.insert($0).inserted
            }
        }
        return folders
    }

    /// Whether a name equals its stem but for capitals.
    private static func isFaithful(_ name: String, to stem: String) -> Bool {
        name.utf8.count == stem.utf8.count && name.utf8.count <= longestName && isUsable(name)
            && zip(name.utf8, stem.utf8).allSatisfy { kept, given in
                kept == given
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(given)
                        && kept == given | 0x20
            }
    }

    private static func isUsable(_ name: String) -> Bool { !name.isEmpty && !isDevice(name) }

    /// The name with as many digits of the text's digest at its end as are needed to make it unused.
    private static func distinct(
        _ name: String, of text: String, limit: Int, take: (String) -> Bool
    ) -> String {
        let digest = Fingerprint(of: text).hex
        for digits in [6, 10, 20, 32] {
            let kept = String(decoding: name.utf8.prefix(limit - digits - 1), as: UTF8.self)
            let stem = kept.isEmpty || isDevice(kept) ? "x" + kept : kept
            let candidate = stem + "-" + digest.prefix(digits)
            if take(candidate) { return candidate }
        }
        preconditionFailure("two texts have one digest, or one key was given twice")
    }
}
