import Foundation
import Messages
import Site

/// Finds the default templates and content, for when no option names them.
///
/// They are in the working folder; else in `share/geoatlas` beside the `bin` folder of the
/// installed program; else in the source tree that the program was built from.
struct Defaults {
    let workingFolder: String
    let executable: String

    static var here: Defaults {
        Defaults(
            workingFolder: FileManager.default.currentDirectoryPath,
            executable: Bundle.main.executableURL?.resolvingSymlinksInPath().path ?? "")
    }

    /// The folder called `name`, e.g. `templates`.
    /// - Throws: `AtlasError.noDefaults`.
    func folder(_ name: String) throws -> String {
        let looked = candidates(name)
        guard let found = looked.first(where: isFolder) else {
            throw AtlasError.noDefaults(folder: name, looked: looked)
        }
        return found
    }

    /// The folder called `name` that comes with the program, never that of the working folder.
    /// - Throws: `AtlasError.noDefaults`.
    func shipped(_ name: String) throws -> String {
        let looked = Array(candidates(name).dropFirst())
        guard let found = looked.first(where: isFolder) else {
            throw AtlasError.noDefaults(folder: name, looked: looked)
        }
        return found
    }

    /// A sentence about a folder of the working folder that has nearly the name `name`, when there is
    /// none of that name; `nil` without one.
    func misnamed(_ name: String) -> String? {
        let own = URL(filePath: workingFolder).appending(path: name).path
        guard !isFolder(own),
            let found = FileManager.default.enumerator(
                at: URL(filePath: workingFolder), includingPropertiesForKeys: nil,
                options: [.skipsSubdirectoryDescendants, .skipsHiddenFiles])
        else { return nil }
        let names = found.compactMap { ($0 as? URL)?.lastPathComponent }.sorted()
        let near = names.first {
            nearestWord(to: $0.lowercased(), in: [name]) != nil
                && isFolder(URL(filePath: workingFolder).appending(path: $0).path)
        }
        return near.map {
            "\($0) is not read: the folder is called \(name). Rename it, or name it with --\(name)."
        }
    }

    /// The theme in a folder. The program's own templates replace files that the folder lacks.
    /// - Parameter folder: `nil` for the default one.
    /// - Throws: `AtlasError.noDefaults`.
    func theme(_ folder: String? = nil) throws -> Theme {
        // The `templates` of the working folder may be an incomplete theme.
        let own = candidates("templates").dropFirst().first(where: isFolder)
        return Theme(try folder ?? self.folder("templates"), defaults: own)
    }

    /// The candidate folders, first that of the working folder.
    private func candidates(_ name: String) -> [String] {
        let program = URL(filePath: executable).deletingLastPathComponent()
        let installed = program.deletingLastPathComponent().appending(path: "share/geoatlas")
        var folders = [URL(filePath: workingFolder), installed]
        var parent = program
        while parent.path.count > 1 {
            if FileManager.default.fileExists(
                atPath: parent.appending(path: "Package.swift").path)
            {
                folders.append(parent)
            }
            parent.deleteLastPathComponent()
        }
        return folders.map { $0.appending(path: name).path }
    }

    private func isFolder(_ path: String) -> Bool {
        var folder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &folder)
            && folder.boolValue
    }
}
