import Foundation
import Raster
import Testing

@testable import Site

/// The page of `geoatlas similar --html`. The tests of the command check whole files.
@Suite struct LikenessPageTests {
    private static let theme = Theme(TinyEdition.root.appending(path: "templates").path)

    private func image(_ width: Int, _ height: Int) throws -> LikenessPage.Image {
        let pixels = [UInt8](repeating: 90, count: width * height * 3)
        return try LikenessPage.Image(Picture(width: width, height: height, pixels: pixels))
    }

    private func target(_ key: String, rotation: Int, score: Double) throws -> LikenessPage.Target {
        .init(key: key, score: score, rotation: rotation, image: try image(30, 20))
    }

    private func candidates() throws -> [LikenessPage.Candidate] {
        [
            .init(
                "a<b>", image: try image(28, 28),
                panels: [
                    .init(
                        title: "One", choice: "The nearest",
                        targets: [
                            try target("x/1", rotation: 90, score: 97.25),
                            try target("x/&", rotation: 0, score: 100),
                        ]), .init(title: "Two", choice: "Others", targets: []),
                ]), .init("no.jpg", error: "It is gone. Look."),
        ]
    }

    @Test func `Every panel of a candidate is shown, and an error in place of them`() throws {
        let page = try LikenessPage(Self.theme)
        let html = String(decoding: try page.bytes(try candidates()), as: UTF8.self)
        let text = html.replacing(/(?s)<style>.*<\/style>/, with: "")
            .replacing(/base64,[^"]*/, with: "…")
        #expect(
            text.contains(
                "<h2>a&lt;b&gt;</h2><img src=\"data:image/jpeg;…\" width=\"28\" height=\"28\" "
                    + "alt=\"The candidate a&lt;b&gt;\">"))
        #expect(
            text.contains(
                "<h3>One</h3><p>The nearest</p><ol><li><img src=\"data:image/jpeg;…\" "
                    + "width=\"30\" height=\"20\" alt=\"x/1\">"
                    + "<p><b>97.3\u{202F}%</b>, turned 90°<br>x/1</p></li>"))
        #expect(text.contains("<p><b>100\u{202F}%</b><br>x/&amp;</p>"))
        #expect(text.contains("<h3>Two</h3><p>Others</p><p>No other picture.</p></div>"))
        #expect(text.contains("<h2>no.jpg</h2><p>It is gone. Look.</p></section>"))
    }

    @Test func `A large picture is reduced to 224 pixels a side`() throws {
        let wide = try image(900, 300)
        #expect("\(wide.width) × \(wide.height)" == "224 × 74")
        let tall = try image(1, 2_000)
        #expect("\(tall.width) × \(tall.height)" == "1 × 224")
    }

    @Test func `The README lists the fields of the page, all of them and no others`() throws {
        try withFolder(["likeness.html": "{{?}}"]) { path in
            let page = try LikenessPage(Theme(path))
            let offered = String(decoding: try page.bytes(try candidates()), as: UTF8.self)
                .split(separator: "\n").map(String.init)
            let readme = try String(
                contentsOf: TinyEdition.root.appending(path: "templates/README.md"), encoding: .utf8
            )
            let part = try #require(readme.split(separator: "### `likeness.html`").last)
            let listed = part.matches(of: /\n\| `([A-Za-z.\[\]]+)` \| ([a-z ]+) \|/)
                .map { "\($0.output.1)  \($0.output.2)" }
            #expect(Set(offered) == Set(listed))
        }
    }
}
