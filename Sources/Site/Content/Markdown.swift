internal import CCMark
import Foundation

/// CommonMark texts as HTML.
enum Markdown {
    /// The HTML of a text, made by cmark in its safe mode. Raw HTML is removed, and so are links
    /// that would run a script. For a picture with such an address the alternative text remains.
    /// Quotation marks and dashes become typographic. The title of a page is its only `h1`, so a
    /// first-level heading of the text becomes a second-level heading.
    static func html(_ text: String) -> String {
        let options = CMARK_OPT_SAFE | CMARK_OPT_SMART
        guard let html = cmark_markdown_to_html(text, text.utf8.count, options) else {
            preconditionFailure("cmark returns a text or ends the process")
        }
        defer { free(html) }
        // For an unsafe address cmark writes an empty one, which would show as a missing picture.
        return String(cString: html)
            .replacing(/<img src="" alt="([^"]*)"[^>]*\/>/) { $0.output.1 }
            .replacing("<h1>", with: "<h2>")
            .replacing("</h1>", with: "</h2>")
    }
}
