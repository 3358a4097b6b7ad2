import AtlasModel
import Messages

/// Texts, templates and styles, read and checked before the slow work of a build begins.
package struct SiteSources {
    /// What the user should know: files that are passed over, and files that look meant for the atlas
    /// but are not read. Full sentences.
    package let notes: [String]
    let texts: Texts
    let templates: PageTemplates
    let files: ThemeFiles
    let copies: PictureCopies

    /// - Parameters:
    ///   - theme: templates, styles and scripts.
    ///   - content: folder with Markdown.
    ///   - copies: how pictures are copied that texts and templates use.
    /// - Throws: `SiteError`, `TemplateError`.
    package init(theme: Theme, content: String, copies: PictureCopies = PictureCopies()) throws {
        let folder = try Folder(content, holds: "texts")
        texts = try Texts(folder: folder, copies: copies)
        files = try ThemeFiles(theme)
        templates = try PageTemplates(files)
        self.copies = copies
        // The sheet of the types is made from the collection, so its place is kept by an empty one.
        let assets = try Self.assets(files, templates, copies, types: "")
        for name in files.names
        where [".css", ".js", ".html", ".svg"].contains(where: name.hasSuffix) {
            _ = try files.text(of: name)
        }
        notes =
            [folder.passedOver.note(in: content), files.passedOver.note(in: theme.folder)]
            .compactMap(\.self) + folder.notes + files.notes
            + files.misnamed(used: templates.files.union(assets.used))
            + folder.names.compactMap { Self.unread($0, in: folder) }
    }

    /// Styles, scripts and other files of the theme, with the sheet of the types.
    func assets(types style: String) throws -> Assets {
        try Self.assets(files, templates, copies, types: style)
    }

    private static func assets(
        _ files: ThemeFiles, _ templates: PageTemplates, _ copies: PictureCopies,
        types style: String
    ) throws -> Assets {
        try Assets(
            files, needed: templates.assets, copies: copies,
            made: ["types.css": Array(style.utf8)])
    }

    /// The tables of a content folder, and words that people call them by.
    private static let tables: [(name: String, holds: String, words: [String])] = [
        ("labels.csv", "corrected labels", ["label", "labels", "corrections"]),
        ("duplicates.csv", "verdicts on duplicates", ["duplicate", "duplicates", "verdicts"]),
        ("metadata.csv", "metadata", ["metadata"]),
    ]

    /// A note for a file that has nearly the name of one that is read; `nil` for other files.
    private static func unread(_ name: String, in folder: Folder) -> String? {
        guard name != "atlas.yml", !tables.contains(where: { $0.name == name }) else { return nil }
        let parts = name.split(separator: "/").map(String.init)
        let words = (parts.last ?? name).lowercased().split(separator: ".").map(String.init)
        guard let stem = words.first, words.count > 1 else { return nil }
        let endings = Set(words.dropFirst())
        func note(_ reason: String) -> String {
            "\(folder.place(of: name)) is not read: \(reason)."
        }
        if parts.count == 1, isAlmost(stem, ["atlas", "settings", "config"]),
            !endings.isDisjoint(with: ["yml", "yaml", "json", "toml"])
        {
            return note("the settings are in \(folder.place(of: "atlas.yml")). Rename or remove it")
        }
        if parts.count == 1,
            !endings.isDisjoint(with: ["csv", "tsv", "tab", "xlsx", "xls", "ods"]),
            let table = tables.first(where: { isAlmost(stem, $0.words) })
        {
            return note(
                "\(table.holds) are in \(folder.place(of: table.name)). Save it as \"CSV UTF-8\" "
                    + "under that name, or remove it")
        }
        let isText = parts.count == 1 ? stem == "about" : parts.count == 2 && parts[0] == "rocks"
        if isText, endings.count == 1,
            !endings.isDisjoint(with: ["txt", "html", "htm", "doc", "docx", "rtf", "odt"])
        {
            return note("texts are Markdown files, and their names end in \".md\". Save it as one")
        }
        guard !endings.isDisjoint(with: ["md", "markdown", "mdown", "mkd"]) else { return nil }
        let isInPlace = parts.count == 1 || parts.count == 2 && parts[0] == "rocks"
        if isInPlace, name.hasSuffix(".md") { return nil }
        // Drafts and documents may lie in other folders.
        guard isInPlace || isAlmost(parts[0].lowercased(), ["rocks"]) else { return nil }
        return note(
            isInPlace
                ? "the names of texts end in \".md\". Rename it"
                : "texts are in \(folder.path) or \(folder.place(of: "rocks")). Move it there")
    }

    private static func isAlmost(_ stem: String, _ words: [String]) -> Bool {
        words.contains(stem) || stem.count > 3 && nearestWord(to: stem, in: words) != nil
    }
}
