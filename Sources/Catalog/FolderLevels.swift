import AtlasModel

/// The folders of a collection, as far as their names say something about the pictures in them.
///
/// Data sets that come divided have folders `train`, `valid` and `test`. They say which set of the
/// split a picture belongs to, and nothing about its type.
struct FolderLevels {
    /// Folders, as paths, that stand for a set of the split.
    let sets: [String: Split]
    /// Number of folders that all pictures share.
    private let shared: Int

    /// - Parameter folders: paths of the folders that hold pictures, without the file name.
    init(_ folders: [String]) {
        let parts = folders.map { $0.split(separator: "/") }
        var prefix = parts.first ?? []
        for folder in parts {
            let same = zip(prefix, folder).prefix { $0 == $1 }.count
            prefix = Array(prefix.prefix(same))
        }
        shared = prefix.count
        // Only a folder for training beside one for testing makes a split. A folder that is called
        // "test" may be anything.
        var found: [String: [String: Split]] = [:]
        for folder in parts {
            for (depth, name) in folder.enumerated() {
                guard let split = Self.split(named: name) else { continue }
                let above = folder[..<depth].joined(separator: "/")
                let path = folder[...depth].joined(separator: "/")
                found[above, default: [:]][path] = split
            }
        }
        sets = found.values.filter { $0.values.contains(.train) && Set($0.values).count > 1 }
            .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }

    /// The set of the split that a folder belongs to; `nil` without one.
    func split(of folder: String) -> Split? {
        guard !sets.isEmpty else { return nil }
        return Self.paths(of: folder).lazy.compactMap { sets[$0] }.first
    }

    /// The folders that a picture in `folder` lies in, from the nearest outwards, without those that
    /// stand for a set of the split.
    func names(above folder: String) -> [Substring] {
        let parts = folder.split(separator: "/")
        guard !sets.isEmpty else { return parts.reversed() }
        return zip(parts, Self.paths(of: folder)).filter { sets[$1] == nil }.map(\.0).reversed()
    }

    /// The folder whose name says most probably what the pictures are, if no type is known: the
    /// nearest without digits and not called "images" or the like; else the nearest. `nil` for
    /// pictures in no folder, or only in folders that all pictures share.
    func telling(of folder: String) -> Substring? {
        let parts = folder.split(separator: "/")
        let names = zip(parts, Self.paths(of: folder)).dropFirst(shared)
            .filter { sets[$1] == nil }.map(\.0).reversed()
        return names.first { !$0.contains(where: \.isNumber) && !Self.isGeneral($0) }
            ?? names.first
    }

    /// `["a", "a/b"]` for `a/b`.
    private static func paths(of folder: String) -> [String] {
        let parts = folder.split(separator: "/")
        return parts.indices.map { parts[...$0].joined(separator: "/") }
    }

    /// The set that a folder is named after: `train`, `Test_Set`, `validation-images`.
    private static func split(named name: Substring) -> Split? {
        let words = name.lowercased().split { !$0.isLetter }
            .filter { !["set", "data", "dataset", "images", "imgs", "split"].contains($0) }
        guard words.count == 1, let word = words.first else { return nil }
        return switch word.hasSuffix("set") ? word.dropLast(3) : word {
        case "train", "training": .train
        case "valid", "val", "validation", "dev": .dev
        case "test", "testing": .test
        default: nil
        }
    }

    private static func isGeneral(_ name: Substring) -> Bool { general.contains(name.lowercased()) }

    /// Names of folders for pictures of any type.
    private static let general: Set<String> = [
        "images", "image", "imgs", "img", "pictures", "pics", "photos", "photo", "jpg", "jpeg",
        "png", "raw", "data", "dataset", "samples", "specimens", "crops", "tiles", "originals",
        "original",
    ]
}
