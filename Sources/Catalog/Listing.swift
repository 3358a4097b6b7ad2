import AtlasModel
import Foundation

/// The files of a collection while it is being opened.
struct Listing {
    let entries: [Collection.Entry]
    /// Reads the content of an entry, or at least its beginning.
    let beginning: (Collection.Entry) throws -> [UInt8]

    init(
        _ entries: [Collection.Entry],
        beginning: @escaping (Collection.Entry) throws -> [UInt8]
    ) {
        self.entries = entries
        self.beginning = beginning
    }

    /// The listing without files that operating systems leave behind. Of hidden files and folders,
    /// those that contain something like a picture remain, each as one entry with an erratum.
    var withoutHidden: Listing {
        var named: Set<String> = []
        let kept = entries.compactMap { entry -> Collection.Entry? in
            if Self.isInPlainSight(entry.path) { return entry }
            let parts = entry.path.split(separator: "/")
            if parts.contains(where: Self.isLeftBehind) { return nil }
            guard let hidden = parts.firstIndex(where: { $0.hasPrefix(".") }) else { return entry }
            let path = parts[...hidden].joined(separator: "/")
            guard entry.obstacle == nil, !named.contains(path), beginsLikeAPicture(entry) else {
                return nil
            }
            named.insert(path)
            let isFile = hidden == parts.count - 1
            return Collection.Entry(
                path: path, index: 0, obstacle: isFile ? .hiddenFile : .hiddenFolder)
        }
        return Listing(kept, beginning: beginning)
    }

    /// The listing with one entry in place of each folder that is an atlas. The root itself is not
    /// examined.
    var withoutAtlases: Listing {
        let manifests = entries.filter {
            $0.obstacle == nil && $0.path.hasSuffix("/" + AtlasMark.manifest) && isManifest($0)
        }
        let atlases = manifests.map { String($0.path.dropLast(AtlasMark.manifest.count)) }
        guard !atlases.isEmpty else { return self }
        let others = entries.filter { entry in !atlases.contains { entry.path.hasPrefix($0) } }
        let named = atlases.filter { atlas in
            !atlases.contains { $0 != atlas && atlas.hasPrefix($0) }
        }.map { Collection.Entry(path: String($0.dropLast()), index: 0, obstacle: .atlasFolder) }
        return Listing(others + named, beginning: beginning)
    }

    private func isManifest(_ entry: Collection.Entry) -> Bool {
        // A manifest that cannot be read is reported later, like any other file that is not a
        // picture.
        guard let bytes = try? beginning(entry) else { return false }
        return AtlasMark.isManifest(bytes)
    }

    private func beginsLikeAPicture(_ entry: Collection.Entry) -> Bool {
        guard let bytes = try? beginning(entry) else { return false }
        return PictureFormat(of: bytes) != nil
    }

    /// Fast path: whether no part of the path begins like a hidden name or one that systems leave
    /// behind. True for nearly all paths.
    private static func isInPlainSight(_ path: String) -> Bool {
        var starts = true
        for byte in path.utf8 {
            if starts, suspects.contains(byte) { return false }
            starts = byte == UInt8(ascii: "/")
        }
        return true
    }

    private static let suspects = Array("._tTdD".utf8)

    private static func isLeftBehind(_ name: Substring) -> Bool {
        name == "__MACOSX" || name == ".DS_Store" || name.hasPrefix("._")
            || name.lowercased() == "thumbs.db" || name.lowercased() == "desktop.ini"
    }
}
