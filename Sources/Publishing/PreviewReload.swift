internal import NIOHTTP1
import Synchronization

/// Loads open pages again when a build has changed the atlas.
///
/// The server adds a script to each page that it sends; the files on the disk stay as they are. The
/// script asks for a second, very small script again and again. This works under the policy of the
/// pages (`script-src 'self'`), which forbids other ways to ask. It needs no connection that stays
/// open, of which a browser has only six for all its tabs.
package final class PreviewReload: Sendable {
    /// Paths of the scripts. An atlas has no names that begin with a dot.
    private static let script = "/.geoatlas/reload.js"
    private static let question = "/.geoatlas/edition.js"
    /// Milliseconds between two questions of a page.
    private static let pause = 700

    private let edition: Mutex<String>

    /// - Parameter edition: identifies the edition that is served.
    package init(edition: String) { self.edition = Mutex(edition) }

    /// All pages with another edition are loaded again from now on.
    package func show(edition: String) { self.edition.withLock { $0 = edition } }

    /// The page with the script at its end.
    /// - Parameter page: reads the page. It is called after the edition is noted, so that a page
    ///   that changes now is loaded once too often and never once too little.
    func adding(to page: () throws -> [UInt8]) rethrows -> PreviewAnswer {
        let tag =
            "<script defer src=\"\(Self.script)?since=\(edition.withLock(\.self))\"></script>\n"
        let bytes = try page() + Array(tag.utf8)
        return PreviewAnswer(
            status: .ok,
            headers: PreviewAnswer.headers(
                type: PreviewMedia(of: ".html").type, caching: "no-store"),
            body: .bytes(bytes))
    }

    /// The answer to a request of the scripts; `nil` for another path.
    /// - Parameters:
    ///   - path: without the query.
    ///   - query: without the question mark.
    func answer(path: String, query: Substring) -> PreviewAnswer? {
        let text: String
        switch path {
        case Self.script: text = Self.reload
        case Self.question:
            text = query == "since=\(edition.withLock(\.self))" ? "" : "location.reload();\n"
        default: return nil
        }
        return PreviewAnswer(
            status: .ok,
            headers: PreviewAnswer.headers(type: PreviewMedia(of: ".js").type, caching: "no-store"),
            body: .bytes(Array(text.utf8)))
    }

    private static let reload = """
        // Added by "geoatlas serve --watch": loads this page again when a build has changed the atlas.
        "use strict";
        (() => {
          const since = new URL(document.currentScript.src).search;
          const later = () => setTimeout(ask, \(pause));
          const ask = () => {
            if (document.hidden) return later();
            const script = document.createElement("script");
            script.src = "\(question)" + since;
            script.onload = script.onerror = () => { script.remove(); later(); };
            document.head.append(script);
          };
          later();
        })();

        """
}
