package import AtlasModel
package import Fingerprint
package import Parallel
package import Raster

extension Collection {
    /// Reads every file: decodes the pictures, gives them keys and labels, and assigns each to a
    /// set of the split. Equal pictures, and those of one specimen, belong together.
    ///
    /// A file that cannot be used becomes an erratum and stops nothing.
    /// - Parameters:
    ///   - rockTypes: the labels, in class order. The nearest folder above a file that names one
    ///     counts (`TypeNames`).
    ///   - corrections: labels that replace those of the folders, by key.
    ///   - shares: of training, dev and test set, in any scale.
    /// - Throws: `CatalogError.noPictures` when nothing can be used.
    package func catalogue(
        rockTypes: [RockType], corrections: Corrections = Corrections(), shares: [Double],
        workers: Workers, progress: ProgressReport? = nil
    ) throws -> Catalogue {
        try catalogue(
            of: readings(workers: workers, progress: progress), rockTypes: rockTypes,
            corrections: corrections, division: Division(shares: shares))
    }

    /// Decodes every file. For each unusable file it records why.
    /// - Parameters:
    ///   - earlier: readings of an earlier build, with the same `withPositions`. Files that have the
    ///     same path and version there are not read again.
    ///   - share: which files to decode.
    ///   - withPositions: whether to read where pictures were taken.
    ///   - memory: what all threads together may use.
    package func readings(
        of share: Share = .whole, earlier: Readings? = nil, withPositions: Bool = false,
        workers: Workers,
        memory: DecodingMemory = DecodingMemory(),
        progress: ProgressReport? = nil
    ) throws -> Readings {
        let entries = self.entries[share.range(of: self.entries.count)]
        let done = Counter(total: entries.count, progress)
        let known = Readings.Known(earlier)
        let files = entries.map { Readings.ReadFile(path: $0.path, version: $0.version) }
        let length = ModelVectors.length
        var read: [Readings.Entry] = []
        let vectors = try [UInt8](unsafeUninitializedCapacity: entries.count * length) {
            room, count in
            // Each index writes to its own part.
            nonisolated(unsafe) let room = UnsafeMutableRawBufferPointer(room)
            read = try workers.map(entries.count, chunk: 16) { index in
                defer { done.step() }
                let entry = entries[entries.startIndex + index]
                if let obstacle = entry.obstacle { return .unusable(obstacle) }
                let vector = UnsafeMutableRawBufferPointer(
                    rebasing: room[index * length..<(index + 1) * length])
                vector.initializeMemory(as: UInt8.self, repeating: 0)
                return known?.entry(of: files[index], vector: vector)
                    ?? Readings.entry(
                        of: entry, in: self, withPositions: withPositions, memory: memory,
                        vector: vector)
            }
            count = entries.count * length
        }
        return Readings(files, read, vectors: vectors)
    }

