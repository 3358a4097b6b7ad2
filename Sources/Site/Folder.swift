import Foundation

/// The files of a folder of templates or texts.
struct Folder {
    let path: String
    /// Paths of all files in the folder and its subfolders, relative to it, sorted. Hidden files
    /// are left out.
    let names: [String]

    /// - Throws: `SiteError.missingFolder`.
    init(_ path: String, holds: String) throws {
        // The folder itself may be a link, which the enumeration would not follow.
        let root = URL(filePath: path).resolvingSymlinksInPath().path
        guard Self.isFolder(root), let found = FileManager.default.enumerator(atPath: root) else {
            throw SiteError.missingFolder(path: path, holds: holds)
        }
        self.path = path
        var names: [String] = []
        while let name = found.nextObject() as? String {
            let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
            if !isHidden, !Self.isFolder(root + "/" + name) { names.append(name) }
        }
        self.names = names.sorted()
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// The file's path for messages.
    func place(of name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

    func bytes(of name: String) throws -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: place(of: name))))
        } catch {
            throw SiteError.unreadable(
                path: place(of: name), reason: "no permission, or it is gone")
        }
    }

    func text(of name: String) throws -> String {
        guard let text = String(validating: try bytes(of: name), as: UTF8.self) else {
            throw SiteError.unreadable(path: place(of: name), reason: "it is not in UTF-8")
        }
        // Editors on Windows put a byte-order mark and carriage returns into files.
        return (text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
            .replacing("\r\n", with: "\n")
    }
}
