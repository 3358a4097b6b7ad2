import NIOHTTP1
import Testing

@testable import Publishing

@Suite("What the preview says about a file") struct PreviewFactsTests {
    @Test(
        "The type follows from the extension, in any case",
        arguments: [
            ("index.html", "text/html; charset=utf-8"), ("A.HTML", "text/html; charset=utf-8"),
            ("assets/a.0123456789.css", "text/css; charset=utf-8"),
            ("a.js", "text/javascript; charset=utf-8"), ("a.json", "application/json"),
            ("a.svg", "image/svg+xml"), ("a.webp", "image/webp"), ("a.png", "image/png"),
            ("a.jpg", "image/jpeg"), ("a.JPEG", "image/jpeg"),
            ("a.txt", "text/plain; charset=utf-8"),
            ("a.md", "text/markdown; charset=utf-8"), ("a.csv", "text/csv; charset=utf-8"),
            ("a.woff2", "font/woff2"), ("a.h5", "application/x-hdf5"), ("a.zip", "application/zip"),
            ("a", "application/octet-stream"), ("html", "application/octet-stream"),
            ("a.html/b", "application/octet-stream"), ("a.", "application/octet-stream"),
        ])
    func types(path: String, expected: String) { #expect(PreviewMedia(of: path).type == expected) }

    @Test(
        "Only texts are compressed", arguments: ["html", "css", "js", "json", "svg", "csv", "md"])
    func texts(fileExtension: String) { #expect(PreviewMedia(of: "a." + fileExtension).isText) }

    @Test(
        "Files that are compressed already are not texts", arguments: ["jpg", "png", "h5", "zip"])
    func others(fileExtension: String) { #expect(!PreviewMedia(of: "a." + fileExtension).isText) }

    @Test(
        "Files of the build's own folders with a digest in their names never change",
        arguments: [
            "assets/wall.3f2a91bc01.css", "data/index.0123456789.js",
            "sprites/cluster-1.abcdef0123.png", "texts/a.b.0a0a0a0a0a.pdf",
            "sprites/gneiss/1.abcdef0123.jpg", "tiles/0/3/12.0a1b2c3d4e.jpg",
        ])
    func digest(path: String) { #expect(DigestName.isIn(path)) }

    @Test(
        "All other files may change",
        arguments: [
            "index.html", "gneiss/0a/boulder.2024060112.jpg", "gneiss/boulder.2024060112.jpg",
            "assets/wall.3f2a91bc0.css",
            "assets/wall.3f2a91bc012.css", "assets/wall.3F2A91BC01.css", "assets/3f2a91bc01.css",
            "gneiss/assets/wall.3f2a91bc01.css", "wall.3f2a91bc01.css",
            "assets/wall.3f2a91bc0g.css", "assets/a.3f2a91bc01.b/wall.css", "assets/", "",
        ])
    func noDigest(path: String) { #expect(!DigestName.isIn(path)) }

    /// The example of RFC 9110, 5.6.7; the numbers are those of `date -u -d TEXT +%s`.
    @Test(
        "Dates are written and read as RFC 9110 says",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
        ])
    func dates(seconds: Int, text: String) {
        #expect(HTTPDate.text(seconds) == text)
        #expect(HTTPDate.seconds(text) == seconds)
    }

    @Test(
        "Other texts are no dates",
        arguments: ["", "yesterday", "1994-11-06", "Sun, 06 Nov 1994 08:49:37 GMT+1", "784111777"])
    func noDates(text: String) { #expect(HTTPDate.seconds(text) == nil) }
}

@Suite("Conditions of requests") struct ValidatorTests {
    private let validators = Validators(tag: "\"a-1\"", modified: 784_111_777)

    @Test(
        "A browser that has this content is told so",
        arguments: [
            (["If-None-Match": "\"a-1\""], true), (["If-None-Match": "\"b\", \"a-1\""], true),
            (["If-None-Match": "W/\"a-1\""], true), (["If-None-Match": "*"], true),
            (["If-None-Match": "\"b\""], false), (["If-None-Match": "a-1"], false), ([:], false),
            (["If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"], true),
            (["If-Modified-Since": "Sun, 06 Nov 1994 08:49:38 GMT"], true),
            (["If-Modified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"], false),
            (["If-Modified-Since": "now"], false),
            // RFC 9110, 13.1.3: the date is ignored if there is a tag.
            (
                [
                    "If-None-Match": "\"b\"", "If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT",
                ], false
            ),
        ] as [([String: String], Bool)])
    func known(fields: [String: String], expected: Bool) {
        #expect(validators.isKnown(to: HTTPHeaders(fields.map { ($0, $1) })) == expected)
    }

    @Test(
        "Parts are sent only if the browser has the other parts of this content",
        arguments: [
            (nil, true), ("\"a-1\"", true), ("Sun, 06 Nov 1994 08:49:37 GMT", true),
            ("\"a-2\"", false), ("W/\"a-1\"", false), ("Sun, 06 Nov 1994 08:49:38 GMT", false),
        ] as [(String?, Bool)])
    func parts(condition: String?, expected: Bool) {
        let headers = HTTPHeaders(condition.map { [("If-Range", $0)] } ?? [])
        #expect(validators.allowParts(for: headers) == expected)
    }

    /// RFC 9110, 12.5.3.
    @Test(
        "gzip is accepted if it is named, or everything is, and its weight is not 0",
        arguments: [
            ("gzip", true), ("gzip, deflate, br", true), ("deflate, GZIP", true), ("x-gzip", true),
            ("gzip;q=0.5", true), ("gzip; q=1", true), ("*", true), ("br, *;q=0.1", true),
            ("", false), ("identity", false), ("gzip;q=0", false), ("gzip; q=0.000, *", false),
            ("*;q=0", false), ("br", false), ("gzip;q=many", false),
        ])
    func encodings(field: String, expected: Bool) {
        #expect(AcceptEncoding.acceptsGzip(["Accept-Encoding": field]) == expected)
    }
}
