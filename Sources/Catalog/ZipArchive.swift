import AtlasModel
internal import CZip
import Foundation
import Messages
import Synchronization

extension Collection {
    /// Opens a zip archive. Names are UTF-8; names that are not are read in the code page that fits
    /// them best (`CodePage`), and a note says so.
    static func archive(_ path: String) throws -> Collection {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw CatalogError.unreadable(path: path, reason: "no permission")
        }
        let archive = try ZipArchive(path)
        let (entries, notes) = archive.entries()
        let listing = Listing(entries) { try archive.bytes(of: $0) }
            .withoutAtlases.withoutHidden
        return Collection(
            path: path, entries: listing.entries, passedOver: listing.passedOver, notes: notes
        ) {
            try archive.bytes(of: $0)
        }
    }
}

/// An open archive. libzip must not be used from two threads at once, so each call locks.
private final class ZipArchive: Sendable {
    private let path: String
    private let handle: Mutex<ZipHandle>

    init(_ path: String) throws {
        self.path = path
        var code: Int32 = 0
        guard let zip = zip_open(path, ZIP_RDONLY, &code) else {
            if code == ZIP_ER_NOZIP, !Self.startsAsZip(path) {
                if Self.isPointer(path) { throw CatalogError.pointer(path: path) }
                throw CatalogError.notACollection(path: path)
            }
            var failure = zip_error_t()
            zip_error_init_with_code(&failure, code)
            defer { zip_error_fini(&failure) }
            throw CatalogError.damagedArchive(
                path: path, reason: String(cString: zip_error_strerror(&failure)))
        }
        handle = Mutex(ZipHandle(pointer: zip))
    }

    /// Whether the file begins like a zip archive. If so, an unreadable archive has probably lost
    /// its end.
    private static func startsAsZip(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { file.closeFile() }
        return file.readData(ofLength: 2).elementsEqual("PK".utf8)
    }

    private static func isPointer(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { file.closeFile() }
        return GitLFS.isPointer(file.readData(ofLength: GitLFS.beginningLength))
    }

    /// The files, and what to tell about their names.
    func entries() -> (entries: [Collection.Entry], notes: [String]) {
        handle.withLock { handle in
            let count = zip_get_num_entries(handle.pointer, 0)
            let foreign = Self.foreignNames(in: handle)
            let (codePage, isSensible) = CodePage.best(for: Array(foreign.values))
            var found: [Collection.Entry] = []
            var names: Set<String> = []
            for index in 0..<UInt64(max(0, count)) {
                var status = zip_stat_t()
                guard zip_stat_index(handle.pointer, index, 0, &status) == 0,
                    let name = foreign[index].map(codePage.text)
                        ?? status.name.map({ String(cString: $0) }), !name.hasSuffix("/")
                else { continue }
                let path = Self.plain(name)
                found.append(
                    Collection.Entry(
                        path: path, index: index,
                        obstacle: names.insert(path).inserted
                            ? Self.obstacle(status) : .repeatedPath,
                        version: [status.size, status.comp_size, UInt64(status.crc), 0]))
            }
            guard !foreign.isEmpty else { return (found, []) }
            let number = counted(foreign.count, "name")
            let are = foreign.count == 1 ? "is" : "are"
            return (
                found,
                [
                    isSensible
                        ? "\(number) in \(path) \(are) not in UTF-8. The encoding is taken for "
                            + "\(codePage.name)."
                        : "\(number) in \(path) \(are) not in UTF-8, and no known code page makes words "
                            + "of them. Pack the archive again with names in UTF-8."
                ]
            )
        }
    }

    /// The bytes of names that are neither UTF-8 nor given in UTF-8 elsewhere in the entry, by index.
    private static func foreignNames(in handle: borrowing ZipHandle) -> [UInt64: [UInt8]] {
        var names: [UInt64: [UInt8]] = [:]
        for index in 0..<UInt64(max(0, zip_get_num_entries(handle.pointer, 0))) {
            guard let raw = zip_get_name(handle.pointer, index, zip_flags_t(ZIP_FL_ENC_RAW)) else {
                continue
            }
            let bytes = UnsafeBufferPointer(start: raw, count: strlen(raw)).map {
                UInt8(bitPattern: $0)
            }
            // libzip takes a name that is not UTF-8 for code page 437. If it gives another text, that
            // comes from a field of the entry with the name in UTF-8.
            guard bytes.contains(where: { $0 >= 128 }),
                String(validating: bytes, as: UTF8.self) == nil,
                let guess = zip_get_name(handle.pointer, index, 0),
                String(cString: guess) == CodePage.dosText(of: bytes)
            else { continue }
            names[index] = bytes
        }
        return names
    }

    /// The name with `/` between folders, independent of the program that packed it, and without
    /// redundant steps such as `./`. Nothing is ever extracted to a name, so a name that begins
    /// with `../` is harmless.
    private static func plain(_ name: String) -> String {
        if isPlain(name) { return name }
        return name.replacing("\\", with: "/").split(separator: "/")
            .filter { $0 != "." && $0 != ".." }.joined(separator: "/")
    }

    /// Fast path: whether a name needs no change. True for nearly all names.
    private static func isPlain(_ name: String) -> Bool {
        var starts = true
        for byte in name.utf8 {
            if byte == UInt8(ascii: "\\") { return false }
            let slash = byte == UInt8(ascii: "/")
            if starts, slash || byte == UInt8(ascii: ".") { return false }
            starts = slash
        }
        return !starts
    }

    private static func obstacle(_ status: zip_stat_t) -> EntryFault? {
        if status.encryption_method != ZIP_EM_NONE { return .password }
        if zip_compression_method_supported(Int32(status.comp_method), 0) == 0 {
            return .unknownCompression
        }
        return status.size > Collection.byteLimit ? .fileTooLarge : nil
    }

    func bytes(of entry: Collection.Entry) throws -> [UInt8] {
        try handle.withLock { handle in
            var status = zip_stat_t()
            guard zip_stat_index(handle.pointer, entry.index, 0, &status) == 0,
                let file = zip_fopen_index(handle.pointer, entry.index, 0)
            else { throw damage(entry, zip_get_error(handle.pointer)) }
            defer { zip_fclose(file) }
            var bytes = [UInt8](repeating: 0, count: Int(status.size))
            let read = zip_fread(file, &bytes, status.size)
            // Reading beyond the end makes libzip check the checksum.
            var beyond: UInt8 = 0
            guard read == Int64(status.size), zip_fread(file, &beyond, 1) == 0 else {
                throw damage(entry, zip_file_get_error(file))
            }
            return bytes
        }
    }

    private func damage(_ entry: Collection.Entry, _ error: UnsafeMutablePointer<zip_error_t>?)
        -> CatalogError
    {
        .damagedEntry(path: entry.path, reason: String(cString: zip_error_strerror(error)))
    }
}

/// Closes the archive without writing anything.
private struct ZipHandle: ~Copyable, @unchecked Sendable {
    let pointer: OpaquePointer

    deinit { zip_discard(pointer) }
}
