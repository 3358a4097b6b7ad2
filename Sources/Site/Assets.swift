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

    /// Reads all files of the theme, and those of the defaults that the theme lacks and needs.
    ///
    /// In a style sheet `@import` of another file of the folder is replaced by that file, so that a
    /// page loads one sheet, and `url(…)` by the file's name in the atlas. In a script a line
    /// `//= include "other.js"` is replaced by the text of that file. It is a comment of JavaScript and
    /// not `import`, because pages opened as files can load only classic scripts.
    /// - Parameters:
    ///   - needed: what templates name, by the parts of the name: `img.dot.svg`.
    ///   - made: files that the program makes, by name; a file of the theme takes precedence.
    /// - Throws: `SiteError.missingAsset`, `.assetCycle`, `.unreadable`.
    init(_ theme: ThemeFiles, needed: [String] = [], made: [String: [UInt8]] = [:]) throws {
        var resolver = Resolver(theme, made: made)
        let own = Set(made.keys).union(theme.names.filter { !Self.isPage($0) })
        let there = Set(own.map { Self.parts($0).joined(separator: ".") })
        let lacking = Set(needed).subtracting(there)
        let lent = theme.known.filter {
            !Self.isPage($0) && lacking.contains(Self.parts($0).joined(separator: "."))
        }
        for name in own.union(lent).sorted() { try resolver.add(name) }
        files = resolver.files
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
    private let theme: ThemeFiles
    /// Files that the program makes and the theme does not replace.
    private let made: [String: [UInt8]]
    private var done: [String: Assets.Asset] = [:]
    /// Of files that come into the atlas; what is only imported does not.
    private var added: Set<String> = []
    /// Names in the atlas that have been given.
    private var given: Set<String> = []

    init(_ theme: ThemeFiles, made: [String: [UInt8]]) {
        self.theme = theme
        let own = Set(theme.names)
        self.made = made.filter { !own.contains($0.key) }
    }

    /// What has been added, by name.
    var files: [Assets.Asset] { added.sorted().compactMap { done[$0] } }

    /// Adds the file `name` and what it shows to the atlas.
    mutating func add(_ name: String) throws {
        _ = try asset(name, within: [])
        added.insert(name)
    }

    private func contains(_ name: String) -> Bool { made[name] != nil || theme.contains(name) }

    private mutating func asset(_ name: String, within outer: [String]) throws -> Assets.Asset {
        if let known = done[name] { return known }
        guard !outer.contains(name) else { throw SiteError.assetCycle(files: outer + [name]) }
        var bytes = try made[name] ?? theme.bytes(of: name)
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
        given.insert(asset.path.fileName)
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
            guard contains(target) else {
                throw SiteError.missingAsset(file: theme.place(of: name), reference: reference)
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
            if given.contains(reference) { continue }
            guard contains(target) else {
                throw SiteError.missingAsset(file: theme.place(of: name), reference: reference)
            }
            let path = try asset(target, within: outer).path
            added.insert(target)
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
