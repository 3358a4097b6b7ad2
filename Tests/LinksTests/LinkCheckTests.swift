import Foundation
import Links
import Parallel
import Testing

/// An atlas of a few files in a temporary folder. The expected values follow the HTML, URL and CSS
/// standards, and the behaviour of browsers for pages opened as files.
@Suite struct LinkCheckTests {
    /// Broken links of an atlas with `files` (path: content).
    private func problems(_ files: [String: String], jobs: Int = 2) throws -> [BrokenLink] {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "links-\(UUID().uuidString)")
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        for (path, content) in files {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content.utf8).write(to: file)
        }
        return try LinkCheck.problems(
            in: folder.path, files: Array(files.keys), workers: Workers(jobs))
    }

    /// Reasons for the page `rocks/page.html`, with other files beside it.
    private func reasons(_ html: String) throws -> [String] {
        try problems([
            "rocks/page.html": html, "index.html": "<h1 id=top-heading>Atlas</h1>",
            "rocks/other.html": "<p id=here><a name=there>x</a>", "style.css": "", "app.js": "",
            "rocks/a b.jpg": "", "rocks/pic.jpg": "", "icons.svg": "<svg><g id='turn'/></svg>",
        ]).map {
            #expect($0.page == "rocks/page.html")
            return $0.reason
        }
    }

    @Test(
        "A good address is accepted in every way to write it",
        arguments: [
            "<a href=\"other.html\">x</a>", "<a href='other.html'>x</a>",
            "<a href=other.html>x</a>",
            "<A HREF = other.html >x</A>", "<a href=\"../index.html#top-heading\">x</a>",
            "<a href=\"./../rocks/other.html?from=here#there\">x</a>",
            "<p id=mine><a href=#mine>x</a>", "<a href=\"#\">x</a>", "<a href=#top>x</a>",
            "<a href=\"other.html#predicted=gneiss\">x</a>",
            "<a href=\"https://example.org/\">x</a>",
            "<a href='mailto:a@example.org'>x</a>", "<img src=\"a%20b.jpg\">",
            "<img src=\" pic.jpg\n\">", "<img src=\"pic&#46;jpg\">", "<img src=\"pic&#x2E;jpg\">",
            "<a href=\"other.html?a=1&amp;b=2\">x</a>", "<a href=\"other.html?a=1&copy=2\">x</a>",
            "<img srcset=\"pic.jpg 1x, a%20b.jpg 2x\">", "<img srcset=\"pic.jpg, a%20b.jpg 300w\">",
            "<img src=\"data:image/png;base64,AAAA\">",
            "<p style=\"background:url('pic.jpg')\">", "<p style=\"background:url( pic.jpg )\">",
            "<style>@import \"../style.css\"; a{background:url(pic.jpg)}</style>",
            "<style>/* url(none.jpg) */ a{content:\"url(none.jpg)\"}</style>",
            "<style>@namespace svg url(http://www.w3.org/2000/svg);</style>",
            "<svg><pattern id=p /><use href=\"#p\"/><rect fill=\"url(#p)\"/></svg>",
            "<svg><use href=\"../icons.svg#turn\"/></svg>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>a</title><use href=\"../icons.svg#turn\"/>",
            "<link rel=stylesheet href=../style.css><script src=../app.js></script>",
            "<!-- <a href=none.html> -->", "<!--><!-- <a href=none.html> -->",
            "<!-- a --!><a href=other.html>x</a>",
            "<script>var a = '<a href=none.html>'</script>", "<title><a href=none.html></title>",
            "<textarea><img src=none.jpg></textarea>",
            "<script><!-- <script> </script> <a href=none.html> --></script>",
            "<meta http-equiv=refresh content=\"0; url=other.html\">",
            "<p title=\"<a href='none.html'>\">", "<p data-other=none.html>",
            "a < b <a href=other.html>",
        ])
    func accepted(html: String) throws {
        #expect(try reasons(html) == [])
    }

    @Test(
        "A bad address is named with its reason",
        arguments: [
            ("<a href=none.html>x</a>", "\"none.html\" leads to no file."),
            ("<a href='OTHER.html'>x</a>", "\"OTHER.html\" leads to no file."),
            ("<img src=\"none.jpg\">", "\"none.jpg\" leads to no file."),
            ("<img srcset=\"pic.jpg 1x, none.jpg 2x\">", "\"none.jpg\" leads to no file."),
            ("<p data-src=none.jpg>", "\"none.jpg\" leads to no file."),
            ("<p data-sprite='none.png'>", "\"none.png\" leads to no file."),
            ("<p style='background:url(none.jpg)'>", "\"none.jpg\" leads to no file."),
            (
                "<p style=\"background:url(&quot;none.jpg&quot;)\">",
                "\"none.jpg\" leads to no file."
            ),
            ("<style>a{b:URL(none\\.jpg)}</style>", "\"none.jpg\" leads to no file."),
            ("<style>@import 'none.css';</style>", "\"none.css\" leads to no file."),
            ("<script src=none.js></script>", "\"none.js\" leads to no file."),
            ("<noscript><img src=none.jpg></noscript>", "\"none.jpg\" leads to no file."),
            ("<script></script><a href=none.html>", "\"none.html\" leads to no file."),
            ("<script>a</script ><a href=none.html>", "\"none.html\" leads to no file."),
            ("<!-- a --!><a href=none.html>", "\"none.html\" leads to no file."),
            ("<!--><a href=none.html>", "\"none.html\" leads to no file."),
            ("<a title='>' href=none.html>", "\"none.html\" leads to no file."),
            ("<a href=none.html?a=1&amp;b>", "\"none.html?a=1&b\" leads to no file."),
            ("<a href=other%2ehtml/>", "\"other%2ehtml/\" leads to no file."),
            ("<a href=..%2Findex.html>", "\"..%2Findex.html\" leads to no file."),
            (
                "<svg><use href='#none'/></svg>",
                "\"#none\" leads to a place that the page does not have."
            ),
            (
                "<svg><rect fill='url(#none)'/></svg>",
                "\"#none\" leads to a place that the page does not have."
            ),
            ("<a href=#none>x</a>", "\"#none\" leads to a place that the page does not have."),
            (
                "<a href=other.html#none>x</a>",
                "\"other.html#none\" leads to a place that the page does not have."
            ),
            (
                "<svg><use xlink:href='../icons.svg#none'/></svg>",
                "\"../icons.svg#none\" leads to a place that the page does not have."
            ),
            (
                "<!-- <p id=a> --><a href=#a>",
                "\"#a\" leads to a place that the page does not have."
            ),
            ("<a href='./'>x</a>", "\"./\" leads to a folder. Name the page in it."),
            ("<a href=../rocks>x</a>", "\"../rocks\" leads to a folder. Name the page in it."),
            ("<a href=../../x.html>x</a>", "\"../../x.html\" leads out of the atlas."),
            (
                "<a href=/index.html>x</a>",
                "\"/index.html\" is absolute. Make it relative to the page."
            ),
            (
                "<a href='..\\index.html'>x</a>",
                "\"..\\index.html\" has a backslash. Write a slash."
            ),
            (
                "<img src=\"https://example.org/a.png\">",
                "\"https://example.org/a.png\" is loaded from a network. Put the file into the atlas."
            ),
            (
                "<link rel=icon href=HTTP://example.org/a>",
                "\"HTTP://example.org/a\" is loaded from a network. Put the file into the atlas."
            ),
            (
                "<style>a{b:url(https://example.org/f)}</style>",
                "\"https://example.org/f\" is loaded from a network. Put the file into the atlas."
            ),
            (
                "<a href=//example.org/>x</a>",
                "\"//example.org/\" names a host, which means nothing in a page opened as a file."
            ),
            (
                "<a href='java&#115;cript:x()'>x</a>",
                "\"javascript:x()\" begins with \"javascript:\", which does not work in an atlas."
            ),
            (
                "<a href=file:///a.html>x</a>",
                "\"file:///a.html\" begins with \"file:\", which does not work in an atlas."
            ),
            ("<img src=''>", "\"\" names no file."),
            ("<base href=x>", "A <base> element changes what links are relative to. Remove it."),
            (
                "<meta http-equiv=refresh content='0; url=none.html'>",
                "\"none.html\" leads to no file."
            ),
        ])
    func broken(html: String, reason: String) throws {
        #expect(try reasons(html) == [reason])
    }

    @Test("A style sheet's addresses are relative to itself")
    func styleSheet() throws {
        let found = try problems([
            "css/style.css": """
            a { mask: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E") }
            b { background: url(../pic.jpg), url(pic.jpg); fill: url(#p) }
            """,
            "pic.jpg": "",
        ])
        #expect(
            found == [BrokenLink(page: "css/style.css", reason: "\"pic.jpg\" leads to no file.")])
    }

    @Test(
        "Problems are sorted, each named once, whatever the number of threads",
        arguments: [1, 2, 5])
    func order(jobs: Int) throws {
        var files = ["b.html": "<a href=z.html><a href=y.html><img src=z.html>", "a-b.html": ""]
        for page in 0..<100 { files["a/\(page).html"] = "<a href=../a-b.html#x>" }
        let found = try problems(files, jobs: jobs)
        #expect(found.count == 102)
        #expect(found == found.sorted())
        #expect(
            found.suffix(2).map(\.reason) == ["y", "z"].map { "\"\($0).html\" leads to no file." })
    }

    @Test("A page cut off anywhere is read to its end")
    func truncated() throws {
        let html = Array(
            "<!doctype html><!-- c --><svg><use href='#a'/></svg><style>a{b:url(\"c\\2e d\")}</style><script><!--<script></script>--></script><img srcset='a, b 2x' src=x>&amp;"
                .utf8)
        for count in 0...html.count {
            let page = String(decoding: html[..<count], as: UTF8.self)
            #expect(try problems(["a.html": page]).allSatisfy { $0.page == "a.html" })
        }
    }
}
