import Foundation

/// How long a training took, kept beside the network in a workspace: the model file itself holds no
/// times, so that the same training gives the same bytes.
struct RunRecord: Codable, Equatable {
    let seconds: Double

    /// Folder of a workspace that holds networks; runs are recorded nowhere else.
    static let folder = "networks"

    private static func path(of network: String) -> String { network + ".run.json" }

    /// Makes the folder that a network is to be written to, so that training is not for nothing.
    /// - Throws: `AtlasError.fileTrouble`.
    static func prepareFolder(of network: String) throws {
        let parent = URL(filePath: network).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        } catch {
            throw AtlasError.fileTrouble(path: parent.path, reason: reason(of: error))
        }
    }

    /// The record of a network; `nil` when there is none, or none that can be read.
    static func read(of network: String) -> RunRecord? {
        guard let data = FileManager.default.contents(atPath: path(of: network)) else { return nil }
        return try? JSONDecoder().decode(RunRecord.self, from: data)
    }

    /// Writes the record beside `network` if that lies in a workspace.
    /// - Throws: `AtlasError.fileTrouble`.
    func write(of network: String) throws {
        let parent = URL(filePath: network).standardizedFileURL.deletingLastPathComponent()
        guard parent.lastPathComponent == Self.folder else { return }
        let path = Self.path(of: network)
        do {
            try JSONEncoder().encode(self).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw AtlasError.fileTrouble(path: path, reason: reason(of: error))
        }
    }
}
