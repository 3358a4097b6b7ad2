import AtlasModel
import Foundation

/// The files of a collection while it is being opened.
struct Listing {
    let entries: [Collection.Entry]
    /// What programs left behind.
    let passedOver: PassedOver
    /// Reads the content of an entry, or at least its beginning.
    let beginning: (Collection.Entry) throws -> [UInt8]

    init(
        _ entries: [Collection.Entry], passedOver: PassedOver = PassedOver(),
        beginning: @escaping (Collection.Entry) throws -> [UInt8]
    ) {
        self.entries = entries
        self.passedOver = passedOver
        self.beginning = beginning
    }

    /// The listing without files that programs leave behind. Of hidden files and folders, those that
    /// contain something like a picture remain, each as one entry with an erratum. A picture with a
    /// name that only looks like one left behind remains too.
    var withoutHidden: Listing {
        var named: Set<String> = []
        var roots: Set<String> = []
        var passedOver = passedOver
        func passOver(_ path: String) {
            if roots.insert(path).inserted { passedOver.add(path) }
        }
        /// The last folder that is neither hidden nor left behind.
        var plainFolder: Substring?
        let kept = entries.compactMap { entry -> Collection.Entry? in
            let (folder, name) = pathParts(entry.path)
            if folder == plainFolder, Self.isPlain(name) { return entry }
            if let real = LeftBehind.placeheld(by: name) {
                let path = folder.isEmpty ? real : "\(folder)/\(real)"
                return Collection.Entry(path: path, index: 0, obstacle: .notDownloaded)
            }
            let parts = entry.path.split(separator: "/")
            let root = LeftBehind.root(ofFile: entry.path)
            if let root, root != entry.path || LeftBehind.verdict(file: name) == .certain {
                passOver(root)
                return nil
            }
            let hidden = parts.firstIndex { $0.hasPrefix(".") }
            if hidden == nil || hidden == parts.count - 1 { plainFolder = folder }
            guard root != nil || hidden != nil else { return entry }
            // What is left of a damaged name may look hidden, but it was a file of the collection.
            if entry.obstacle?.isDamage == true { return entry }
            let odd = hidden.map { parts[...$0].joined(separator: "/") } ?? entry.path
            if named.contains(odd) { return nil }
            guard entry.obstacle == nil, beginsLikeAPicture(entry) else {
                passOver(odd)
                return nil
            }
            guard let hidden else { return entry }
            named.insert(odd)
            let isFile = hidden == parts.count - 1
            return Collection.Entry(
                path: odd, index: 0, obstacle: isFile ? .hiddenFile : .hiddenFolder)
        }
        return Listing(kept, passedOver: passedOver, beginning: beginning)
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
        return Listing(others + named, passedOver: passedOver, beginning: beginning)
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

    /// Fast path: whether a file name can be neither hidden nor left behind. True for nearly all names.
    private static func isPlain(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, first.isLetterOrDigit else { return false }
        return [".jpg", ".JPG", ".png", ".PNG", ".jpeg"].contains { name.hasSuffix($0) }
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
