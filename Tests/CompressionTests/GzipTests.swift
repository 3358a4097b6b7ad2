import Compression
import Foundation
import Testing

@Suite("Compression") struct GzipTests {
    /// What the program `gzip` makes of compressed bytes.
    private func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).gz")
        try Data(bytes).write(to: file)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: file) } }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "--decompress", "--stdout", file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return Array(data)
    }

    /// Named, because a test prints its arguments.
    enum Content: CaseIterable {
        case nothing, oneByte, repeated, mixed

        var bytes: [UInt8] {
            switch self {
            case .nothing: []
            case .oneByte: [97]
            case .repeated: [UInt8](repeating: 97, count: 1_000_000)
            case .mixed: (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
            }
        }
    }

    @Test("gzip gives back what was compressed", arguments: Content.allCases)
    func roundTrip(content: Content) throws {
        #expect(try unpacked(Gzip.compressed(content.bytes)) == content.bytes)
    }

    @Test("Repeated text becomes much shorter, and the same text gives the same bytes")
    func shorter() {
        let text = Array(String(repeating: "<li>gneiss</li>\n", count: 1_000).utf8)
        let compressed = Gzip.compressed(text)
        #expect(compressed.count < text.count / 50)
        #expect(compressed == Gzip.compressed(text))
        // RFC 1952, 2.3.1: the fields FLG and MTIME are 0, so there is no name and no time.
        #expect(Array(compressed[3..<8]) == [0, 0, 0, 0, 0])
    }
}
