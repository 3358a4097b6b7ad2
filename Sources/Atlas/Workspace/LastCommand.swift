import Files
import Fingerprint
import Foundation

/// The options of the last build with a workspace, so that `serve --watch` can build the same atlas
/// again. Options that concern only one build are left out.
struct LastCommand: Codable, Equatable {
    let options: BuildOptions
    let seed: UInt64
    /// Digest of the folder in which the build ran. The workspace may be given to others, so it has
    /// no path of this machine.
    let workingFolder: String

    private static let fileName = "last-command.json"

    init(_ options: BuildOptions, seed: UInt64) {
        var options = options
        options.isForced = false
        options.explains = false
        let here = FileManager.default.currentDirectoryPath
        self.options = options.relative(to: here)
        self.seed = seed
        workingFolder = Fingerprint(of: here).hex
    }

    private static func path(in workspace: String) -> String { "\(workspace)/\(fileName)" }

    /// Writes the record into the workspace of the build, which must exist.
    /// - Throws: `AtlasError.fileTrouble`.
    func write() throws {
        let path = Self.path(in: options.workspace)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try AtomicFile.write(Array(try encoder.encode(self)), to: path)
        } catch {
            throw AtlasError.fileTrouble(path: path, reason: systemReason(of: error) + ".")
        }
    }

    /// The last build with `workspace`.
    /// - Parameter output: the folder of the atlas, which the build must have made.
    /// - Throws: `AtlasError.noLastBuild`; also for a record of another version, or of another
    ///   atlas. `.lastBuildElsewhere`.
    static func read(in workspace: String, of output: String) throws -> LastCommand {
        let here = FileManager.default.currentDirectoryPath
        let missing = AtlasError.noLastBuild(workspace: workspace, output: output)
        guard let data = FileManager.default.contents(atPath: path(in: workspace)) else {
            throw missing
        }
        let last: LastCommand
        do {
            last = try JSONDecoder().decode(LastCommand.self, from: data)
        } catch {
            throw missing
        }
        guard last.workingFolder == Fingerprint(of: here).hex else {
            throw AtlasError.lastBuildElsewhere
        }
        let built = Paths.normalized(Paths.absolute(last.options.output, in: here))
        guard built == Paths.normalized(Paths.absolute(output, in: here)) else { throw missing }
        return last
    }
}

extension BuildOptions {
    /// The same options with absolute paths written relative to a folder.
    fileprivate func relative(to folder: String) -> BuildOptions {
        func relative(_ path: String) -> String {
            path.hasPrefix("/") ? Paths.relative(path, to: folder) : path
        }
        var options = self
        options.collections = collections.map(relative)
        options.content = content.map(relative)
        options.templates = templates.map(relative)
        options.output = relative(output)
        options.workspace = relative(workspace)
        options.review = relative(review)
        options.classifier = classifier.map(relative)
        options.kmeans = kmeans.map(relative)
        options.map = map.map(relative)
        return options
    }
}
