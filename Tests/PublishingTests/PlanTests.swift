import Fingerprint
import Testing

@testable import Publishing

/// Plans are made from lists alone, without files.
@Suite struct PlanTests {
    private func file(_ path: String, _ content: String = "x") -> Manifest.File {
        Manifest.File(path: path, size: content.utf8.count, digest: Fingerprint(of: content))
    }

    /// A destination with these files and their manifest.
    private func holdings(
        _ files: [Manifest.File], state: DestinationState? = nil
    ) throws -> Holdings {
        Holdings(
            manifest: try Manifest(files).bytes(), state: state?.bytes(),
            files: Dictionary(
                uniqueKeysWithValues: (files + [file("manifest.json")]).map { ($0.path, $0.size) }),
            now: 1000)
    }

    private func plan(
        _ files: [Manifest.File], _ holdings: Holdings, unchanged: Set<String> = []
    ) -> PublicationPlan {
        PublicationPlan(of: files, at: holdings, KnownFiles(holdings)) { asked in
            Set(asked.map(\.path)).intersection(unchanged)
        }
    }

    @Test(
        "Pictures, scripts and data come first, new pages before changed ones, the front page last")
    func order() throws {
        let there = try holdings([file("index.html"), file("a.html"), file("old.css")])
        let made = plan(
            [
                file("index.html", "2"), file("a.html", "2"), file("b/new.html"), file("b/1.jpg"),
                file("data.json"),
            ], there)
        #expect(
            made.steps.map { $0.map(\.path) }
                == [["b/1.jpg", "data.json"], ["b/new.html"], ["a.html"], ["index.html"]])
        #expect(made.leaving.map(\.file.path) == ["old.css"])
        #expect(made.leaving.map(\.since) == [1000])
        #expect(made.kept == 0)
    }

    @Test("What the manifest there lists with another size than the file has is sent again")
    func damagedThere() throws {
        var there = try holdings([file("a.jpg"), file("b.jpg"), file("c.jpg")])
        there.files["a.jpg"] = 0
        there.files["b.jpg"] = nil
        let made = plan([file("a.jpg"), file("b.jpg"), file("c.jpg")], there)
        #expect(made.sends.map(\.path) == ["a.jpg", "b.jpg"])
        #expect(made.replaced == ["a.jpg"])
        #expect(made.kept == 1)
    }

    @Test(
        "After a stopped publication, the contents of files that it may have written are compared")
    func stopped() throws {
        let state = DestinationState(arriving: [
            file("both.html", "2"), file("new.jpg"), file("third.html", "2"),
        ])
        let there = try holdings(
            [file("both.html", "1"), file("sure.html"), file("third.html", "1")], state: state)
        var withNew = there
        withNew.files["new.jpg"] = 1
        let local = [
            file("both.html", "2"), file("new.jpg"), file("sure.html"), file("third.html", "3"),
        ]
        var asked: [String] = []
        let made = PublicationPlan(of: local, at: withNew, KnownFiles(withNew)) {
            asked = $0.map(\.path)
            return ["both.html", "new.jpg"]
        }
        #expect(asked == ["both.html", "new.jpg", "third.html"])
        #expect(made.sends.map(\.path) == ["third.html"])
        #expect(made.kept == 3)
    }

    @Test("A file that comes back is not removed, and is sent only if its content is not certain")
    func back() throws {
        let leaving = [file("a.jpg"), file("b.jpg", "2"), file("c.jpg")].map {
            DestinationState.Departure(file: $0, since: 5, settled: true)
        }
        var there = try holdings([file("index.html")], state: DestinationState(leaving: leaving))
        for path in ["a.jpg", "b.jpg", "c.jpg"] { there.files[path] = 1 }
        let made = plan([file("index.html"), file("a.jpg"), file("b.jpg", "3")], there)
        #expect(made.sends.map(\.path) == ["b.jpg"])
        #expect(made.leaving == [leaving[2]])
    }

    @Test("The content of a file that a stopped publication may have replaced is not certain later")
    func uncertain() throws {
        let there = try holdings(
            [file("a.html", "1"), file("index.html")],
            state: DestinationState(arriving: [file("a.html", "2")]))
        let made = plan([file("index.html")], there)
        let left = try #require(made.leaving.first)
        #expect(left.file.path == "a.html")
        #expect(![file("a.html", "1"), file("a.html", "2")].contains(left.file))
    }

    @Test("A damaged list makes every file uncertain, and removes nothing")
    func damagedList() throws {
        var there = try holdings([file("a.jpg"), file("old.jpg")])
        there.manifest = Array("{\"version\": 1, \"edition\": \"".utf8)
        let made = plan([file("a.jpg")], there, unchanged: ["a.jpg"])
        #expect(KnownFiles(there).damaged == ["manifest.json"])
        #expect(made.sends == [])
        #expect(made.kept == 1)
        #expect(made.leaving == [])
    }

    @Test("Files with names of unfinished ones are removed if their whole is known")
    func remnants() throws {
        var there = try holdings([file("a/1.jpg"), file("index.html")])
        for path in [
            "a/.1.jpg.abcdef", "a/.other.jpg.abcdef", "..geoatlas-publish.json.abcdef",
            ".geoatlas-publish.lock.12", ".manifest.json.abcdef", "a/.~tmp~/1.jpg", ".hidden",
            "a/.DS_Store",
        ] { there.files[path] = 1 }
        #expect(
            plan([file("a/1.jpg"), file("index.html")], there).remnants == [
                "..geoatlas-publish.json.abcdef", ".geoatlas-publish.lock.12",
                ".manifest.json.abcdef", "a/.1.jpg.abcdef", "a/.~tmp~/1.jpg",
            ])
    }

    @Test("An unchanged destination needs no plan, but a missing file or an open matter does")
    func nothing() throws {
        let files = [file("a.jpg"), file("index.html")]
        let manifest = try Manifest(files).bytes()
        var there = try holdings(files)
        #expect(
            PublicationPlan(nothingToDo: files, manifest: manifest, at: there)?.kept == 3)
        there.state = DestinationState().bytes()
        #expect(PublicationPlan(nothingToDo: files, manifest: manifest, at: there) == nil)
        there.state = nil
        there.files["a.jpg"] = 7
        #expect(PublicationPlan(nothingToDo: files, manifest: manifest, at: there) == nil)
    }
}

