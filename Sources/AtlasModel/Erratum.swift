/// A file of a collection that could not be used, or was used with a remark. The words are for
/// geologists.
///
/// The code that finds the fault sets `kind`, so that no code has to parse the sentences.
///
///     {"path": "gneiss/a.jpg", "kind": "damaged-picture", "detail": "no end of file marker",
///      "reason": "The picture is damaged or cut short (no end of file marker). Copy it again from …",
///      "advice": "Copy it again from where it came from."}
package struct Erratum: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// Path inside the collection, or of the table of corrections.
    package let path: String
    package let kind: Kind
    /// What happened, the same for all errata of a kind, without a full stop: for headings.
    package let heading: String
    /// What is particular to this file, e.g. the message of the library that could not read it;
    /// `nil` when the heading is enough.
    package let detail: String?
    /// Full sentences: what happened to this file and, at the end, the advice.
    package let reason: String
    /// Full sentences: what to do now.
    package let advice: String

    package init(path: String, _ finding: Finding) {
        self.path = path
        kind = finding.kind
        heading = finding.heading
        detail = finding.detail
        reason = finding.sentence + ". " + finding.advice
        advice = finding.advice
    }

    /// The content of an erratum without the path of its file.
    package struct Finding: Sendable, Equatable {
        package let kind: Kind
        package let heading: String
        let detail: String?
        let sentence: String
        package let advice: String

        /// - Parameters:
        ///   - heading: without a full stop.
        ///   - detail: `nil` when the heading is enough.
        ///   - sentence: without a full stop; `nil` for the heading with the detail in brackets.
        ///   - advice: full sentences.
        package init(
            _ kind: Kind, _ heading: String, detail: String? = nil, sentence: String? = nil,
            advice: String
        ) {
            self.kind = kind
            self.heading = heading
            self.detail = detail
            self.sentence = sentence ?? heading + (detail.map { " (\($0))" } ?? "")
            self.advice = advice
        }
    }

    /// The members that `--json` prints. Only pages use the heading.
    private enum CodingKeys: CodingKey {
        case path, kind, reason, advice, detail
    }

    /// Reads what `--json` prints. The heading, which is not part of it, is empty.
    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        path = try members.decode(String.self, forKey: .path)
        kind = try members.decode(Kind.self, forKey: .kind)
        heading = ""
        detail = try members.decodeIfPresent(String.self, forKey: .detail)
        reason = try members.decode(String.self, forKey: .reason)
        advice = try members.decode(String.self, forKey: .advice)
    }

    /// `gneiss/a.jpg: The file is empty. Copy it again from where it came from.`
    package var description: String { "\(path): \(reason)" }

    /// By path, then reason.
    package static func < (left: Erratum, right: Erratum) -> Bool {
        (left.path, left.reason) < (right.path, right.reason)
    }
}

