import AtlasModel
import Files
import Fingerprint
import Templates

/// Styles, scripts and all other files of the templates folder except `.html` files. Each gets a
/// name with a digest of its content.
struct Assets: Sendable {
    /// A file of the atlas.
    struct Asset: Sendable, Equatable {
        /// Path in the templates folder: `style.css`.
        let name: String
        /// Path in the atlas: `assets/style.3f2a91bc01.css`.
        let path: String
        let bytes: [UInt8]
    }

    /// Sorted by name.
    let files: [Asset]
    /// What became of the data in pictures among them.
    let data: [CopiedData]
    /// Names of the files that templates, style sheets or scripts name.
    let used: Set<String>

    /// Reads all files of the theme, and those of the default theme that are needed and missing in
    /// it.
    ///
    /// In a style sheet, `@import` of another file of the folder is replaced by the text of that
    /// file, so that a page loads one sheet. The address in `url(…)` is replaced by the file's name
    /// in the atlas. In a script, a line `//= include "other.js"` is replaced by the text of that
    /// file. The line is a JavaScript comment and not an `import`, because pages that are opened as
    /// files can only load classic scripts.
    /// - Parameters:
    ///   - needed: files that templates name, as parts of the name: `img.dot.svg`.
    ///   - copies: how pictures are copied.
    ///   - made: files that the program generates, by name. A file of the theme takes precedence.
    /// - Throws: `SiteError.missingAsset`, `.assetCycle`, `.unreadable`.
    init(
        _ theme: ThemeFiles, needed: [String] = [], copies: PictureCopies = PictureCopies(),
        made: [String: [UInt8]] = [:]
    ) throws {
        var resolver = Resolver(theme, copies, made: made)
        let own = Set(made.keys).union(theme.names.filter { !Self.isPage($0) })
        let there = Set(own.map { Self.parts($0).joined(separator: ".") })
        let lacking = Set(needed).subtracting(there)
        let lent = theme.known.filter {
            !Self.isPage($0) && lacking.contains(Self.parts($0).joined(separator: "."))
        }
        for name in own.union(lent).sorted() { try resolver.add(name) }
        files = resolver.files
        used = resolver.referred.union(
            files.map(\.name).filter { needed.contains(Self.parts($0).joined(separator: ".")) })
        data = resolver.data
    }

    /// Whether the file is a template or a document for authors of themes.
    private static func isPage(_ name: String) -> Bool {
        name.hasSuffix(".html") || name.hasSuffix(".md")
    }

    /// The names and paths of the files.
    var named: [FrameFacts.NamedPath] {
        files.map { FrameFacts.NamedPath(name: $0.name, path: $0.path) }
    }

    /// Paths by the parts of the name: `{{assets.style.css}}`.
    static func values(_ files: [FrameFacts.NamedPath]) -> Value {
        files.reduce(.group([])) { adding($1.path, at: parts($1.name)[...], to: $0) }
    }

    /// The parts of a name: `img`, `x` and `svg` for `img/x.svg`.
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

/// Resolves references between assets. A referenced file is resolved before the file that names it.
private struct Resolver {
    private let theme: ThemeFiles
    private let copies: PictureCopies
    private(set) var data: [CopiedData] = []
    /// Files that the program generates, except those that the theme replaces.
    private let made: [String: [UInt8]]
    private var done: [String: Assets.Asset] = [:]
    /// Names of files that are written to the atlas. A file that is only imported is not written.
    private var added: Set<String> = []
    /// Names of files that another file names.
    private(set) var referred: Set<String> = []
    /// Names in the atlas that have been assigned.
    private var given: Set<String> = []

    init(_ theme: ThemeFiles, _ copies: PictureCopies, made: [String: [UInt8]]) {
        self.theme = theme
        self.copies = copies
        let own = Set(theme.names)
        self.made = made.filter { !own.contains($0.key) }
    }

    /// All added files, by name.
    var files: [Assets.Asset] { added.sorted().compactMap { done[$0] } }

