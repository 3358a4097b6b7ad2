import Compression
import Foundation
import NIOHTTP1
import Testing

@testable import Publishing

@Suite("Answers of the preview") struct PreviewHandlerTests {
    private static let page = String(repeating: "<p>gneiss</p>\n", count: 100)

    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try folder.build([
            "index.html": Self.page, "assets/a.0123456789.css": "a {}", "data.bin": "0123456789",
        ])
    }

    private func answer(
        _ uri: String, _ headers: HTTPHeaders = [:], method: HTTPMethod = .GET,
        reload: PreviewReload? = nil
    ) -> PreviewAnswer {
        let host: HTTPHeaders = ["Host": "127.0.0.1:8080"]
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: uri, headers: host)
        head.headers.add(contentsOf: headers)
        return PreviewHandler(folder: folder.atlas, port: 8080, reload: reload)
            .answer(PreviewRequest(head: head, body: []))
    }

    private func text(_ answer: PreviewAnswer) throws -> String {
        switch try #require(answer.body) {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .part(let file, let range): String(decoding: try file.bytes(range), as: UTF8.self)
        }
    }

    private func tag(_ answer: PreviewAnswer) throws -> String {
        try #require(answer.headers.first(name: "ETag"))
    }

    @Test("A browser that comes back with the tag gets no body")
    func notModified() throws {
        let first = answer("/data.bin")
        let again = answer("/data.bin", ["If-None-Match": try tag(first)])
        #expect(again.status == .notModified)
        #expect(again.body == nil)
        #expect(try tag(again) == tag(first))
    }

    @Test("The tag is another one after the content has changed, even within a second")
    func changed() throws {
        let before = try tag(answer("/data.bin"))
        try folder.write("9876543210", to: "public/data.bin")
        #expect(answer("/data.bin", ["If-None-Match": before]).status == .ok)
    }

    @Test("A compressed page has another tag, and both vary with the accepted compression")
    func compressed() throws {
        let plain = answer("/")
        let packed = answer("/", ["Accept-Encoding": "gzip"])
        #expect(try text(plain) == Self.page)
        guard case .bytes(let bytes) = packed.body else {
            Issue.record("the page is not compressed")
            return
        }
        #expect(bytes == Gzip.compressed(Array(Self.page.utf8)))
        #expect(packed.headers["Content-Encoding"] == ["gzip"])
        #expect(try tag(plain) != tag(packed))
        for answer in [plain, packed] {
            #expect(answer.headers["Vary"] == ["Accept-Encoding"])
        }
        let known: HTTPHeaders = ["If-None-Match": try tag(packed)]
        #expect(answer("/", known).status == .ok)
    }

    @Test("A part of a page is never compressed")
    func parts() throws {
        let part = answer("/", ["Accept-Encoding": "gzip", "Range": "bytes=3-8"])
        #expect(part.status == .partialContent)
        #expect(part.headers["Content-Range"] == ["bytes 3-8/1400"])
        #expect(part.headers["Content-Encoding"] == [])
        #expect(try text(part) == "gneiss")
    }

    @Test("With the tag of other content in If-Range, the file is sent whole")
    func otherContent() throws {
        let whole = answer("/data.bin", ["Range": "bytes=0-1", "If-Range": "\"other\""])
        #expect(whole.status == .ok)
        #expect(try text(whole) == "0123456789")
    }

    @Test("A part after the end is refused with the size")
    func outside() {
        let refused = answer("/data.bin", ["Range": "bytes=10-"])
        #expect(refused.status == .rangeNotSatisfiable)
        #expect(refused.headers["Content-Range"] == ["bytes */10"])
    }

    @Test("Only files named by a digest may be kept without asking")
    func caching() {
        #expect(
            answer("/assets/a.0123456789.css").headers["Cache-Control"]
                == ["public, max-age=31536000, immutable"])
        #expect(answer("/").headers["Cache-Control"] == ["no-cache"])
        #expect(answer("/assets/none.0123456789.css").headers["Cache-Control"] == ["no-cache"])
    }

    @Test(
        "A target may name the host, which then decides",
        arguments: [
            ("http://127.0.0.1:8080/data.bin", HTTPResponseStatus.ok),
            ("HTTP://LOCALHOST:8080/data.bin?a=b", .ok), ("http://127.0.0.1:8080", .ok),
            ("http://example.org/data.bin", .forbidden),
            ("http://127.0.0.1:8080@example.org/", .forbidden), ("http:///", .forbidden),
        ])
    func absolute(uri: String, expected: HTTPResponseStatus) {
        #expect(answer(uri).status == expected)
    }

    @Test("A request that names two hosts is refused")
    func twoHosts() {
        #expect(answer("/", ["Host": "127.0.0.1:8080"]).status == .badRequest)
    }

    @Test("An atlas that another one replaced is served from then on")
    func replaced() throws {
        let old = answer("/data.bin")
        try FileManager.default.moveItem(atPath: folder.atlas, toPath: folder.path + "/old")
        try folder.build(["index.html": "new"])
        #expect(try text(answer("/")) == "new")
        // The file that was open stays readable.
        #expect(try text(old) == "0123456789")
    }

    @Test("A file that became shorter is not sent as if it were whole")
    func shorter() throws {
        let file = try #require(PreviewFile(folder.atlas + "/data.bin"))
        #expect(truncate(folder.atlas + "/data.bin", 4) == 0)
        #expect(throws: PreviewFile.Failure.truncated) { try file.bytes(0..<file.size) }
        #expect(try file.bytes(0..<4) == Array("0123".utf8))
    }

    @Test("With reloading, pages get a script that asks for another edition")
    func reloading() throws {
        let reload = PreviewReload(edition: "1f")
        let page = answer("/", ["Accept-Encoding": "gzip", "Range": "bytes=0-1"], reload: reload)
        #expect(page.status == .ok)
        #expect(
            try text(page) == Self.page
                + "<script defer src=\"/.geoatlas/reload.js?since=1f\"></script>\n")
        #expect(page.headers["Cache-Control"] == ["no-store"])
        #expect(page.headers["ETag"] == [])
        #expect(try text(answer("/data.bin", reload: reload)) == "0123456789")

        #expect(try text(answer("/.geoatlas/edition.js?since=1f", reload: reload)) == "")
        reload.show(edition: "2e")
        #expect(
            try text(answer("/.geoatlas/edition.js?since=1f", reload: reload))
                == "location.reload();\n")
        #expect(try text(answer("/.geoatlas/edition.js?since=2e", reload: reload)) == "")
    }

    @Test("Without reloading there is no such script")
    func noReloading() throws {
        #expect(answer("/.geoatlas/reload.js").status == .notFound)
        #expect(try text(answer("/")) == Self.page)
    }
}
