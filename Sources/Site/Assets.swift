import Fingerprint
import Templates

/// Styles, scripts and whatever else lies in the templates folder beside `.html` files, each under
/// a name with a digest of its content.
struct Assets: Sendable {
    /// A file of the atlas.
    struct Asset: Sendable, Equatable {
        /// Path in the templates folder: `style.css`.
        let name: String
        /// Path in the atlas: `assets/style.3f2a91bc01.css`.
        let path: String
        let bytes: [UInt8]
    }

    /// By name.
    let files: [Asset]

    /// Reads the folder. In a style sheet `@import` of another file of the folder is replaced by
    /// that file, so that a page loads one sheet, and `url(…)` by the file's name in the atlas. In a
    /// script a line `//= include "other.js"` is replaced by the text of that file. It is a comment of
    /// JavaScript and not `import`, because no module is made: pages opened as files can load only
    /// classic scripts.
    /// - Parameter made: files that the program makes, by name; one of the folder goes before it.
    /// - Throws: `SiteError.missingAsset`, `.assetCycle`, `.unreadable`.
    init(folder: Folder, made: [String: [UInt8]] = [:]) throws {
        var contents = made
        for name in folder.names where !Self.isPage(name) {
            contents[name] = try folder.bytes(of: name)
        }
        var resolver = Resolver(contents: contents, place: { folder.place(of: $0) })
        files = try contents.keys.sorted().map { try resolver.asset($0, within: []) }
    }

    /// Templates, and what is written for those who change them.
    private static func isPage(_ name: String) -> Bool {
        name.hasSuffix(".html") || name.hasSuffix(".md")
    }

    /// Paths by the parts of the name: `{{assets.style.css}}`.
    var values: Value {
        files.reduce(.group([])) { Self.adding($1.path, at: Self.parts($1.name)[...], to: $0) }
    }

    /// `img/x.svg` as `img`, `x`, `svg`.
    private static func parts(_ name: String) -> [String] {
        name.split { $0 == "/" || $0 == "." }.map(String.init)
    }

    private static func adding(_ path: String, at parts: ArraySlice<String>, to value: Value)
        -> Value
    {
        guard case .group(var members) = value, let first = parts.first else { return .text(path) }
        let place = members.firstIndex { $0.name == first }
        let inner = adding(
            path, at: parts.dropFirst(), to: place.map { members[$0].value } ?? .group([]))
        if let place {
            members[place].value = inner
        } else {
            members.append((name: first, value: inner))
        }
        return .group(members)
    }
}

/// Resolves references between assets, the referred before the referring.
private struct Resolver {
    let contents: [String: [UInt8]]
    let place: (String) -> String
    private var done: [String: Assets.Asset] = [:]
    /// Names in the atlas that have been given.
    private var made: Set<String> = []

    init(contents: [String: [UInt8]], place: @escaping (String) -> String) {
        self.contents = contents
        self.place = place
    }

    mutating func asset(_ name: String, within outer: [String]) throws -> Assets.Asset {
        if let known = done[name] { return known }
        guard !outer.contains(name) else { throw SiteError.assetCycle(files: outer + [name]) }
        var bytes = contents[name, default: []]
        if name.hasSuffix(".css") {
            let rule = /@import\s+(?:url\(\s*)?["']?([^"')\s;]+)["']?\s*\)?\s*;\n?/
            let style = try imported(bytes, by: rule, in: name, within: outer + [name])
            bytes = try resolved(style, in: name, within: outer + [name])
        } else if name.hasSuffix(".js") {
            let line = /(?m)^\/\/= include "([^"\n]+)"\n?/
            bytes = Array(
                try imported(bytes, by: line, in: name, within: outer + [name]).utf8)
        }
        let asset = Assets.Asset(name: name, path: Self.path(of: name, bytes), bytes: bytes)
        done[name] = asset
        made.insert(asset.path.fileName)
        return asset
    }

    /// The file with those it imports in place of its `rules`; a rule with a condition does not match.
    private mutating func imported(
        _ bytes: [UInt8], by rules: Regex<(Substring, Substring)>, in name: String,
        within outer: [String]
    ) throws -> String {
        var style = String(decoding: bytes, as: UTF8.self)
        for rule in style.matches(of: rules).reversed() {
            let reference = String(rule.output.1)
            if reference.contains(":") { continue }
            let target = Self.normalized(reference, from: name)
            guard contents[target] != nil else {
                throw SiteError.missingAsset(file: place(name), reference: reference)
            }
            let sheet = try asset(target, within: outer).bytes
            style.replaceSubrange(rule.range, with: String(decoding: sheet, as: UTF8.self))
        }
        return style
    }

    /// All assets lie in one folder of the atlas, so a reference is a bare name.
    private mutating func resolved(_ written: String, in name: String, within outer: [String])
        throws -> [UInt8]
    {
        var style = written
        let references = style.matches(of: /url\(\s*["']?([^"')\s]+)["']?\s*\)/)
        for match in references.reversed() {
            let reference = String(match.output.1)
            // Data, other documents and fragments stand for themselves.
            if reference.hasPrefix("#") || reference.contains(":") { continue }
            let target = Self.normalized(reference, from: name)
            // What an imported sheet refers to has its name in the atlas already.
            if made.contains(reference) { continue }
            guard contents[target] != nil else {
                throw SiteError.missingAsset(file: place(name), reference: reference)
            }
            let path = try asset(target, within: outer).path
            style.replaceSubrange(
                match.range, with: "url(\"\(path.split(separator: "/").last ?? "")\")")
        }
        return Array(style.utf8)
    }

    /// `../img/x.svg` seen from `css/style.css` is `img/x.svg`.
    private static func normalized(_ reference: String, from name: String) -> String {
        var parts = name.split(separator: "/").dropLast().map(String.init)
        for part in reference.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }

    private static func path(of name: String, _ bytes: [UInt8]) -> String {
        let file = name.split(separator: "/").last.map(String.init) ?? name
        let dot = file.lastIndex(of: ".") ?? file.endIndex
        let stem = AtlasPaths.cleaned(String(file[..<dot]))
        return "assets/\(stem).\(Fingerprint(of: bytes).short)\(file[dot...].lowercased())"
    }
}
