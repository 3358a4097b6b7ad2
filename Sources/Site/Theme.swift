import AtlasModel
import Messages

/// The folder of templates, styles and scripts.
package struct Theme: Sendable {
    /// Path of the user's own theme or of the program's theme.
    package let folder: String
    /// Path of the program's theme, for files that the theme lacks; `nil` when there is none.
    package let defaults: String?

    package init(_ folder: String, defaults: String? = nil) {
        self.folder = folder
        self.defaults = defaults
    }
}

/// The files of a theme. A missing file is taken from the default theme, and its name is recorded.
final class ThemeFiles {
    private let own: Folder
    private let defaults: Folder?
    private let ownNames: Set<String>
    /// Files that came from the default theme.
    private(set) var borrowed: Set<String> = []

    /// - Throws: `SiteError.missingFolder`.
    init(_ theme: Theme) throws {
        own = try Folder(theme.folder, holds: "templates")
        defaults = try theme.defaults.map { try Folder($0, holds: "templates") }
        ownNames = Set(own.names)
    }

    /// Path of the theme.
    var path: String { own.path }

    /// Files of the theme itself, sorted.
    var names: [String] { own.names }

    /// Files of the theme that programs left there.
    var passedOver: PassedOver { own.passedOver }

    /// Sentences about files of the theme that are not read.
    var notes: [String] { own.notes }

    /// Sentences about files of the theme that nothing uses and that have nearly the name of one that
    /// was borrowed.
    /// - Parameter used: files that pages, style sheets or scripts name.
    func misnamed(used: Set<String>) -> [String] {
        let unused = own.names.filter { !used.contains($0) && !$0.hasSuffix(".md") }
        return unused.compactMap { name in
            guard name.count > 6,
                let nearest = nearestWord(to: name.lowercased(), in: borrowed.sorted())
            else { return nil }
            return "\(own.place(of: name)) is not used by any page, and \(nearest) is taken from "
                + "the defaults. Rename it to \(nearest) if that is meant, or remove it."
        }
    }

    /// All available files, including those of the default theme.
    var known: [String] { own.names + (defaults?.names ?? []) }

    /// Whether the theme or the default theme has the file.
    func contains(_ name: String) -> Bool {
        ownNames.contains(name) || defaults?.names.contains(name) == true
    }

    /// The file's path for messages.
    func place(of name: String) -> String { holder(of: name).place(of: name) }

    func bytes(of name: String) throws -> [UInt8] { try source(of: name).bytes(of: name) }

    func text(of name: String) throws -> String { try source(of: name).text(of: name) }

    /// One sentence that names the files that the theme lacks; `nil` when it is complete.
    var note: String? {
        guard let defaults, !borrowed.isEmpty else { return nil }
        return "The theme \(own.path) has no \(Figures.list(borrowed.sorted())); "
            + "the defaults in \(defaults.path) are used."
    }

    private func holder(of name: String) -> Folder {
        ownNames.contains(name) ? own : defaults ?? own
    }

    private func source(of name: String) -> Folder {
        if !ownNames.contains(name), defaults != nil { borrowed.insert(name) }
        return holder(of: name)
    }
}