    /// As above, from the readings of this collection.
    /// - Parameter remembered: digests of model vectors by the keys of the last build. These pictures
    ///   keep their keys.
    /// - Parameter sources: of metadata besides the collection.
    package func catalogue(
        of readings: Readings, rockTypes: [RockType], corrections: Corrections = Corrections(),
        division: Division, remembered: [String: Fingerprint] = [:],
        metadata sources: MetadataSources = MetadataSources()
    ) throws -> Catalogue {
        precondition(readings.entries.count == entries.count, "each entry has its reading")
        let classes = Dictionary(
            uniqueKeysWithValues: rockTypes.enumerated().map { ($1.label, $0) })
        var errata: [Erratum] = []
        var usable: [(entry: Entry, picture: Readings.Usable)] = []
        for (entry, reading) in zip(entries, readings.entries) {
            switch reading {
            case .unusable(let fault): errata.append(Erratum(path: entry.path, fault.finding))
            case .usable(let picture):
                usable.append((entry, picture))
                errata += picture.remarks.map { Erratum(path: entry.path, $0.finding) }
            }
        }
        guard !usable.isEmpty else {
            throw CatalogError.noPictures(
                path: path, files: entries.count,
                first: errata.first?.description)
        }
        let folders = usable.map(\.entry.folderPath)
        let labels = FolderLabels(folders, types: rockTypes)
        errata += labels.errata
        let found = zip(usable, folders).map { file, folder in
            Found(
                entry: file.entry, picture: file.picture, label: labels.label(of: folder))
        }
        let plain = found.map { $0.plainKey(rockTypes) }
        let keys = PictureKeys(plain, remembered: remembered) { index in
            readings.vectors(at: [found[index].picture.place]).digests[0]
        }
        var (named, doubled) = named(found, keys, plain)
        errata += doubled
        named.sort { $0.key.precedes($1.key) }
        var names = PictureNames(keys: named.map(\.key), paths: named.map(\.found.entry.path))
        let matched = corrections.matched(names, classes)
        let metadata = metadata(of: named.map(\.found), sources, &names)
        let known = metadata.metadata
        let corrected = named.indices.map { index in
            matched.correction(of: index, key: named[index].key, folder: named[index].found.label)
        }
        let images = named.indices.map { index in
            let (key, found) = named[index]
            return found.record(key: key, label: corrected[index]?.label ?? found.label)
        }
        let pictures = FoundPictures(
            images: images, vectors: readings.vectors(at: named.map(\.found.picture.place)),
            embedded: named.map(\.found.picture.embedded), metadata: known,
            folders: named.map { labels.split(of: $0.found.entry.folderPath) },
            errata: errata, errataOfTables: metadata.errata + [matched.errata],
            corrections: corrected.compactMap { $0 },
            notes: notes + metadata.notes + labels.notes(usesSets: division.rule == .folders),
            types: rockTypes, division: division)
        let groups = PictureGroups.known(
            digests: images.map(\.digest),
            specimens: images.indices.map { known.value(.specimen, of: $0) ?? "" })
        return Catalogue(pictures, groups: groups)
    }

    /// The metadata of the pictures: from the tables of the collection, then from those of `sources`,
    /// and where these say nothing from names of files and what cameras write.
    private func metadata(
        of found: [Found], _ sources: MetadataSources, _ names: inout PictureNames
    ) -> MatchedMetadata {
        var metadata = MatchedMetadata(count: found.count)
        for entry in self.tables {
            do {
                let bytes = try bytes(of: entry)
                if GitLFS.isPointer(bytes) {
                    metadata.add(unreadable: entry.path, GitLFS.statement)
                    continue
                }
                let table = try MetadataTable(
                    table: bytes, path: entry.path, folder: entry.folderPath)
                metadata.add(table, &names)
            } catch CatalogError.unreadableTable(_, let reason) {
                metadata.add(unreadable: entry.path, reason)
            } catch {
                metadata.add(unreadable: entry.path, EntryFault(error).finding.heading)
            }
        }
        for table in sources.tables { metadata.add(table, &names) }
        if let pattern = sources.specimens {
            metadata.add(specimens: found.map { pattern.specimen(inName: $0.entry.stem) })
        }
        metadata.add(found.map(\.picture.facts))
        return metadata
    }

    /// Gives each picture its key.
    private func named(_ found: [Found], _ keys: PictureKeys, _ plain: [String])
        -> (named: [(key: String, found: Found)], errata: [Erratum])
    {
        let errata = found.indices.compactMap { index -> Erratum? in
            guard keys.keys[index] != plain[index], let other = keys.places[plain[index]] else {
                return nil
            }
            let fault = KeyFault.twoWithOneKey(
                plain[index], other: found[other].entry.path, usedAs: keys.keys[index])
            return Erratum(path: found[index].entry.path, fault.finding)
        }
        return (Array(zip(keys.keys, found)).map { (key: $0, found: $1) }, errata)
    }
}

/// A usable picture before it gets its key.
private struct Found {
    let entry: Collection.Entry
    let picture: Readings.Usable
    let label: Int?

    func plainKey(_ rockTypes: [RockType]) -> String {
        (label.map { rockTypes[$0].label } ?? "unlabelled") + "/" + entry.stem
    }

    func record(key: String, label: Int?) -> ImageRecord {
        ImageRecord(
            key: key, label: label, path: entry.path, width: picture.width, height: picture.height,
            byteCount: picture.byteCount, format: picture.format, split: .train,
            digest: picture.fingerprint.hex)
    }
}
