import Foundation

/// The difference between a JSON text and the expected format, in words.
enum JSONFault: Error, Equatable, CustomStringConvertible {
    case notJSON
    case notAnObject
    case missing(key: String)
    case wrongKind(key: String)

    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self = .missing(key: Self.name(context.codingPath + [key]))
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self =
                context.codingPath.isEmpty
                ? .notAnObject : .wrongKind(key: Self.name(context.codingPath))
        case .dataCorrupted(let context):
            self =
                context.codingPath.isEmpty
                ? .notJSON : .wrongKind(key: Self.name(context.codingPath))
        @unknown default:
            self = .notJSON
        }
    }

    /// The path to a value, e.g. `comparisons.3.A`.
    private static func name(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }

    var description: String {
        switch self {
        case .notJSON: "it is no complete JSON, perhaps cut short"
        case .notAnObject: "it is no JSON object"
        case .missing(let key): "\"\(key)\" is missing"
        case .wrongKind(let key): "\"\(key)\" is not the kind of value it has to be"
        }
    }
}
