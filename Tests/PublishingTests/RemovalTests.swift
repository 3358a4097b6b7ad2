import Foundation
import Testing

@testable import Publishing

extension RealRsync {
    /// Tests with the real rsync between temporary folders, with names that its filter rules could
    /// treat as patterns.
    @Suite struct RemovalTests {
        /// Each name with other names that it would match as a pattern (rsync(1), "PATTERN MATCHING
        /// RULES").
        private static let names: [(own: String, others: [String])] = [
            ("a*.jpg", ["ab.jpg", "a-long-name.jpg", "a.jpg"]),
            ("**", ["c.txt"]),
            ("d?.jpg", ["de.jpg", "d1.jpg"]),
            ("f[12].jpg", ["f1.jpg", "f2.jpg"]),
            ("[!g]", ["h", "i"]),
            (#"j\*k"#, [#"j\lk"#, #"j\k"#, "j*k"]),
            (#"m\n"#, ["mn"]),
            ("o***", ["op", "o/q"]),
        ]

        @Test("Only the file of that very name is removed", arguments: names.indices)
        func removal(index: Int) throws {
            let (own, others) = Self.names[index]
            let folder = try TestFolder()
            for name in others + [own] { try folder.write(name, to: "share/rocks/" + name) }
            var removed: [String] = []
            try Rsync(
                program: Rsync.find(
                    in: ProcessInfo.processInfo.environment["PATH", default: ""]),
                environment: [], interruption: Interruption(), scratch: folder.path,
                destination: folder.share
            ).remove(["rocks/" + own], from: folder.share) { removed.append($0.path) }
            #expect(removed.count == 1)
            #expect(try folder.files("share") == others.map { "rocks/" + $0 }.sorted())
        }

        @Test("An edition may have such names, and a new one removes them alone")
        func edition() throws {
            let folder = try TestFolder()
            try folder.build([
                "index.html": "front", "p/*.jpg": "1", "p/[ab].jpg": "2", "p/c?": "3",
            ])
            try folder.publish()
            for name in ["a.jpg", "b.jpg", "cd"] { try folder.write("mine", to: "share/p/" + name) }
            try folder.build(["index.html": "front"])
            #expect(try folder.publish().removed == 3)
            #expect(
                try folder.files("share")
                    == ["index.html", "manifest.json", "p/a.jpg", "p/b.jpg", "p/cd"])
        }
    }
}
