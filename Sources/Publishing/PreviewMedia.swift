import AtlasModel

/// What the name of a file says about its content.
struct PreviewMedia: Equatable {
    /// The media type, from the IANA registry where it has one.
    let type: String
    /// Whether the content is text, which compresses well.
    let isText: Bool

    /// - Parameter path: of a file of an atlas. Only the extension matters, in any case.
    ///
    ///     PreviewMedia(of: "a/B.HTML").type  // "text/html; charset=utf-8"
    ///     PreviewMedia(of: "a/b").type       // "application/octet-stream"
    init(of path: String) {
        let name = path.split(separator: "/").last ?? ""
        let fileExtension = name.contains(".") ? name.split(separator: ".").last ?? "" : ""
        (type, isText) = Self.facts(fileExtension.lowercased())
    }

    private static func facts(_ fileExtension: String) -> (type: String, isText: Bool) {
        if let format = PictureFormat(fileExtension: fileExtension) {
            return (format.mediaType, false)
        }
        return switch fileExtension {
        case "html", "htm": ("text/html; charset=utf-8", true)
        case "css": ("text/css; charset=utf-8", true)
        case "js", "mjs": ("text/javascript; charset=utf-8", true)
        case "txt", "jsonl": ("text/plain; charset=utf-8", true)
        case "csv": ("text/csv; charset=utf-8", true)
        case "md": ("text/markdown; charset=utf-8", true)
        case "json": ("application/json", true)
        case "xml": ("application/xml", true)
        case "svg": ("image/svg+xml", true)
        case "webp": ("image/webp", false)
        case "gif": ("image/gif", false)
        case "ico": ("image/vnd.microsoft.icon", false)
        case "woff2": ("font/woff2", false)
        case "pdf": ("application/pdf", false)
        case "zip": ("application/zip", false)
        case "gz": ("application/gzip", false)
        // HDF5 has no registered type; this is the one that its own tools use.
        case "h5", "hdf5": ("application/x-hdf5", false)
        default: ("application/octet-stream", false)
        }
    }
}
