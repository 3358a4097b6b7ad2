import Foundation
import Testing

/// Changes small files at random and reads them: no crash, and no input that takes seconds.
///
/// The changes are the same in every run. `make fuzz` looks for others with libFuzzer (`Fuzzing.swift`).
/// The input that is being read is in the folder `geoatlas-fuzz` of the system's temporary folder, so
/// it is there after a crash.
@Suite(.serialized) struct FuzzTests {
    /// Number of changed files for each reader.
    private static let rounds = 300
    /// Longest time for one input.
    private static let longest = 5.0

    @Test("Changed files are read or refused", arguments: Reader.allCases)
    func changes(reader: Reader) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "geoatlas-fuzz")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: reader.rawValue)
        let corpus = try Self.corpus(reader)
        var mutator = Mutator(seed: 1)
        let clock = ContinuousClock()
        for _ in 0..<Self.rounds {
            let input = mutator.changed(corpus)
            try Data(input).write(to: file)
            let start = clock.now
            reader.read(input, file.path)
            let took = (clock.now - start) / .seconds(1)
            #expect(took < Self.longest, "\(file.path) took \(took) s")
        }
        try FileManager.default.removeItem(at: file)
    }

    /// The files of the folder `Corpus` whose names begin like the reader.
    private static func corpus(_ reader: Reader) throws -> [[UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let own = files.filter { $0.hasPrefix(reader.rawValue) }
        #expect(!own.isEmpty)
        return try own.map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
    }
}

/// Draws changes of files.
private struct Mutator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func random(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, limit)
    }

    /// Bytes that readers treat in a special way.
    private static let marks = Array("\0\u{7F}\n\r\t\"'\\,;:-*&#|>{}[]=~/PK%".utf8) + [0x80, 0xFF]

    /// One of the files, with one to eight changes.
    mutating func changed(_ corpus: [[UInt8]]) -> [UInt8] {
        var bytes = corpus[random(corpus.count)]
        for _ in 0...random(8) {
            let place = random(bytes.count + 1)
            let end = min(bytes.count, place + 1 + random(16))
            switch random(7) {
            case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(random(8))
            case 1 where place < bytes.count: bytes[place] = Self.marks[random(Self.marks.count)]
            case 2: bytes.insert(Self.marks[random(Self.marks.count)], at: place)
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: random(bytes.count + 1))
            case 5 where end - place >= 4:
                bytes.replaceSubrange(place..<place + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
            case 6 where random(4) == 0: bytes.removeSubrange(place...)
            default: continue
            }
        }
        return bytes
    }
}

extension Reader: CustomTestStringConvertible {
    var testDescription: String { rawValue }
}
