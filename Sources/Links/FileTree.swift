/// The files of an atlas. It resolves the addresses on the pages.
package struct FileTree: Sendable {
    private let files: Set<String>
    private let folders: Set<String>

    /// - Parameter paths: of all files, relative to the root of the atlas.
    package init(_ paths: [String]) {
        files = Set(paths)
        var folders: Set<String> = [""]
        for path in paths {
            var parent = path[...]
            while let slash = parent.utf8.lastIndex(of: UInt8(ascii: "/")) {
                parent = parent[..<slash]
                guard folders.insert(String(parent)).inserted else { break }
            }
        }
        self.folders = folders
    }

    package enum End: Equatable {
        /// A file of the atlas. `place` is the fragment that must exist in it.
        case file(String, place: String?)
        /// Allowed, but not a file of the atlas: `data:`, or a link to another site that a reader
        /// may follow.
        case outside
        case broken(String)
    }

    /// The target of `link` on page `page`.
    package func follow(_ link: LinkScanner.Link, from page: String) -> End {
        func broken(_ reason: String) -> End { .broken("\"\(link.address)\" \(reason)") }
        // Browsers remove line breaks and tabs from addresses, and white space around them.
        let address =
            link.address.unicodeScalars.contains { $0.value <= 0x20 }
            ? Self.trimmed(link.address) : link.address
        if let scheme = Self.scheme(of: address) {
            switch (scheme, link.kind) {
            case ("data", .resource), ("http", .way), ("https", .way), ("mailto", .way),
                ("tel", .way):
                return .outside
            case ("http", .resource), ("https", .resource):
                return broken("is loaded from a network. Put the file into the atlas.")
            default:
                return broken("begins with \"\(scheme):\", which does not work in an atlas.")
            }
        }
        if address.hasPrefix("//") {
            return broken("names a host, which means nothing in a page opened as a file.")
        }
        if address.hasPrefix("/") { return broken("is absolute. Make it relative to the page.") }
        if address.utf8.contains(UInt8(ascii: "\\")) {
            return broken("has a backslash. Write a slash.")
        }
        let (path, fragment) = Self.parts(of: address)
        if path.isEmpty {
            if link.kind == .resource, fragment == nil { return broken("names no file.") }
            return .file(page, place: Self.place(fragment))
        }
        guard let target = Self.resolve(path, from: page) else {
            return broken("leads out of the atlas.")
        }
        if files.contains(target), !path.hasSuffix("/") {
            return .file(target, place: Self.place(fragment))
        }
        if folders.contains(target) {
            return broken("leads to a folder. Name the page in it.")
        }
        return broken("leads to no file.")
    }

    private static func trimmed(_ address: String) -> String {
        let kept = address.unicodeScalars.filter { !["\t", "\n", "\r"].contains($0) }
        var text = Substring(String(String.UnicodeScalarView(kept)))
        while let first = text.unicodeScalars.first, first.value <= 0x20 {
            text.unicodeScalars.removeFirst()
        }
        while let last = text.unicodeScalars.last, last.value <= 0x20 {
            text.unicodeScalars.removeLast()
        }
        return String(text)
    }

    /// The scheme in lower case; `nil` for a relative address.
    private static func scheme(of address: String) -> String? {
        for (index, byte) in address.utf8.enumerated() {
            switch byte.lowercased {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                if index == 0 { return nil }
            case UInt8(ascii: ":"):
                return index == 0 ? nil : String(address.prefix(index)).lowercased()
            default: return nil
            }
        }
        return nil
    }

    /// The path without the query, and the fragment.
    private static func parts(of address: String) -> (path: Substring.UTF8View, fragment: String?) {
        let bytes = address.utf8
        let hash = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
        let head = bytes[..<hash]
        let path = head.prefix { $0 != UInt8(ascii: "?") }
        let fragment =
            hash == bytes.endIndex
            ? nil : String(decoding: bytes[bytes.index(after: hash)...], as: UTF8.self)
        return (path, fragment)
    }

    /// The `id` that a fragment names; `nil` when it names none.
    private static func place(_ fragment: String?) -> String? {
        guard let fragment, !fragment.isEmpty, fragment.lowercased() != "top",
            !fragment.utf8.contains(UInt8(ascii: "="))
        else { return nil }
        return decoded(fragment.utf8)
    }

    /// The path in the atlas that `path` on `page` refers to; `nil` when it is outside.
    private static func resolve(_ path: Substring.UTF8View, from page: String) -> String? {
        var parts = page.utf8.split(separator: UInt8(ascii: "/")).dropLast()
            .map { String(Substring($0)) }
        for part in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true) {
            let name = decoded(part)
            switch name {
            case ".": continue
            case "..":
                guard parts.popLast() != nil else { return nil }
            // An escaped slash is part of a file name. No file of an atlas has one, so the link is
            // broken.
            case let name where name.utf8.contains(UInt8(ascii: "/")):
                parts.append(String(Substring(part)))
            default: parts.append(name)
            }
        }
        return parts.joined(separator: "/")
    }

    /// Percent-decoded text. An invalid escape is unchanged.
    private static func decoded(_ bytes: some Collection<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "%")) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var text: [UInt8] = []
        var rest = Array(bytes)[...]
        while let first = rest.popFirst() {
            let digits = rest.prefix(2)
            if first == UInt8(ascii: "%"), digits.count == 2,
                digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                text.append(byte)
                rest = rest.dropFirst(2)
            } else {
                text.append(first)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Substring.UTF8View {
    fileprivate func hasSuffix(_ character: Unicode.Scalar) -> Bool {
        last == UInt8(ascii: character)
    }
}
