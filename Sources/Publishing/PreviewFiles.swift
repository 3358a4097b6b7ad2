import Files
import Foundation

/// Finds the file of an atlas for an address.
struct PreviewFiles {
    /// Absolute path with links resolved.
    let root: String

    enum Answer: Equatable {
        /// Absolute path of a regular file inside the atlas.
        case file(String)
        /// The address with a slash at its end. The requested address is that of a folder without
        /// the slash, from which relative links would be wrong.
        case redirect(String)
        case nothing
    }

    /// - Parameter path: as in the request, percent-encoded.
    func answer(for path: String) -> Answer {
        guard path.hasPrefix("/") else { return .nothing }
        var parts: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            // An atlas has no hidden files; "." and ".." begin with a dot too.
            guard let name = part.removingPercentEncoding, !name.hasPrefix("."),
                !name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") })
            else { return .nothing }
            parts.append(name)
        }
        let asFolder = parts.last == ""
        if asFolder { parts.removeLast() }
        guard !parts.contains("") else { return .nothing }

        let path = ([root] + parts).joined(separator: "/")
        guard Folders.contain(path) else { return asFolder ? .nothing : inside(path) }
        let index = inside(path + "/index.html")
        guard case .file = index, !asFolder else { return index }
        return .redirect("/" + parts.map(Self.encoded).joined(separator: "/") + "/")
    }

    /// `path`, if it is a regular file and, after all links are followed, inside the atlas.
    private func inside(_ path: String) -> Answer {
        guard let real = realpath(path, nil) else { return .nothing }
        defer { free(real) }
        let resolved = String(cString: real)
        var status = stat()
        guard resolved.hasPrefix(root + "/"), stat(resolved, &status) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return .nothing }
        return .file(resolved)
    }

    private static func encoded(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            let letter = Character(Unicode.Scalar(byte))
            if letter.isASCII, letter.isLetter || letter.isNumber || "-._~".contains(letter) {
                text.append(letter)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return text
    }
}
