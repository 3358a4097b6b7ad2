import AtlasModel
import Foundation
import Testing

@testable import Atlas

@Suite struct MeasuresFileTests {
    @Test func `Measures are read as they were written`() throws {
        let file = FileManager.default.temporaryDirectory.appending(
            path: "measures-\(UUID().uuidString).h5")
        defer { try? FileManager.default.removeItem(at: file) }
        let measures = (0..<3).map { number in
            PictureMeasures(
                dimmest: 0.1 * Double(number), brightest: 0.9, entropy: 7.25, edges: 30, greys: 2)
        }
        let pictures = MeasuredPictures(versions: ["a", "", "c"], measures: measures)
        try MeasuresFile.write(file.path, pictures)
        let read = try MeasuresFile.read(file.path)
        #expect(read.versions == pictures.versions)
        #expect(read.measures == measures)
    }
}
