import Fingerprint
import Foundation

/// The file beside an entry of the workspace that says what the entry was made from.
///
/// Its first line has the digest of the key, the digest of the entry's file, and the digest of the
/// family or `-`. Each further line has the short digest of a field of the key, and the field's name.
struct Stamp: Equatable {
    let key: String
    let content: String
    let family: String?
    /// Short digests of the fields of the key, by name.
    let fields: [String: String]
    let text: String

    /// Path of the stamp of an entry's file.
    static func path(of file: String) -> String { file + ".stamp" }

    /// The stamp of a file that has just been written.
    init(_ key: CacheKey, family: CacheKey?, of path: String) {
        self.init(
            text: ([
                "\(key.digest.hex) \(Self.content(of: path)) \(family?.digest.hex ?? "-")"
            ] + key.fieldDigests.map { "\($0.digest) \($0.name)" }).joined(separator: "\n") + "\n")
    }

    /// The stamp beside a file; `nil` when the file or the stamp is missing.
    init?(of path: String) {
        guard FileManager.default.fileExists(atPath: path),
            let data = FileManager.default.contents(atPath: Self.path(of: path))
        else { return nil }
        self.init(text: String(decoding: data, as: UTF8.self))
    }

    private init(text: String) {
        self.text = text
        let lines = text.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: false)
        }
        let first = (lines.first ?? []).map(String.init) + ["", "", ""]
        key = first[0]
        content = first[1]
        family = first[2].isEmpty || first[2] == "-" ? nil : first[2]
        fields = Dictionary(
            lines.dropFirst().map { ($0.dropFirst().joined(separator: " "), String($0[0])) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Whether the file still has the content that it had when the stamp was written.
    func isStamp(of path: String) -> Bool { content == Self.content(of: path) }

    /// The digest of a file; `missing` when it cannot be read.
    static func content(of path: String) -> String {
        let digest = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
            .withUnsafeBytes { Fingerprint(of: $0) }.hex
        return digest ?? "missing"
    }
}
