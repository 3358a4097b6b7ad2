import Foundation
import HDF5
import Parallel
import Testing

/// A temporary folder for one test, removed after it.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hdf5-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }
}

/// Compares a value from an open file, because `#expect` does not accept noncopyable values.
func same<Value: Equatable>(
    _ found: Value, _ expected: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found == expected, sourceLocation: sourceLocation)
}

// Open handles are counted for the whole process, so these tests must not run at the same time.
@Suite(.serialized) struct HDF5Tests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(
        "Numbers of every type are read as they were written, with their shape, compressed or not")
    func numbers() throws {
        let path = scratch.path("n.h5")
        try HDF5File.write(path) { file in
            try file.compressedNumbers(
                "bytes", shape: [2, 3], rows: 64, workers: Workers(2),
                values: { _ in [0, 1, 255, 7, 8, 9] as [UInt8] })
            try file.compressedNumbers(
                "rows", shape: [7, 5], rows: 3, workers: Workers(2),
                values: { $0.flatMap { row in Int32(5 * row)..<Int32(5 * row + 5) } })
            try file.numbers("deep/er/shorts", [-1, 32_767] as [Int16], shape: [2])
            try file.numbers("deep/er/longs", [Int64.min, .max] as [Int64], shape: [2, 1])
            try file.numbers("words", [Int32.min] as [Int32], shape: [1])
            try file.numbers("floats", [0.1, -.infinity] as [Float], shape: [2])
            try file.numbers("doubles", [0.1, .pi] as [Double], shape: [1, 2])
            try file.compressedNumbers(
                "none", shape: [0, 28, 28, 3], rows: 64, workers: Workers(2),
                values: { _ in [] as [UInt8] })
        }
        try HDF5File.read(path) { file in
            let bytes = try file.numbers("bytes", as: UInt8.self)
            #expect(bytes.values == [0, 1, 255, 7, 8, 9])
            #expect(bytes.shape == [2, 3])
            // HDF5 itself decompresses the chunks, of which the last has one row of three.
            try same(file.numbers("rows", as: Int32.self).values, Array(0..<35))
            try same(file.numbers("deep/er/shorts", as: Int16.self).values, [-1, 32_767])
            try same(file.numbers("deep/er/longs", as: Int64.self).values, [.min, .max])
            try same(file.shape("deep/er/longs"), [2, 1])
            try same(file.numbers("words", as: Int32.self).values, [.min])
            try same(file.numbers("floats", as: Float.self).values, [0.1, -.infinity])
            try same(file.numbers("doubles", as: Double.self).values, [0.1, .pi])
            try same(file.numbers("none", as: UInt8.self).shape, [0, 28, 28, 3])
            // HDF5 converts between widths.
            try same(file.numbers("bytes", as: Int64.self).values, [0, 1, 255, 7, 8, 9])
            same(file.contains("deep/er/shorts"), true)
            same(file.contains("deep/other/shorts"), false)
        }
        #expect(openHDF5Handles() == 0)
    }

    @Test("While a thread compresses what it writes, others read and write files")
    func meanwhile() throws {
        let (path, other) = (scratch.path("long.h5"), scratch.path("other.h5"))
        try HDF5File.write(path) { file in
            try file.compressedNumbers(
                "rows", shape: [3, 2], rows: 1, workers: Workers(2),
                values: { rows in
                    // Without the lock's release this would wait for ever.
                    try? HDF5File.write("\(other)\(rows.lowerBound)") {
                        try $0.numbers("n", [Int32(rows.lowerBound)], shape: [1])
                    }
                    return [1, 2] as [Int32]
                })
        }
        for row in 0..<3 {
            try HDF5File.read("\(other)\(row)") {
                try same($0.numbers("n", as: Int32.self).values, [Int32(row)])
            }
        }
        try HDF5File.read(path) {
            try same($0.numbers("rows", as: Int32.self).values, [1, 2, 1, 2, 1, 2])
        }
        #expect(openHDF5Handles() == 0)
    }

    @Test(
        "Text of any length and alphabet is read as it was written, from data sets and attributes")
    func text() throws {
        let path = scratch.path("t.h5")
        // More than 64 KB, the limit for attributes in older file formats.
        let long = String(repeating: "Grünschiefer ", count: 10_000)
        try HDF5File.write(path) { file in
            try file.strings("keys", ["andesite/ä", "", "片麻岩"])
            try file.strings("nothing", [])
            try file.group("group/inner")
            try file.attribute("long", long)
            try file.attribute("list", of: "group/inner", ["a", "bcd"])
            try file.attribute("number", of: "group", Int32(-5))
        }
        try HDF5File.read(path) { file in
            try same(file.strings("keys"), ["andesite/ä", "", "片麻岩"])
            try same(file.strings("nothing"), [])
            try same(file.stringsAttribute("long"), [long])
            try same(file.stringsAttribute("list", of: "group/inner"), ["a", "bcd"])
            try same(file.numbersAttribute("number", of: "group", as: Double.self), [-5])
            same(file.hasAttribute("long"), true)
            same(file.hasAttribute("short"), false)
        }
        #expect(openHDF5Handles() == 0)
    }

    @Test("Errors of reading say what is wrong with the file, and no handle stays open")
    func readingErrors() throws {
        let path = scratch.path("e.h5")
        try HDF5File.write(path) { file in
            try file.strings("text", ["a"])
            try file.numbers("numbers", [1, 2] as [Int32], shape: [2])
            try file.attribute("words", "b")
        }
        func failure(_ body: (borrowing HDF5Reader) throws -> Void) -> HDF5Error? {
            #expect(throws: HDF5Error.self) { try HDF5File.read(path, body) }
        }
        #expect(
            failure { _ = try $0.numbers("absent", as: Int32.self) }
                == .noObject(path: path, name: "absent"))
        #expect(
            failure { _ = try $0.numbers("text", as: Int32.self) }
                == .wrongKind(path: path, name: "text", expected: "numbers"))
        #expect(
            failure { _ = try $0.strings("numbers") }
                == .wrongKind(path: path, name: "numbers", expected: "text"))
        #expect(
            failure { _ = try $0.stringsAttribute("absent") }
                == .noObject(path: path, name: "/@absent"))
        guard
            case .failed(path, _, _) = failure({
                _ = try $0.numbersAttribute("words", as: Int32.self)
            })
        else { throw Unexpected() }
        let missing = scratch.path("missing.h5")
        #expect(throws: HDF5Error.missing(path: missing)) { try HDF5File.read(missing) { _ in } }
        let other = scratch.path("other.h5")
        try Data("no data set".utf8).write(to: URL(filePath: other))
        #expect(throws: HDF5Error.notHDF5(path: other)) { try HDF5File.read(other) { _ in } }
        try Data("version https://git-lfs.github.com/spec/v1\nsize 9\n".utf8)
            .write(to: URL(filePath: other))
        #expect(throws: HDF5Error.pointer(path: other)) { try HDF5File.read(other) { _ in } }
        try Data(contentsOf: URL(filePath: path)).prefix(100).write(to: URL(filePath: other))
        #expect(throws: HDF5Error.notHDF5(path: other)) { try HDF5File.read(other) { _ in } }
        #expect(openHDF5Handles() == 0)
    }

    struct Unexpected: Error {}

    @Test("After an error of writing the earlier file is unchanged and no other file remains")
    func writingErrors() throws {
        let path = scratch.path("w.h5")
        try HDF5File.write(path) { try $0.strings("first", ["kept"]) }
        #expect(throws: Unexpected.self) {
            try HDF5File.write(path) { file in
                try file.strings("second", ["lost"])
                throw Unexpected()
            }
        }
        #expect(throws: HDF5Error.self) {
            try HDF5File.write(path) { file in
                try file.strings("twice", ["a"])
                try file.strings("twice", ["b"])
            }
        }
        #expect(try HDF5File.read(path) { try $0.strings("first") } == ["kept"])
        #expect(try scratch.names == ["w.h5"])
        let nowhere = scratch.path("missing/x.h5")
        #expect(
            throws: HDF5Error.notWritten(path: nowhere, reason: "No such file or directory")
        ) { try HDF5File.write(nowhere) { _ in } }
        #expect(openHDF5Handles() == 0)
    }

    @Test("Several threads can read and write files at once")
    func threads() async throws {
        let scratch = scratch.folder
        try await withThrowingTaskGroup(of: [Int32].self) { group in
            for number in 0..<8 {
                group.addTask {
                    let path = scratch.appending(path: "\(number).h5").path
                    try HDF5File.write(path) {
                        try $0.numbers("n", [Int32(number)], shape: [1])
                    }
                    return try HDF5File.read(path) { try $0.numbers("n").values }
                }
            }
            var found: [Int32] = []
            for try await values in group { found += values }
            #expect(found.sorted() == Array(0..<8))
        }
        #expect(openHDF5Handles() == 0)
    }
}
