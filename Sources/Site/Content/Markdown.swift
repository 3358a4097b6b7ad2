internal import CCMark
import Foundation

/// CommonMark texts as HTML.
enum Markdown {
    /// HTML of a text, by cmark in its safe mode: raw HTML is left out, and so are links that would
    /// run a script; of a picture with such an address the words stay. Quotation marks and dashes
    /// become typographic. A page has its title as its one `h1`, so a first-level heading of the text
    /// becomes one of the second.
    static func html(_ text: String) -> String {
        let options = CMARK_OPT_SAFE | CMARK_OPT_SMART
        guard let html = cmark_markdown_to_html(text, text.utf8.count, options) else {
            preconditionFailure("cmark returns a text or ends the process")
        }
        defer { free(html) }
        // cmark leaves a refused address empty, which would be a picture that is missing.
        return String(cString: html)
            .replacing(/<img src="" alt="([^"]*)"[^>]*\/>/) { $0.output.1 }
            .replacing("<h1>", with: "<h2>")
            .replacing("</h1>", with: "</h2>")
    }
}