    /// Adds the file `name` and the files that it refers to.
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
            let rule = Rule(
                "@import", /@import\s+(?:url\(\s*)?["']?([^"')\s;]+)["']?\s*\)?\s*;\n?/)
            let style = try imported(bytes, by: rule, in: name, within: outer + [name])
            bytes = try resolved(style, in: name, within: outer + [name])
        } else if name.hasSuffix(".js") {
            let line = Rule("//= include", /\/\/= include "([^"\n]+)"\n?/, beginsLine: true)
            bytes = Array(
                try imported(bytes, by: line, in: name, within: outer + [name]).utf8)
        } else {
            let copy = try copies.copy(of: bytes)
            data.append(copy.data)
            bytes = copy.bytes
        }
        let asset = Assets.Asset(name: name, path: Self.path(of: name, bytes), bytes: bytes)
        done[name] = asset
        given.insert(Paths.name(of: asset.path))
        return asset
    }

    /// The text of a file with its imports replaced by their text. A rule with a condition is not
    /// replaced.
    private mutating func imported(
        _ bytes: [UInt8], by rule: Rule, in name: String,
        within outer: [String]
    ) throws -> String {
        var style = String(decoding: bytes, as: UTF8.self)
        for match in rule.matches(in: style).reversed() {
            let reference = String(match.output.1)
            if reference.contains(":") { continue }
            let target = Self.normalized(reference, from: name)
            guard contains(target) else {
                throw SiteError.missingAsset(file: theme.place(of: name), reference: reference)
            }
            referred.insert(target)
            let sheet = try asset(target, within: outer).bytes
            style.replaceSubrange(match.range, with: String(decoding: sheet, as: UTF8.self))
        }
        return style
    }

    /// All assets are in one folder of the atlas, so a reference is a file name without a path.
    private mutating func resolved(_ written: String, in name: String, within outer: [String])
        throws -> [UInt8]
    {
        var style = written
        let rule = Rule("url(", /url\(\s*["']?([^"')\s]+)["']?\s*\)/)
        for match in rule.matches(in: style).reversed() {
            let reference = String(match.output.1)
            // `data:` addresses, other documents and fragments stay unchanged.
            if reference.hasPrefix("#") || reference.contains(":") { continue }
            let target = Self.normalized(reference, from: name)
            // References of an imported sheet have been replaced by names in the atlas already.
            if given.contains(reference) { continue }
            guard contains(target) else {
                throw SiteError.missingAsset(file: theme.place(of: name), reference: reference)
            }
            let path = try asset(target, within: outer).path
            referred.insert(target)
            added.insert(target)
            style.replaceSubrange(
                match.range, with: "url(\"\(Paths.name(of: path))\")")
        }
        return Array(style.utf8)
    }

    /// Resolves a relative reference: `../img/x.svg` in `css/style.css` is `img/x.svg`.
    private static func normalized(_ reference: String, from name: String) -> String {
        var parts = name.split(separator: "/").dropLast().map(String.init)
        for part in reference.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }

    private static func path(of name: String, _ bytes: [UInt8]) -> String {
        let file = Paths.name(of: name)
        let dot = file.lastIndex(of: ".") ?? file.endIndex
        let stem = AtlasPaths.cleaned(String(file[..<dot]))
        return "assets/\(stem).\(Fingerprint(of: bytes).short)\(file[dot...].lowercased())"
    }
}

/// A regular expression and the word that its matches begin with. Looking for the word is much faster
/// than trying the expression at every character.
private struct Rule {
    private let word: String
    private let expression: Regex<(Substring, Substring)>
    private let beginsLine: Bool

    init(_ word: String, _ expression: Regex<(Substring, Substring)>, beginsLine: Bool = false) {
        self.word = word
        self.expression = expression
        self.beginsLine = beginsLine
    }

    /// In the order of the text.
    func matches(in text: String) -> [Regex<(Substring, Substring)>.Match] {
        var found: [Regex<(Substring, Substring)>.Match] = []
        var rest = text.utf8[...]
        while let place = rest.firstIndex(of: word.utf8.first ?? 0) {
            let follows = rest[place...]
            rest = follows.dropFirst()
            guard follows.starts(with: word.utf8),
                !beginsLine || place == text.startIndex
                    || text.utf8[text.utf8.index(before: place)] == UInt8(ascii: "\n"),
                let match = text[place...].prefixMatch(of: expression)
            else { continue }
            found.append(match)
            rest = text.utf8[match.range.upperBound...]
        }
        return found
    }
}
