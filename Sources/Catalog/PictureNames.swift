import AtlasModel
import Messages

/// Finds the picture that a person means by the name in a table.
///
/// A name may be the key or the path in the collection. The extension, the case of letters, `\`
/// instead of `/`, blanks around it and folders in front of it do not matter as long as only one
/// picture fits. So `C:\rocks\Gneiss\p001.JPG` is the picture with the key `gneiss/p001`.
struct PictureNames {
    enum Match: Equatable {
        /// Index of the picture.
        case one(Int)
        /// Indices of all pictures that fit equally well.
        case several([Int])
        case none
    }

    private let keys: [String]
    private let paths: [String]
    /// Pictures by key and by path; a key precedes a path.
    private let exact: [String: Int]
    /// Made when a name is neither, which is rare.
    private lazy var index = Index(keys, paths)

    /// - Parameters:
    ///   - keys: of all pictures.
    ///   - paths: in the collection, in the same order.
    init(keys: [String], paths: [String]) {
        self.keys = keys
        self.paths = paths
        let both = keys.enumerated().map { ($1, $0) } + paths.enumerated().map { ($1, $0) }
        exact = Dictionary(both) { first, _ in first }
    }

    func key(_ index: Int) -> String { keys[index] }

    func path(_ index: Int) -> String { paths[index] }

