import Foundation
import Testing

@testable import Atlas

@Suite("Records of runs")
struct RunRecordTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "geoatlas-runs-\(UUID().uuidString)")

    private func place(_ name: String) throws -> String {
        let place = folder.appending(path: name)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        return place.appending(path: "m.h5").path
    }

    @Test("A run is recorded beside a network of a workspace, and nowhere else")
    func records() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let inside = try place("networks")
        let outside = try place("elsewhere")
        try RunRecord(seconds: 12.5).write(of: inside)
        try RunRecord(seconds: 12.5).write(of: outside)
        #expect(RunRecord.read(of: inside) == RunRecord(seconds: 12.5))
        #expect(RunRecord.read(of: outside) == nil)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/elsewhere") == [])
    }

    @Test("A record that cannot be read is none")
    func damaged() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let network = try place("networks")
        try Data("{".utf8).write(to: URL(filePath: network + ".run.json"))
        #expect(RunRecord.read(of: network) == nil)
    }
}
