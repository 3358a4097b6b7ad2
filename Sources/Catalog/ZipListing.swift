import Archives
import AtlasModel
import Messages

/// The files of a zip archive, under names that GeoAtlas can use, and what to tell about them.
struct ZipListing {
    private(set) var entries: [Collection.Entry] = []
    /// Full sentences.
    private(set) var notes: [String] = []

    /// - Parameter path: of the archive, for notes.
    init(_ archive: ZipArchive, path: String) {
        let foreign = archive.entries.compactMap(\.foreignName)
        let (codePage, isSensible) = CodePage.best(for: foreign)
        var seen: Set<String> = []
        var changed: (count: Int, example: (from: String, to: String)?) = (0, nil)
        for (index, entry) in archive.entries.enumerated() where !entry.isFolder {
            let name = entry.text(in: codePage)
            let plain = ZipName(name)
            if plain.leadsOut {
                changed.count += 1
                if changed.example == nil { changed.example = (name, plain.path) }
            }
            let isNew = seen.insert(plain.path).inserted
            entries.append(
                Collection.Entry(
                    path: plain.path, index: UInt64(index),
                    obstacle: plain.fault ?? (isNew ? Self.obstacle(entry) : .repeatedPath),
                    version: [
                        entry.size ?? 0, entry.packedSize ?? 0, UInt64(entry.checksum), 0,
                    ]))
        }
        addLost(archive.missing)
        if !foreign.isEmpty { note(foreign.count, codePage, isSensible, path) }
        if let example = changed.example {
            let names = counted(changed.count, "name")
            notes.append(
                "\(names) in \(path) \(changed.count == 1 ? "leads" : "lead") out of the archive. "
                    + "\(changed.count == 1 ? "It is" : "They are") read as names inside it, such as "
                    + "\(example.to) for \(example.from).")
        }
    }

    /// Adds an entry for each that the archive counts and its directory does not have.
    private mutating func addLost(_ count: Int) {
        // A damaged number may be anything, so not each one is listed.
        for number in 0..<min(count, Self.lostLimit) {
            let name =
                count == 1 ? "(a file without a name)" : "(file \(number + 1) without a name)"
            entries.append(
                Collection.Entry(
                    path: name, index: 0,
                    obstacle: .inArchive(.damagedRecord)))
        }
    }

    private static let lostLimit = 1_000

    private mutating func note(
        _ count: Int, _ codePage: CodePage, _ isSensible: Bool, _ path: String
    ) {
        let number = counted(count, "name")
        let are = count == 1 ? "is" : "are"
        notes.append(
            isSensible
                ? "\(number) in \(path) \(are) not in UTF-8. The encoding is taken for "
                    + "\(codePage.name)."
                : "\(number) in \(path) \(are) not in UTF-8, and no known code page makes words "
                    + "of them. Pack the archive again with names in UTF-8.")
    }

    /// What is known of an entry before it is read.
    private static func obstacle(_ entry: ZipEntry) -> EntryFault? {
        if let fault = entry.obstacle { return .inArchive(fault) }
        if entry.isLink { return .link }
        if let size = entry.size, size > UInt64(Collection.byteLimit) { return .fileTooLarge }
        return nil
    }
}

/// A name in a zip archive as a path of the collection, with `/` between folders.
struct ZipName {
    let path: String
    /// Whether the name begins at the root of a disk, or steps out of the archive. Nothing is ever
    /// written to a name, so that is harmless.
    let leadsOut: Bool
    let fault: EntryFault?

    /// File systems allow this many bytes in the name of a file or folder.
    private static let nameLimit = 255
    /// Linux allows this many bytes in a path.
    private static let pathLimit = 4_095

    init(_ name: String) {
        guard !Self.isPlain(name) else {
            (path, leadsOut) = (name, false)
            fault = Self.fault(name)
            return
        }
        let parts = name.replacing("\\", with: "/").split(separator: "/")
        let hasDrive = parts.first.map { $0.utf8.count == 2 && $0.hasSuffix(":") } ?? false
        let kept = parts.dropFirst(hasDrive ? 1 : 0).filter { $0 != "." && $0 != ".." }
        leadsOut = hasDrive || name.hasPrefix("/") || name.hasPrefix("\\") || parts.contains("..")
        let plain = kept.joined(separator: "/").replacing("\0", with: "\u{2400}")
        path = plain.isEmpty ? "(a file without a name)" : plain
        fault =
            plain.isEmpty
            ? .unusableName(.empty)
            : name.utf8.contains(0) ? .unusableName(.zeroByte) : Self.fault(plain)
    }

    private static func fault(_ path: String) -> EntryFault? {
        guard path.utf8.count > nameLimit else { return nil }
        if path.utf8.count > pathLimit {
            return .unusableName(.pathTooLong(limit: pathLimit))
        }
        let isLong = path.split(separator: "/").contains { $0.utf8.count > nameLimit }
        return isLong ? .unusableName(.tooLong(limit: nameLimit)) : nil
    }

    /// Fast path: whether a name needs no change. True for nearly all names.
    private static func isPlain(_ name: String) -> Bool {
        var starts = true
        for byte in name.utf8 {
            if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: ":") || byte == 0 { return false }
            let slash = byte == UInt8(ascii: "/")
            if starts, slash || byte == UInt8(ascii: ".") { return false }
            starts = slash
        }
        return !starts
    }
}

extension ZipEntry {
    /// The bytes of a name that is not in UTF-8, nor given in UTF-8 elsewhere in the entry.
    fileprivate var foreignName: [UInt8]? {
        guard unicodeName == nil, rawName.contains(where: { $0 >= 128 }),
            String(validating: rawName, as: UTF8.self) == nil
        else { return nil }
        return rawName
    }

    fileprivate func text(in codePage: CodePage) -> String {
        unicodeName ?? String(validating: rawName, as: UTF8.self) ?? codePage.text(of: rawName)
    }
}
