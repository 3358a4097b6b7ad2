import AtlasModel
import Files
import Foundation
import Messages

/// The files of a folder of templates or texts.
struct Folder {
    let path: String
    /// Paths of all files in the folder and its subfolders, relative to it, sorted. Hidden files and
    /// those that programs leave behind are left out.
    let names: [String]
    /// What is left out.
    let passedOver: PassedOver
    /// Links that lead to places outside the folder, which are not read, so that no file from there is
    /// published by mistake. Relative paths, sorted.
    let linksOut: [String]
    /// Largest size of a text in bytes. A page is far smaller.
    static let textLimit = 8_000_000

    /// - Throws: `SiteError.missingFolder`.
    init(_ path: String, holds: String) throws {
        // The folder itself may be a link, which the enumeration would not follow.
        let root = URL(filePath: path).resolvingSymlinksInPath().path
        guard Self.isFolder(root), let found = FileManager.default.enumerator(atPath: root) else {
            throw SiteError.missingFolder(path: path, holds: holds)
        }
        self.path = path
        var names: [String] = []
        var passedOver = PassedOver()
        var linksOut: [String] = []
        while let name = found.nextObject() as? String {
            let isFolder = Self.isFolder(root + "/" + name)
            if LeftBehind.root(ofFile: name) == nil, Self.leadsOut(name, of: root) {
                linksOut.append(name)
                continue
            }
            if isFolder {
                guard LeftBehind.isLeft(folder: name.split(separator: "/").last ?? "") else {
                    continue
                }
                passedOver.add(name)
                found.skipDescendants()
                continue
            }
            if LeftBehind.root(ofFile: name) != nil {
                passedOver.add(name)
                continue
            }
            let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
            if !isHidden { names.append(name) }
        }
        self.passedOver = passedOver
        self.names = names.sorted()
        self.linksOut = linksOut.sorted()
    }

    /// Whether a name is a link to a place outside `root`. One to nothing leads nowhere.
    private static func leadsOut(_ name: String, of root: String) -> Bool {
        let path = root + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
            let target = realpath(path, nil)
        else { return false }
        defer { free(target) }
        return !String(cString: target).hasPrefix(root == "/" ? root : root + "/")
    }

    /// Most links that are named one by one.
    private static let linksNamed = 5

    /// Sentences about links that are not read.
    var notes: [String] {
        let named = linksOut.prefix(Self.linksNamed).map {
            "\(place(of: $0)) is a link that leads out of \(path), so it is not read. "
                + "Put a copy of the file there instead."
        }
        let left = linksOut.count - named.count
        guard left > 0 else { return named }
        return named + [
            "\(path): \(counted(left, "more link")) \(left == 1 ? "leads" : "lead") out of it and "
                + "\(left == 1 ? "is" : "are") not read."
        ]
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// The file's path for messages.
    func place(of name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

    func bytes(of name: String) throws -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try RandomAccessFile.content(place(of: name))
        } catch {
            throw SiteError.unreadable(path: place(of: name), reason: error.reason)
        }
        if GitLFS.isPointer(bytes) { throw SiteError.pointer(path: place(of: name)) }
        return bytes
    }

    func text(of name: String) throws -> String {
        let bytes = try bytes(of: name)
        guard bytes.count <= Self.textLimit else {
            throw SiteError.textTooLarge(path: place(of: name), limit: Self.textLimit)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            // Invalid bytes become U+FFFD.
            let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
            let line = valid.count { $0.isNewline } + 1
            throw SiteError.notUnicode(path: place(of: name), line: line)
        }
        // Editors on Windows put a byte-order mark and carriage returns into files.
        let plain = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        guard plain.utf8.contains(UInt8(ascii: "\r")) else { return plain }
        return plain.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }
}