    /// The picture at a path of the collection, which may lack the extension; `nil` for none and for
    /// several.
    mutating func picture(at path: String) -> Int? {
        if let index = exact[path], paths[index] == path { return index }
        let folded = Self.folded(path)
        let plain = Self.withoutExtension(folded)
        let end = plain.split(separator: "/").suffix(2).joined(separator: "/")
        let found = (index.plainEnds[end] ?? []).filter {
            index.paths[$0] == folded || Self.withoutExtension(index.paths[$0]) == folded
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Pictures by the name of their file, of those whose file name no other picture has.
    var distinctFiles: [String: Int] {
        var files: [String: Int] = [:]
        var several: Set<String> = []
        for (index, path) in paths.enumerated() {
            let file = String(pathParts(path).name)
            if files.updateValue(index, forKey: file) != nil { several.insert(file) }
        }
        for file in several { files[file] = nil }
        return files
    }

    /// The picture that `name` means. An exact name precedes one that is only similar.
    mutating func match(_ name: String) -> Match {
        let typed = Self.trimmed(name)
        if let index = exact[typed] { return .one(index) }
        // Most names that fit nothing are found here. A table may have a million of them.
        if !index.mayHold(typed) { return .none }
        let folded = Self.folded(typed)
        guard !folded.isEmpty else { return .none }
        var candidates = index.pictures(called: folded)
        // `andesite.012L6` stands for `andesite/012L6`.
        if candidates.isEmpty, !folded.contains("/"), let dot = folded.firstIndex(of: ".") {
            candidates = index.pictures(
                called: "\(folded[..<dot])/\(folded[folded.index(after: dot)...])")
        }
        if candidates.isEmpty, !folded.contains("/") {
            candidates = index.files[folded] ?? index.stems[Self.withoutExtension(folded)] ?? []
        }
        if candidates.count > 1 {
            let plain = typed.replacing("\\", with: "/")
            let same = candidates.filter {
                paths[$0] == plain || keys[$0] == Self.withoutExtension(plain)
            }
            if same.count == 1 { candidates = same }
        }
        switch candidates.count {
        case 0: return .none
        // `tuff/p3` was another picture, which has gone, if only `tuff/p3~2` is there.
        case 1 where Self.isNumbered(keys[candidates[0]].lowercased(), of: folded): return .none
        case 1: return .one(candidates[0])
        default: return .several(candidates)
        }
    }

    /// Whether `key` is `name~2`, or another number.
    private static func isNumbered(_ key: String, of name: String) -> Bool {
        let plain = name + "~"
        return key.hasPrefix(plain) && key.dropFirst(plain.count).allSatisfy(\.isNumber)
    }

    /// The key that looks most like `name`; `nil` when none does.
    mutating func nearest(to name: String) -> String? {
        let folded = Self.withoutExtension(Self.folded(Self.trimmed(name)))
        let parts = folded.split(separator: "/")
        let stem = parts.last.map(String.init) ?? folded
        if let same = index.stems[stem], same.count < 4 {
            let near = same.map { keys[$0] }
            return nearestWord(to: folded, in: near) ?? near.first
        }
        // Names of very different length are not similar, and comparing takes time.
        let length = folded.utf8.count
        let near = keys.lazy.filter { abs($0.utf8.count - length) <= 2 }.prefix(10_000)
        return nearestWord(to: folded, in: Array(near))
    }

    /// Pictures by names in lower case.
    private struct Index {
        /// Paths, by index of the picture.
        let paths: [String]
        var keys: [String: [Int]] = [:]
        /// The last two parts of paths, with extension.
        var ends: [String: [Int]] = [:]
        /// The last two parts of paths, without extension.
        var plainEnds: [String: [Int]] = [:]
        /// File names with extension.
        var files: [String: [Int]] = [:]
        /// File names without extension.
        var stems: [String: [Int]] = [:]
        /// The last parts of keys and paths, without extension.
        var lasts: Set<String> = []

        init(_ keys: [String], _ paths: [String]) {
            self.paths = paths.map(PictureNames.folded)
            for (index, (key, path)) in zip(keys, self.paths).enumerated() {
                let parts = path.split(separator: "/")
                let end = parts.suffix(2).joined(separator: "/")
                let file = parts.last.map(String.init) ?? path
                let folded = PictureNames.folded(key)
                self.keys[folded, default: []].append(index)
                lasts.insert(folded.split(separator: "/").last.map(String.init) ?? folded)
                lasts.insert(PictureNames.withoutExtension(file))
                ends[end, default: []].append(index)
                plainEnds[PictureNames.withoutExtension(end), default: []].append(index)
                files[file, default: []].append(index)
                stems[PictureNames.withoutExtension(file), default: []].append(index)
            }
        }

        /// Whether a picture can fit `name`, which is not in lower case yet: some picture's file has
        /// the name behind its last `/` or `\`, or, without such a sign, behind its first dot.
        func mayHold(_ name: String) -> Bool {
            var utf8 = name.utf8[...]
            while let last = utf8.last, last == UInt8(ascii: "/") || last == UInt8(ascii: "\\") {
                utf8.removeLast()
            }
            let slash = utf8.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
            let file = name[
                (slash.map { utf8.index(after: $0) } ?? utf8.startIndex)..<utf8.endIndex
            ]
            .lowercased()
            if lasts.contains(file) || lasts.contains(PictureNames.withoutExtension(file)) {
                return true
            }
            guard slash == nil else { return false }
            return file.utf8.contains(UInt8(ascii: "."))
        }

        /// Pictures whose key or path is `name`, or agrees with it in the last two parts.
        func pictures(called name: String) -> [Int] {
            let parts = name.split(separator: "/")
            let end = parts.suffix(2).joined(separator: "/")
            if let found = keys[name] { return found }
            if let found = ends[end] { return narrowed(found, by: name) }
            let plain = PictureNames.withoutExtension(name)
            for first in parts.indices.dropLast() {
                let rest = parts[first...].joined(separator: "/")
                if let found = keys[PictureNames.withoutExtension(rest)] { return found }
            }
            return plainEnds[PictureNames.withoutExtension(end)].map { narrowed($0, by: plain) }
                ?? []
        }

        /// The pictures of which the whole path agrees with `name`, if there are any.
        private func narrowed(_ pictures: [Int], by name: String) -> [Int] {
            guard pictures.count > 1 else { return pictures }
            let whole = pictures.filter { index in
                let path = paths[index]
                let plain = PictureNames.withoutExtension(path)
                return [path, plain].contains { end in
                    end == name || end.hasSuffix("/" + name) || name.hasSuffix("/" + end)
                }
            }
            return whole.isEmpty ? pictures : whole
        }
    }

    private static func folded(_ name: String) -> String {
        let parts = name.lowercased().split { $0 == "/" || $0 == "\\" }
        return parts.drop { $0 == "." }.joined(separator: "/")
    }

    /// Without the extension of a picture file, in lower case.
    private static func withoutExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex,
            PictureFormat.usualEndings.contains(name[name.index(after: dot)...].lowercased())
        else { return name }
        return String(name[..<dot])
    }

    /// Without blanks and characters of no width around it.
    static func trimmed(_ text: String) -> String {
        // Nearly all texts begin and end with a visible ASCII character.
        let visible: Range<UInt8> = 0x21..<0x7F
        if let first = text.utf8.first, let last = text.utf8.last, visible.contains(first),
            visible.contains(last)
        {
            return text
        }
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || scalar == "\u{FEFF}" || scalar == "\u{200B}"
        }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
