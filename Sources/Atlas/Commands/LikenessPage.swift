import AtlasModel
import Foundation
import Raster

/// One page that shows candidates beside their targets and needs no other file: pictures lie in it
/// as `data:` URIs.
struct LikenessPage {
    /// Those whose panels are shown, in their order.
    let models: [LikenessModel]
    /// Finds the picture of a key, as it should be seen.
    let picture: (_ key: String) throws -> Picture

    /// Longest side of a picture on the page; smaller ones keep their pixels.
    private static let side = 224
    /// libjpeg's quality at which small pictures show no blocks.
    private static let quality = 88

    /// The page, in the order of `results`.
    /// - Parameter candidates: for each result the candidate's picture, `nil` where there is none.
    func html(of results: [SimilarResult], candidates: [Picture?]) throws -> String {
        var body = ""
        for (result, candidate) in zip(results, candidates) {
            body += try section(of: result, candidate: candidate)
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Look-alikes – GeoAtlas</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            <h1>Look-alikes</h1>
            \(body)</main>
            </body>
            </html>

            """
    }

    private func section(of result: SimilarResult, candidate: Picture?) throws -> String {
        var html = "<section>\n<h2>\(Self.escaped(result.candidate))</h2>\n"
        if let error = result.error {
            return html + "<p>\(Self.escaped(error))</p>\n</section>\n"
        }
        if let candidate {
            html += try Self.image(candidate, described: "The candidate \(result.candidate)") + "\n"
        }
        html += "<div class=\"panels\">\n"
        for (model, targets) in result.panels(models) {
            let facts = LikenessFacts(cluster: targets.cluster.map { $0 + 1 }, clusters: targets.k)
            html += try panel(model.title, model.words.choice(facts), targets.matches)
        }
        return html + "</div>\n</section>\n"
    }

    private func panel(_ name: String, _ choice: String, _ matches: [SimilarResult.Found]) throws
        -> String
    {
        var html = "<div>\n<h3>\(name)</h3>\n<p>\(choice)</p>\n"
        guard !matches.isEmpty else { return html + "<p>No other picture.</p>\n</div>\n" }
        html += "<ol>\n"
        for match in matches {
            let turned = try picture(match.key).turned(counterClockwise: match.rotation)
            let degrees = match.rotation == 0 ? "" : ", turned \(match.rotation)°"
            html += """
                <li>\(try Self.image(turned, described: match.key))
                <p><b>\(Self.percent(match.score))</b>\(degrees)<br>\(Self.escaped(match.key))</p></li>

                """
        }
        return html + "</ol>\n</div>\n"
    }

    private static func image(_ picture: Picture, described text: String) throws -> String {
        let longest = max(picture.width, picture.height)
        let fitted =
            longest <= side
            ? picture
            : picture.resized(
                width: max(1, picture.width * side / longest),
                height: max(1, picture.height * side / longest))
        let data = Data(try fitted.jpeg(quality: quality, fullChroma: true)).base64EncodedString()
        return "<img src=\"data:image/jpeg;base64,\(data)\" width=\"\(fitted.width)\" "
            + "height=\"\(fitted.height)\" alt=\"\(escaped(text))\">"
    }

    /// One decimal, and 100.0 only for all: 99.97 is printed 99.9.
    private static func percent(_ score: Double) -> String {
        let tenths = score < 100 ? min(999, Int((score * 10).rounded())) : 1000
        return "\(tenths / 10).\(tenths % 10)\u{2009}%"
    }

    /// Text that HTML takes literally, also between double quotes.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    /// The atlas' colours and module, in so far as this page needs them.
    private static let style = """
        :root{--paper:#f7f7f5;--ink:#16181a;--ink2:#4a4e52;--rule:#16181a;color-scheme:light dark}
        @media (prefers-color-scheme:dark){
        :root{--paper:#151616;--ink:#edecea;--ink2:#bdbebc;--rule:#d8d7d4}}
        body{margin:0;background:var(--paper);color:var(--ink);
        font:400 .9375rem/1.3125rem "Segoe UI","Noto Sans","Liberation Sans",Arial,sans-serif}
        main{padding:1.75rem clamp(.875rem,4.4vw,5.25rem)}
        h1,h2,h3{font-family:Georgia,"Liberation Serif",serif;font-weight:400;line-height:1.2}
        section{border-top:1px solid var(--rule);margin-top:1.75rem}
        .panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));
        gap:1.75rem}
        ol{display:grid;grid-template-columns:repeat(auto-fill,7rem);gap:.875rem;margin:0;padding:0;
        list-style:none}
        img{display:block;height:auto;image-rendering:pixelated}
        section>img{width:14rem}
        li img{width:7rem}
        li p{margin:.25rem 0 0;color:var(--ink2);overflow-wrap:anywhere}
        li b{color:var(--ink)}
        """
}
