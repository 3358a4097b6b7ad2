import Archives
import Catalog
import Classification
import Foundation
import Raster
import Site
import Tables

@testable import Atlas
@testable import Review
@testable import Site

/// The readers of files that people bring.
enum Reader: String, CaseIterable {
    case archive, frontMatter, settings, table, corrections, votes, picture, network

    /// Reads a file. Whatever a reader throws is a right answer to a damaged file.
    /// - Parameter path: the file with the content `input`.
    func read(_ input: [UInt8], _ path: String) {
        do {
            switch self {
            case .archive:
                let archive = try ZipArchive(path)
                for entry in archive.entries { _ = try? archive.bytes(of: entry, limit: 1 << 20) }
            case .frontMatter:
                _ = try TextFile(String(decoding: input, as: UTF8.self), file: "a.md")
            case .settings:
                _ = try AtlasSettings.parse(String(decoding: input, as: UTF8.self), path: "a.yml")
            case .table: _ = Table(try TableText(input).text)
            case .corrections: _ = try Corrections(table: input, path: "labels.csv")
            case .votes:
                for content in try VoteFiles.contents(of: path) {
                    _ = VoteText(try content.bytes.get()).lines
                }
            case .picture: _ = try Picture(decoding: input)
            case .network: _ = try Network.load(path)
            }
        } catch {}
    }

    /// Whether the reader opens the file itself.
    var needsFile: Bool { [.archive, .votes, .network].contains(self) }
}
