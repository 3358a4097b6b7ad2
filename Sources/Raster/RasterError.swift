/// Why a picture could not be read or written.
package enum RasterError: Error, Hashable, Codable, CustomStringConvertible {
    case empty
    case unknownFormat
    /// A format of pictures, documents or films that is not read.
    case foreign(ForeignFormat)
    /// A picture of a known format that is stored in a way that is not read. `detail` says which, and
    /// `advice` what to do.
    case unsupported(detail: String, advice: String)
    case damaged(detail: String)
    case tooLarge(width: Int, height: Int, limit: Int)
    /// In bytes.
    case tooMuchMemory(needed: Int, limit: Int)
    /// Decoding would take too long.
    case tooMuchWork(detail: String)
    case notEncoded(detail: String)

    /// What happened, the same for all errors of a case, without a full stop.
    package var statement: String {
        switch self {
        case .empty: "The file is empty"
        case .unknownFormat: "This is no picture in a format that GeoAtlas knows"
        case .foreign(let format): "This is \(format.title), which GeoAtlas does not read"
        case .unsupported: "The picture is stored in a way that GeoAtlas does not read"
        case .damaged: "The picture is damaged or cut short"
        case .tooLarge: "The picture is too large"
        case .tooMuchMemory: "The picture needs more memory than one picture may use"
        case .tooMuchWork: "The picture takes too long to decode"
        case .notEncoded: "A picture could not be written"
        }
    }

    /// What is particular to this file; `nil` when the statement is enough.
    package var detail: String? {
        switch self {
        case .empty, .unknownFormat, .foreign: nil
        case .damaged(let detail), .notEncoded(let detail), .unsupported(let detail, _),
            .tooMuchWork(let detail):
            detail
        case .tooLarge(let width, let height, let limit):
            "\(width) × \(height) pixels, more than \(limit / 1_000_000) million"
        case .tooMuchMemory(let needed, let limit):
            "\(needed.megabytes) MB, more than \(limit.megabytes) MB"
        }
    }

    /// What to do now.
    package var advice: String {
        switch self {
        case .empty, .damaged: "Copy it again from where it came from."
        case .unknownFormat: "Save it as JPEG, PNG, TIFF or WebP."
        case .foreign(let format): format.advice
        case .unsupported(_, let advice): advice
        case .tooLarge: "Reduce it."
        case .tooMuchMemory:
            "Reduce it, or raise \"memory\" in atlas.yml: one picture may use half of it."
        case .tooMuchWork: "Save it again as a baseline JPEG."
        case .notEncoded: "Check that there is memory left, then try again."
        }
    }

    package var description: String {
        statement + (detail.map { " (\($0))" } ?? "") + ". " + advice
    }
}

/// What to tell about a picture that is used.
package enum PictureRemark: Sendable, Hashable, Codable {
    /// Only a part could be decoded.
    case damaged(detail: String)
    /// The file has this many pictures, of which the first is used.
    case pages(Int)
    /// The file is an animation, of which the first picture is used.
    case animation
    /// The samples have 16 bits, but no value needs more than this many.
    case fewBits(Int)
}

extension Int {
    /// Bytes in megabytes, rounded up.
    fileprivate var megabytes: Int { (self + 999_999) / 1_000_000 }
}
