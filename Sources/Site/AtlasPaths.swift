import AtlasModel
import Fingerprint

/// The paths of pages and pictures. Only this type turns keys into paths.
///
/// A page is at `label/shard/name.html`, and its picture beside it at `label/shard/name.jpg`. Most
/// look-alikes of a picture have its label, so most links are short. Folder, shard and name depend
/// only on the key, so a picture that is added later moves no page, with two exceptions: if two keys
/// would get the same name, the later one in key order gets a digest at its end; and the pages of a
/// label move once, when it gets more than 100,000 pictures (`mostInOneLevel`).
struct AtlasPaths: Sendable {
    /// The place of each key, in the order in which the keys were given.
    let places: [Place]
    /// Folder of each label that occurs in a key or was given as a label.
    private let folders: [String: String]

    /// The place of one picture in the atlas.
    struct Place: Sendable, Hashable {
        let folder: String
        /// `ab`, or `ab/c` in a label of very many pictures.
        let shard: String
        let name: String
        /// `shard/name.`
        private let tail: String
        /// The way from the page to the folder of the label: `../` for each level of the shard.
        let wayToFolder: String

        init(folder: String, shard: String, name: String) {
            self.folder = folder
            self.shard = shard
            self.name = name
            tail = "\(shard)/\(name)."
            wayToFolder = AtlasPaths.wayUp(from: tail)
        }

        /// The way from the page to the root of the atlas.
        var wayToRoot: String { wayToFolder + "../" }

        var page: String { "\(folder)/\(shard)/\(name).html" }

        func picture(_ fileExtension: String) -> String {
            "\(folder)/\(shard)/\(name).\(fileExtension)"
        }

        var thumbnail: String { "thumbs/\(folder)/\(shard)/\(name).jpg" }

        var preview: String { "previews/\(folder)/\(shard)/\(name).jpg" }

        /// The link from this picture's page to a file beside the page of another.
        /// - Parameter fileExtension: `html` for the page, that of the picture otherwise.
        func link(to other: Place, _ fileExtension: String) -> String {
            // Assembled by hand because each page has about fifty links.
            var way = ""
            if folder != other.folder {
                way += wayToRoot
                way += other.folder
                way += "/"
                way += other.tail
            } else if shard != other.shard {
                way += wayToFolder
                way += other.tail
            } else {
                way += other.name
                way += "."
            }
            way += fileExtension
            return way
        }
    }

    /// Names at the root of an atlas that no label may use.
    static let reserved = Set(
        [
            "assets", "data", "edition", "manifest", "pictures", "previews", "sprites", "texts",
            "thumbs",
            "tiles", "votes",
        ] + PageKind.single.map(\.name))

    /// Most keys of a label whose shards have one level. Two digits give 256 folders, with 391 of these keys in
    /// each on average and less than 500 in every one: with a page and a picture for each, no folder has more
    /// than 1,000 files. A label of more keys has folders in these folders.
    private static let mostInOneLevel = 100_000

    /// Longest name of a picture and of a label folder, in bytes. It keeps the longest path,
    /// `previews/folder/00/0/name.jpg`, below 120 bytes.
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
        var counts: [String: Int] = [:]
        for part in parts { counts[part.label, default: 0] += 1 }
        places = keys.indices.map { index in
            let label = parts[index].label
            let isDeep = counts[label, default: 0] > Self.mostInOneLevel
            return Place(
                folder: folders[label, default: ""],
                shard: Self.shard(of: keys[index], isDeep: isDeep), name: names[index])
        }
    }

    /// The way from a file to where its path begins: `../` for each of its folders.
    ///
    ///     AtlasPaths.wayUp(from: "gneiss/ab/1.html")  // "../../"
    static func wayUp(from path: String) -> String {
        String(repeating: "../", count: path.utf8.count { $0 == UInt8(ascii: "/") })
    }

    /// The first digits of a key's digest: `ab`, with two levels `ab/c`.
    private static func shard(of key: String, isDeep: Bool) -> String {
        let digits = Fingerprint(of: key).hex
        return isDeep
            ? "\(digits.prefix(2))/\(digits.dropFirst(2).prefix(1))" : String(digits.prefix(2))
    }

    /// The folder of a label's pages.
    /// - Precondition: the label was given or occurs in a key.
    func folder(of label: String) -> String {
        guard let folder = folders[label] else { preconditionFailure("no folder for \(label)") }
        return folder
    }

    /// Splits `label/stem`. A key without a label belongs to the unlabelled pictures.
    private static func parts(_ key: String) -> (label: String, stem: String) {
        guard let slash = key.firstIndex(of: "/") else { return ("unlabelled", key) }
        return (String(key[..<slash]), String(key[key.index(after: slash)...]))
    }

    static func byBytes(_ left: String, _ right: String) -> Bool {
        left.precedes(right)
    }
}

// MARK: - Names

extension AtlasPaths {
    /// The text in `[a-z0-9._-]`: capitals become lower case, and every other byte becomes a
    /// hyphen. Dots at either end are removed, because systems hide such files or drop the dot.
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
        func isDot(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") }
        let name = kept.drop(while: isDot)
        guard let last = name.lastIndex(where: { !isDot($0) }) else { return "" }
        return String(decoding: name[...last], as: UTF8.self)
    }

    /// Whether Windows treats the name as a device: con, prn, aux, nul, com0 to com9 and lpt0 to
    /// lpt9, also when a dot and more text follow.
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

    /// A folder for each label. A folder name that would equal another one or a reserved name gets
    /// a digest at its end. Labels that are valid folder names are assigned first.
    private static func folders(of labels: [String]) -> [String: String] {
        var taken = reserved
        var folders: [String: String] = [:]
        // With a dot, a label could get the name of a page at the root, `about.html`.
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

    /// Whether a name equals its stem apart from capitals.
    private static func isFaithful(_ name: String, to stem: String) -> Bool {
        name.utf8.count == stem.utf8.count && name.utf8.count <= longestName && isUsable(name)
            && zip(name.utf8, stem.utf8).allSatisfy { kept, given in
                kept == given
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(given)
                        && kept == given | 0x20
            }
    }

    private static func isUsable(_ name: String) -> Bool { !name.isEmpty && !isDevice(name) }

    /// The name, followed by as many digits of the text's digest as make it unique.
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
