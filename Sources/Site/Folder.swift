import AtlasModel
import Foundation

/// The files of a folder of templates or texts.
struct Folder {
    let path: String
    /// Paths of all files in the folder and its subfolders, relative to it, sorted. Hidden files and
    /// those that programs leave behind are left out.
    let names: [String]
    /// What is left out.
    let passedOver: PassedOver

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
        while let name = found.nextObject() as? String {
            let isFolder = Self.isFolder(root + "/" + name)
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
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: place(of: name))))
            if GitLFS.isPointer(bytes) { throw SiteError.pointer(path: place(of: name)) }
            return bytes
        } catch let error as SiteError {
            throw error
        } catch {
            throw SiteError.unreadable(
                path: place(of: name), reason: "no permission, or it is gone")
        }
    }

    func text(of name: String) throws -> String {
        let bytes = try bytes(of: name)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            // Invalid bytes become U+FFFD.
            let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
            let line = valid.count { $0.isNewline } + 1
            throw SiteError.notUnicode(path: place(of: name), line: line)
        }
        // Editors on Windows put a byte-order mark and carriage returns into files.
        return (text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
            .replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }
}
