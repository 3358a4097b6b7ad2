package import AtlasModel
import Files
import Messages

/// Why a whole collection could not be read or written. A single unusable file becomes an erratum.
package enum CatalogError: Error, Equatable, CustomStringConvertible {
    case missing(path: String)
    case unreadable(path: String, reason: String)
    /// `reason` with the advice, without a full stop.
    case unreadableTable(path: String, reason: String)
    case damagedArchive(path: String, reason: String)
    case notACollection(path: String)
    /// A file of another kind, such as another archive.
    case otherKind(path: String, kind: FileKind)
    case emptyFile(path: String)
    /// Of two collections, one is the other, or is inside it.
    case givenTwice(path: String, other: String)
    case givenInside(path: String, other: String)
    case picture(path: String)
    /// One of several files that together are an archive.
    case splitArchive(path: String)
    /// An archive whose list of files needs a password.
    case hiddenDirectory(path: String)
    /// A file that Git LFS keeps elsewhere.
    case pointer(path: String)
    /// `first` is the fault of the first file.
    case noPictures(path: String, files: Int, first: String?)
    /// `takesNetwork`: whether the command accepts rock types and a trained network of the user.
    case nothingLabelled(path: String, types: [String], takesNetwork: Bool)
    case notAPicture(path: String)
    /// `limit` in bytes.
    case tooLarge(path: String, limit: Int)
    case notEmpty(path: String)
    case notWritten(path: String, reason: String)
    case replacesCollection(path: String)

    package var description: String {
        switch self {
        case .missing(let path): "\(path) does not exist. Check the path."
        case .unreadable(let path, let reason):
            "\(path) cannot be read (\(reason)). Check that you may open it."
        case .unreadableTable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .damagedArchive(let path, let reason):
            "The zip archive \(path) is damaged or incomplete (\(reason)). Copy or download it again."
        case .notACollection(let path):
            "\(path) is neither a folder nor a zip archive. Give one of these."
        case .otherKind(let path, let kind):
            "\(path) is \(kind.title), not a folder or a zip archive. "
                + (Self.command(kind, path).map { "Unpack it with: \($0). Then give the folder." }
                    ?? "It is probably an error page of a web server instead of the archive. "
                    + "Download it again.")
        case .givenTwice(let path, let other):
            path == other
                ? "\(path) is given twice. Give it once."
                : "\(path) and \(other) are the same. Give one of them."
        case .givenInside(let path, let other):
            "\(path) is inside \(other), which is read with all its folders. Give only \(other)."
        case .emptyFile(let path):
            "\(path) is empty. Copy or download it again."
        case .picture(let path):
            "\(path) is a single picture. Give the folder that contains it."
        case .splitArchive(let path):
            "\(path) is one part of an archive in several files. Put all parts into one folder and join "
                + "them: \(Self.joining(path)). Then give the joined archive."
        case .hiddenDirectory(let path):
            "The list of files of \(path) is encrypted. Pack it again without a password."
        case .pointer(let path): "\(path): \(GitLFS.statement). \(GitLFS.advice)"
        case .noPictures(let path, let files, let first):
            "\(path) holds no usable picture among \(counted(files, "file")). "
                + (first.map { "The first is \($0)" }
                    ?? "Expected are folders named after rock types, with pictures in them.")
        case .nothingLabelled(let path, let types, let takesNetwork):
            "No picture of \(path) lies in a folder named after a rock type"
                + (types.isEmpty ? "" : " (\(types.joined(separator: ", ")))")
                + ". Sort the pictures into such folders, name your own types in atlas.yml "
                + "(\"geoatlas init \(path)\" writes one), "
                + (takesNetwork
                    ? "or give a trained network with --classifier FILE.h5."
                    : "and give the folder that these lie in.")
        case .notAPicture(let path):
            "\(path) is not a regular file. Give the path of a picture."
        case .tooLarge(let path, let limit):
            "\(path) is larger than \(limit / 1_000_000) megabytes. Reduce the picture."
        case .notEmpty(let path):
            "\(path) exists already and is not empty. Remove it, or name another place."
        case .replacesCollection(let path):
            "\(path) is the collection itself and would be overwritten. Name another file."
        case .notWritten(let path, let reason):
            "\(path) could not be written: \(reason). Check that the folder exists, may be written to and has room."
        }
    }

    private static func command(_ kind: FileKind, _ path: String) -> String? {
        let name = Paths.name(of: path)
        let stem = name.split(separator: ".").first.map(String.init) ?? name
        return kind.command(for: path, folder: stem == name ? stem + "-unpacked" : stem)
    }

    /// The command that joins the parts of an archive. Zip and 7-Zip call them `.z01` and `.zip`;
    /// `.zip.001` and so on are the archive cut into pieces.
    private static func joining(_ path: String) -> String {
        let name = Paths.name(of: path)
        let parts = name.split(separator: ".")
        let stem = parts.dropLast().joined(separator: ".")
        if let last = parts.last, last.allSatisfy(\.isNumber), parts.count > 1 {
            return "cat \(stem).* > \(stem)"
        }
        return "zip -s 0 \(stem).zip --out whole.zip"
    }
}
