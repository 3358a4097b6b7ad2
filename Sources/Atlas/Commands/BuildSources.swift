import AtlasModel
import Catalog
import Classification
import Files
import Foundation
import Similarity
import Site

/// What a build reads besides the pictures. It is read and checked first, so that mistakes are
/// reported before the slow work begins.
struct BuildSources {
    let settings: AtlasSettings
    let collections: [String]
    let corrections: Corrections
    let tables: [MetadataTable]
    let verdicts: Verdicts
    /// The map whose places stay; `nil` for none.
    let earlierMap: StoredMap?
    let content: String
    let theme: Theme

    /// What the user should know of them, full sentences.
    var notes: [String] { misnamed + corrections.notes }

    /// Sentences about folders that are not read because of their names.
    private let misnamed: [String]

    /// - Parameter likeness: the likeness models that the settings may name.
    init(_ options: BuildOptions, likeness: LikenessTable) throws {
        misnamed = [
            options.content == nil ? Defaults.here.misnamed("content") : nil,
            options.templates == nil ? Defaults.here.misnamed("templates") : nil,
        ].compactMap(\.self)
        content = try Self.folder("content", options.content)
        theme = try Defaults.here.theme(try Self.folder("templates", options.templates))
        let file = content + "/atlas.yml"
        settings = try Self.settings(file: file, likeness: likeness).overridden(by: options)
        collections = settings.collections
        guard !collections.isEmpty else { throw AtlasError.noCollection(settings: file) }
        tables = try MetadataTable.tables(of: settings)
        verdicts = try Verdicts.read(beside: settings)
        if let map = options.map {
            let own = "\(options.workspace)/\(StoredMap.fileName)"
            guard !areSameFile(map, own) else {
                throw AtlasError.fileTrouble(
                    path: map,
                    reason:
                        "this map belongs to the workspace, and a build may replace it. Copy it first, "
                        + "for example with \"cp \(own) .\", and give the copy.")
            }
            earlierMap = try StoredMap(contentsOf: map)
        } else {
            earlierMap = nil
        }
        let labels = content + "/labels.csv"
        corrections =
            try Self.bytes(labels).map { try Corrections(table: $0, path: labels) } ?? Corrections()
    }

    /// The classes of the network that the settings name; `nil` if one is trained, or if its file does not
    /// name them.
    func classes() throws -> [String]? {
        guard let file = settings.networkFile else { return nil }
        let classifier = try Classifier.load(file)
        return classifier.namesClasses ? classifier.classes : nil
    }

    /// Which collection to read. Files that the build itself writes are left out.
    func request(_ options: BuildOptions) -> CollectionRequest {
        var request = CollectionRequest(paths: collections, shares: options.shares)
        request.corrections = corrections
        request.tables = tables
        request.verdicts = verdicts
        request.leavingOut = [options.output, options.workspace, options.review]
        return request
    }

    /// The files and folders that a build with these options reads.
    ///
    /// If the settings cannot be read, the collection that they name is unknown and is left out.
    static func paths(_ options: BuildOptions, likeness: LikenessTable) -> [String] {
        let networks = [options.classifier].compactMap(\.self).filter(Network.isFile)
        let models = networks + [options.kmeans, options.map].compactMap(\.self)
        do {
            let sources = try BuildSources(options, likeness: likeness)
            let themes = [sources.theme.folder, sources.theme.defaults].compactMap(\.self)
            return [sources.content] + themes + sources.collections + models
                + [sources.settings.table].compactMap(\.self)
        } catch {
            // The build reports the error. Until it is corrected, the texts and templates are
            // watched, because the error is in them.
            let folders = [options.content ?? "content", options.templates ?? "templates"]
            return folders + options.collections + models
        }
    }

    /// The settings that a build would take, for another command. Without a folder of texts they are
    /// the defaults.
    /// - Parameter content: the folder, if the command names one.
    static func settings(in content: String?, likeness: LikenessTable) throws -> AtlasSettings {
        do {
            return try settings(
                file: try folder("content", content) + "/atlas.yml", likeness: likeness)
        } catch AtlasError.noDefaults {
            return AtlasSettings()
        }
    }

    /// The settings of a file; the defaults if there is no such file.
    private static func settings(file: String, likeness: LikenessTable) throws -> AtlasSettings {
        var settings = AtlasSettings()
        settings.models = likeness.defaultPair
        if let text = try text(file) {
            settings = try .parse(text, path: file, likeness: likeness)
        }
        settings.file = file
        return settings
    }

    private static func folder(_ name: String, _ given: String?) throws -> String {
        guard let given else { return try Defaults.here.folder(name) }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: given, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw AtlasError.noFolder(option: name, path: given) }
        return given
    }

    /// The text of the file, `nil` when there is no such file.
    private static func text(_ path: String) throws -> String? {
        guard let bytes = try bytes(path) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
            let line = valid.count { $0.isNewline } + 1
            throw AtlasError.unreadableSettings(
                path: path, reason: "line \(line) is not in UTF-8")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }

    /// The content of the file, `nil` when there is no such file.
    static func bytes(_ path: String) throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try RandomAccessFile.content(path)
        } catch {
            throw AtlasError.unreadableSettings(path: path, reason: error.reason)
        }
        if GitLFS.isPointer(bytes) { throw CatalogError.pointer(path: path) }
        return bytes
    }
}
