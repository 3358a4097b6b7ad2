import AtlasModel

/// Why an atlas could not be written, with the file and the remedy.
package enum SiteError: Error, Equatable, CustomStringConvertible {
    case missingFolder(path: String, holds: String)
    case unreadable(path: String, reason: String)
    /// `line` is the first that is not in UTF-8.
    case notUnicode(path: String, line: Int)
    /// A file that Git LFS keeps elsewhere.
    case pointer(path: String)
    /// `limit` in bytes.
    case textTooLarge(path: String, limit: Int)
    case missingTemplate(folder: String, name: String)
    case emptyTemplate(file: String)
    case assetCycle(files: [String])
    case missingAsset(file: String, reference: String)
    case frontMatter(file: String, reason: String)
    case unknownFrontMatter(file: String, line: Int, key: String, nearest: String?)
    case pageTaken(file: String, page: String)
    case uneven(what: String, count: Int, pictures: Int)

    package var description: String {
        switch self {
        case .missingFolder(let path, let holds):
            "The folder \(path), which holds the \(holds), does not exist. Check its name."
        case .unreadable(let path, let reason):
            "\(path) cannot be read (\(reason)). Check that it is there, in UTF-8, and that you may open it."
        case .notUnicode(let path, let line):
            "\(path), line \(line): the text is not in UTF-8. Save the file in UTF-8."
        case .textTooLarge(let path, let limit):
            "\(path) is larger than \(limit / 1_000_000) MB, too much for a page. Divide it, or remove it."
        case .pointer(let path): "\(path): \(GitLFS.statement). \(GitLFS.advice)"
        case .missingTemplate(let folder, let name):
            "The template \(name) is missing in \(folder). Copy it from the templates GeoAtlas came with."
        case .emptyTemplate(let file):
            "\(file) is empty, and so would be its pages. Copy it from the templates GeoAtlas came with."
        case .assetCycle(let files):
            "\(files.joined(separator: ", ")) refer to one another in a circle. Take one reference out."
        case .missingAsset(let file, let reference):
            "\(file) refers to \(reference), which is not in its folder. Add the file, or remove the reference."
        case .frontMatter(let file, let reason):
            "\(file): the lines between \"---\" and \"---\" at its top cannot be read (\(reason)). "
                + "Write them as \"title: …\", \"author: …\", \"date: …\"."
        case .unknownFrontMatter(let file, let line, let key, let nearest):
            "\(file), line \(line): there is no setting \"\(key)\". "
                + (nearest.map { "Did you mean \"\($0)\"?" }
                    ?? "Use title, author, date, nav or weight.")
        case .pageTaken(let file, let page):
            "\(file) would become \(page), a name that is taken or not allowed. Give the file another name."
        case .uneven(let what, let count, let pictures):
            "The edition has \(count) \(what) for \(pictures) pictures. Build it again from an empty workspace."
        }
    }
}