extension Erratum {
    /// What can be wrong with a file. The raw values are part of `--json` (docs/schema), so they
    /// must not change when the words change.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A file of zero bytes.
        case emptyFile = "empty-file"
        /// No picture in a known format.
        case notAPicture = "not-a-picture"
        /// A known format, or a kind of it, that is not read.
        case unreadFormat = "unread-format"
        /// A text that Git LFS puts in the place of a file.
        case lfsPointer = "lfs-pointer"
        case damagedPicture = "damaged-picture"
        case tooManyPixels = "too-many-pixels"
        /// More memory than one picture may use.
        case tooMuchMemory = "too-much-memory"
        /// A picture that would take too long to decode.
        case tooMuchWork = "too-much-work"
        /// More bytes than a picture may have.
        case fileTooLarge = "file-too-large"
        case unreadableFile = "unreadable-file"
        case unreadableFolder = "unreadable-folder"
        /// A file that is still in iCloud.
        case notDownloaded = "not-downloaded"
        /// An entry of an archive whose content does not match its checksum or cannot be unpacked.
        case damagedInArchive = "damaged-in-archive"
        /// An entry of an archive that needs a password.
        case password = "password-protected"
        /// An entry of an archive whose compression is not supported.
        case unknownCompression = "unknown-compression"
        /// Another entry of the archive has the same path, and that one is used.
        case repeatedPath = "repeated-path"
        /// An entry of an archive that unpacks to far more bytes than a picture.
        case expandsTooFar = "expands-too-far"
        /// An entry of an archive whose name is empty, too long or the like.
        case unusableName = "unusable-name"
        /// An archive inside the collection.
        case packedArchive = "packed-archive"
        /// A web page or an XML text in the place of a picture.
        case serverAnswer = "server-answer"
        /// A symbolic link.
        case link
        /// A device, pipe or socket.
        case notAFile = "not-a-file"
        case nameNotUnicode = "name-not-unicode"
        case hiddenFile = "hidden-file"
        case hiddenFolder = "hidden-folder"
        /// A folder that this build writes to.
        case buildFolder = "build-folder"
        /// The folder of a finished atlas.
        case atlasFolder = "atlas-folder"
        /// The file is used under another key, because an earlier file has the key that it would
        /// get.
        case twoWithOneKey = "two-with-one-key"
        /// A line of the corrections without key or label.
        case correctionLine = "correction-line"
        /// A line of the corrections with a quotation mark that is not closed.
        case correctionQuote = "correction-quote"
        /// Two corrections of one picture.
        case correctionTwice = "correction-twice"
        /// A correction of a picture that is not in the collection.
        case correctionWithoutPicture = "correction-without-picture"
        /// A correction whose key may mean several pictures.
        case correctionOfSeveral = "correction-of-several"
        /// A correction to a label that is not a rock type of the atlas.
        case correctionWithoutType = "correction-without-type"
        /// A table of metadata that cannot be read.
        case metadataTable = "metadata-table"
        /// A line of metadata that cannot be read.
        case metadataLine = "metadata-line"
        /// A line of metadata with a quotation mark that is not closed.
        case metadataQuote = "metadata-quote"
        /// Two lines of metadata about one picture.
        case metadataTwice = "metadata-twice"
        /// A line of metadata about a picture that is not in the collection.
        case metadataWithoutPicture = "metadata-without-picture"
        /// A line of metadata whose name may mean several pictures.
        case metadataOfSeveral = "metadata-of-several"
        /// A cell of metadata that is no such number or date.
        case metadataValue = "metadata-value"

        /// A line of the verdicts on duplicates without two keys or with an unknown verdict.
        case verdictLine = "verdict-line"
        /// A line of the verdicts with a quotation mark that is not closed.
        case verdictQuote = "verdict-quote"
        /// Two verdicts on the same two pictures.
        case verdictTwice = "verdict-twice"
        /// A verdict on a picture that is not in the collection.
        case verdictWithoutPicture = "verdict-without-picture"
        /// A verdict whose key may mean several pictures.
        case verdictOfSeveral = "verdict-of-several"

        /// A folder with pictures that names no rock type.
        case folderWithoutType = "folder-without-type"
        /// A picture that is equal to one with another label.
        case twoLabels = "two-labels"
        /// A damaged picture that is used as far as it could be decoded.
        case partlyDamaged = "partly-damaged"
        /// A file with several pictures, of which the first is used.
        case severalPictures = "several-pictures"
        /// A picture of 16 bits whose values need fewer, and which is shown brighter.
        case fewBits = "few-bits"

        /// Whether the file or line is used in spite of the erratum.
        package var isUsed: Bool {
            [
                .twoWithOneKey, .correctionQuote, .folderWithoutType, .twoLabels, .partlyDamaged,
                .severalPictures, .fewBits, .metadataQuote, .metadataTwice, .metadataValue,
                .verdictQuote, .verdictTwice,
            ].contains(self)
        }
    }
}
