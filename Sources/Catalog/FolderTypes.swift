package import AtlasModel
import Foundation
import Messages

/// The rock types that the folders of a collection name, for a collection whose types nobody has
/// written down.
package struct FolderTypes {
    /// In alphabetical order, which is the order of classes.
    package let types: [RockType]

    /// Largest number of types. With more folders, they are specimens rather than types.
    private static let limit = 60

    /// - Parameter folders: the folder of each picture, as a path.
    init(_ folders: [String]) {
        let distinct = Set(folders).sorted { $0.precedes($1) }
        let levels = FolderLevels(distinct)
        var types: [RockType] = []
        for folder in distinct {
            guard let name = levels.telling(of: folder), !Self.isUnsorted(name) else { continue }
            let label = name.lowercased().trimmingCharacters(in: .whitespaces)
            let forms = TypeNames.forms(label, numbered: true)
            let isKnown = types.contains {
                $0.label == label
                    || !TypeNames.forms($0.label, numbered: true).isDisjoint(with: forms)
            }
            if !label.isEmpty, !isKnown { types.append(RockType(label: label)) }
        }
        self.types = types.sorted { $0.label.precedes($1.label) }
    }

    /// Whether they can be the types of an atlas: at least two, and not one for each specimen.
    package var isUsable: Bool { (2...Self.limit).contains(types.count) }

    /// Whether a folder of this name holds pictures that nobody has labelled.
    static func isUnsorted(_ name: some StringProtocol) -> Bool {
        ["unlabelled", "unlabeled", "unsorted", "unknown"].contains(name.lowercased())
    }
}

/// The folders of files that are pictures by their names.
package struct PictureFolders {
    /// Sorted, without repetition.
    private let paths: [String]
    /// Number of pictures in each.
    private let counts: [String: Int]

    /// - Parameter withAnyName: whether files count whose names do not end like those of pictures.
    package init(of collection: Collection, withAnyName: Bool = false) {
        var folders: [String: Int] = [:]
        for entry in collection.entries
        where entry.obstacle == nil && (withAnyName || entry.isNamedLikeAPicture) {
            folders[entry.folderPath, default: 0] += 1
        }
        counts = folders
        paths = folders.keys.sorted { $0.precedes($1) }
    }

    /// Number of pictures in folders of each of these types, and of pictures in other folders.
    package func pictures(of types: [RockType]) -> (labelled: [Int], others: Int) {
        let labels = FolderLabels(paths, types: types)
        var labelled = types.map { _ in 0 }
        var others = 0
        for (path, count) in counts {
            if let type = labels.label(of: path) {
                labelled[type] += count
            } else {
                others += count
            }
        }
        return (labelled, others)
    }

    /// The rock types that the folders name.
    package var types: FolderTypes { FolderTypes(paths) }

    /// Number of these types that a folder names, exactly or nearly.
    package func count(of types: [RockType]) -> Int {
        let labels = FolderLabels(paths, types: types)
        return Set(paths.compactMap(labels.label)).count
    }

    /// Number of rock types that the other folders name: those in whose path no folder is one of
    /// these types, exactly or nearly.
    package func countOfTypes(besides types: [RockType]) -> Int {
        let labels = FolderLabels(paths, types: types)
        return FolderTypes(paths.filter { labels.label(of: $0) == nil }).types.count
    }
}

extension Collection.Entry {
    /// Path of the folder that contains it; empty at the root.
    var folderPath: String { String(pathParts(path).folder) }

    fileprivate var isNamedLikeAPicture: Bool {
        let name = pathParts(path).name
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return true }
        return PictureFormat.usualEndings.contains(
            name[name.utf8.index(after: dot)...].lowercased())
    }
}
