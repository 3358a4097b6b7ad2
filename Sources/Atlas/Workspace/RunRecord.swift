import Files
import Foundation

/// How long it took to make a file, stored beside the file in a workspace. The file itself contains
/// no times, so that the same work gives the same bytes.
struct RunRecord: Codable, Equatable {
    let seconds: Double
    /// Seconds of preparation that `seconds` does not include; `nil` when there was none.
    var preparation: Double?

    /// Folder of a workspace for networks. Only their runs are recorded.
    static let folder = "networks"

    private static func path(of file: String) -> String { file + ".run.json" }

    /// Creates the folder for a network before the training, so that the training is not lost if
    /// that fails.
    /// - Throws: `AtlasError.fileTrouble`.
    static func prepareFolder(of network: String) throws {
        let parent = URL(filePath: network).deletingLastPathComponent()
        do {
            try Folders.make(parent.path)
        } catch {
            throw AtlasError.fileTrouble(path: parent.path, reason: error.reason + ".")
        }
    }

    /// The record of a network or another file; `nil` when there is none, or it cannot be read.
    static func read(of network: String) -> RunRecord? {
        guard let data = FileManager.default.contents(atPath: path(of: network)) else { return nil }
        return try? JSONDecoder().decode(RunRecord.self, from: data)
    }

    /// Writes the record beside `network` if the network is in a workspace.
    /// - Throws: `AtlasError.fileTrouble`.
    func write(of network: String) throws {
        let parent = URL(filePath: network).standardizedFileURL.deletingLastPathComponent()
        if parent.lastPathComponent == Self.folder { try keep(beside: network) }
    }

    /// Writes the record beside a file of a workspace.
    /// - Throws: `AtlasError.fileTrouble`.
    func keep(beside file: String) throws {
        let path = Self.path(of: file)
        do {
            try AtomicFile.write(Array(try JSONEncoder().encode(self)), to: path)
        } catch {
            throw AtlasError.fileTrouble(path: path, reason: systemReason(of: error) + ".")
        }
    }
}
