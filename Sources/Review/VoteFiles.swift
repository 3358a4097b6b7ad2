import AtlasModel
import Files
import Foundation

/// Finds and reads vote files.
enum VoteFiles {
    /// The vote files at `path`: the file itself, or every file in the folder and its subfolders,
    /// sorted by path. Mail programs and browsers change names, so the ending does not matter.
    /// Hidden files are left out, and so is what file servers and desktops leave behind.
    static func listed(_ path: String) throws(ReviewError) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .unreadable(path: path, reason: systemReason(ENOENT))
        }
        guard isFolder.boolValue else { return [path] }
        do {
            return try FileManager.default.subpathsOfDirectory(atPath: path)
                .filter(isOfPeople)
                .map { path + "/" + $0 }
                .filter { !Folders.contain($0) }
                .sorted()
        } catch {
            throw .unreadable(path: path, reason: systemReason(of: error))
        }
    }

    /// Whether people gave a file this path, and not a file server or a desktop.
    /// - Parameter path: in a folder or an archive.
    static func isOfPeople(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return !parts.contains { $0.hasPrefix(".") || LeftBehind.isLeft(folder: $0) }
            && LeftBehind.verdict(file: parts.last ?? "") != .certain
    }

    /// The files of votes in a file: the file itself, or what a zip archive holds.
    static func contents(of path: String) throws(ReviewError) -> [VoteContent] {
        let bytes = try bytes(of: path)
        return bytes.starts(with: "PK".utf8)
            ? VoteArchive.contents(of: path) : [VoteContent(path: path, bytes: .success(bytes))]
    }

    static func bytes(of path: String) throws(ReviewError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .unreadable(path: path, reason: systemReason(of: error))
        }
    }
}
