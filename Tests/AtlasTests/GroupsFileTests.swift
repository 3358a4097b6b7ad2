import AtlasModel
import Foundation
import Testing

@testable import Atlas

@Suite struct GroupsFileTests {
    @Test func `A file gives back what was written to it`() throws {
        let path = FileManager.default.temporaryDirectory.appending(
            path: "groups-\(UUID().uuidString).h5"
        ).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let groups = PictureGroups(
            pairs: [
                PicturePair(a: 0, b: 2, kind: .ground, down: -6, right: 7, correlation: 0.985),
                PicturePair(a: 1, b: 3, kind: .identical, turn: 5, correlation: 1),
            ], first: [0, 1, 0, 1])
        try GroupsFile.write(path, keys: ["a/1", "a/2", "b/1", "b/2"], groups)
        #expect(try GroupsFile.read(path) == groups)
        try GroupsFile.write(path, keys: [], .none(count: 0))
        #expect(try GroupsFile.read(path) == .none(count: 0))
    }
}