@Suite struct DestinationStateTests {
    private let file = Manifest.File(
        path: "a \"b\".html", size: 12, digest: Fingerprint(high: 1, low: 0xAB))

    @Test("It is read back as it was written")
    func readBack() {
        let states = [
            DestinationState(), DestinationState(arriving: [file, file]),
            DestinationState(leaving: [
                .init(file: file, since: 1_764_355_555, settled: true),
                .init(file: file, since: 0, settled: false),
            ]),
            DestinationState(
                arriving: [file], leaving: [.init(file: file, since: 5, settled: false)]),
        ]
        for state in states { #expect(DestinationState(state.bytes()) == state) }
    }

    @Test("Its form is fixed, because other versions of this program read it")
    func form() {
        let state = DestinationState(
            arriving: [file], leaving: [.init(file: file, since: 5, settled: false)])
        let line = #"["a \"b\".html", 12, "000000000000000100000000000000ab""#
        #expect(
            String(decoding: state.bytes(), as: UTF8.self) == """
                {"version": 2, "arriving": [
                \(line)]
                ], "leaving": [
                \(line), 5, false]
                ]}

                """)
    }

    @Test("The list of an earlier version, a manifest, gives arriving files")
    func earlierVersion() throws {
        let manifest = try Manifest([file])
        #expect(DestinationState(manifest.bytes()) == DestinationState(arriving: [file]))
    }

    @Test(
        "Anything else is damaged",
        arguments: [
            "", "{}", "{\"version\": 2, \"arriving\": [", "{\"version\": 1, \"edition\": \"",
            "{\"version\": 2, \"arriving\": [\n], \"leaving\": [\n]}\nx",
            "{\"version\": 2, \"arriving\": [\n[\"../x\", 1, \"\(String(repeating: "0", count: 32))\"]"
                + "\n], \"leaving\": [\n]}\n",
        ])
    func damaged(text: String) { #expect(DestinationState(Array(text.utf8)) == nil) }
}

@Suite struct PatienceTests {
    @Test("A file that somebody holds open is tried again, with growing pauses, until it is free")
    func patient() {
        var errors: [Int32] = [16, 26, 13, 0]  // EBUSY, ETXTBSY, EACCES on Linux
        var pauses: [Duration] = []
        let result = Patience().insist({ errors.removeFirst() }, pause: { pauses.append($0) })
        #expect(result == 0)
        #expect(pauses == [.milliseconds(50), .milliseconds(100), .milliseconds(200)])
    }

    @Test("It ends after ten seconds, and at once for other errors")
    func bounded() {
        var total = Duration.zero
        #expect(Patience().insist({ 16 }, pause: { total += $0 }) == 16)
        #expect(total > .seconds(9) && total < .seconds(11))
        #expect(Patience().insist({ 28 }, pause: { _ in Issue.record("waited") }) == 28)
    }
}

@Suite struct POSIXChecksumTests {
    /// As `cksum` of GNU coreutils 9.1 prints.
    @Test(
        "It is the checksum of cksum",
        arguments: [("", 4_294_967_295), ("123456789", 930_766_865)] as [(String, UInt32)])
    func values(text: String, expected: UInt32) {
        #expect(POSIXChecksum.of(Array(text.utf8)) == expected)
    }

    @Test("The number of bytes counts, with more than one byte of its own")
    func length() {
        #expect(POSIXChecksum.of([UInt8](repeating: 0, count: 300)) == 351_385_237)
    }
}
