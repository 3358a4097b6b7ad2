import AtlasModel
import Files
import Fingerprint
import Foundation

/// Pictures and documents in the content folder that texts link to. Like styles, they are copied to
/// the atlas under names with a digest of their content.
struct Attachments {
    private let folder: Folder
    private let names: Set<String>
    private let copies: PictureCopies
    /// What became of the data in pictures.
    private(set) var data: [CopiedData] = []
    private var made: [String: File] = [:]

    /// File types that may be linked. Other files in the folder are settings, or not meant for
    /// readers.
    private static let kinds = Set(
        PictureFormat.allCases.flatMap(\.fileExtensions) + ["gif", "webp", "svg", "pdf"])
    /// Longest first part of a name in the atlas, in bytes.
    private static let longestName = 56

    init(folder: Folder, copies: PictureCopies) {
        self.folder = folder
        self.copies = copies
        names = Set(folder.names)
    }

    /// Sorted by path.
    var files: [File] {
        Dictionary(made.values.map { ($0.path, $0) }) { first, _ in first }
            .values.sorted { $0.path < $1.path }
    }

    /// HTML of a text with its links to files of the folder replaced by links to their copies.
    /// - Parameters:
    ///   - html: written by cmark, which puts addresses in quotation marks and escapes all other
    ///     quotation marks.
    ///   - file: path of the text in the folder.
    ///   - root: the relative path from the page of the text to the root of the atlas.
    /// - Throws: `SiteError.unreadable`.
    mutating func linked(_ html: String, of file: String, root: String) throws -> String {
        var html = html
        for match in html.matches(of: /(?:src|href)="([^"]+)"/).reversed() {
            let address = String(match.output.1).replacing("&amp;", with: "&")
            guard let name = name(of: address, in: file), names.contains(name) else { continue }
            let copy = try copied(name)
            let range = match.output.1.startIndex..<match.output.1.endIndex
            html.replaceSubrange(range, with: root + copy.path)
        }
        return html
    }

    /// The file of the folder that an address in a text refers to; `nil` for other addresses.
    private func name(of address: String, in file: String) -> String? {
        let path = address.prefix { $0 != "#" && $0 != "?" }
        guard !path.isEmpty, !path.hasPrefix("/"), !path.contains(":"),
            let decoded = String(path).removingPercentEncoding,
            Self.kinds.contains(
                decoded.split(separator: ".").last.map { $0.lowercased() } ?? "")
        else { return nil }
        var parts = file.split(separator: "/").dropLast().map(String.init)
        for part in decoded.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }

    private mutating func copied(_ name: String) throws -> File {
        if let known = made[name] { return known }
        let (bytes, data) = try copies.copy(of: try folder.bytes(of: name))
        self.data.append(data)
        let file = Paths.name(of: name)
        let dot = file.lastIndex(of: ".") ?? file.endIndex
        let stem = AtlasPaths.cleaned(String(file[..<dot])).prefix(Self.longestName)
        let copy = File(
            path: "texts/\(stem).\(Fingerprint(of: bytes).short)\(file[dot...].lowercased())",
            bytes: bytes)
        made[name] = copy
        return copy
    }
}
