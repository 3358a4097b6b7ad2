import AtlasModel
import Fingerprint
import Parallel
import Templates

extension Pages {
    /// For each picture a digest of everything that its page shows, so that a page need only be made
    /// again when one of these values has changed. That is some twenty times faster than making the
    /// page and comparing it.
    ///
    /// Whoever adds a value to the page that comes from the edition adds it here. The test `A page
    /// that changes has another source` changes every field of an edition.
    /// - Parameter share: of the pictures.
    func imagePageSources(
        _ workers: Workers, of share: Share = .whole
    ) throws -> [Fingerprint] {
        let images = edition.images.indices
        let everywhere = commonSource
        let template = templates[PageKind.image.name]
        let shows = (position: template.uses("position"), total: template.uses("total"))
        let faces = try workers.map(images.count, chunk: 256) { face(of: $0) }
        let own = share.range(of: images.count)
        return try workers.map(own.count, chunk: 64) { place in
            let index = own.lowerBound + place
            var source = SourceDigest()
            source.add(everywhere)
            let position = layout.places[index]
            if shows.position { source.add(position.position) }
            if shows.total { source.add(layout.plates[position.plate].members.count) }
            source.add(layout.sealed.contains(index) ? 1 : 0)
            addPicture(index, faces, to: &source)
            for panel in PanelList(edition, of: index).panels {
                let facts = edition.likenessFacts(of: index, by: panel.model)
                source.add(panel.model.words.panel(facts))
                source.add(panel.matches.count)
                for match in panel.matches {
                    source.add(faces[match.target])
                    source.add(match.distance.bitPattern)
                    source.add(match.rotation)
                    addShift(of: match.target, over: index, to: &source)
                }
            }
            return source.digest
        }
    }

    /// What the pages of all pictures, and those of all scenes, have in common.
    var commonSource: Fingerprint {
        var source = SourceDigest()
        source.add(templates.digest)
        source.add(frame.digest)
        for sign in layout.signs.types {
            for text in [sign.label, sign.title, sign.symbol, sign.style] { source.add(text) }
        }
        for type in edition.plates { source.add(type) }
        for table in edition.shownInPanels {
            source.add(table.model.id)
            source.add(table.model.title)
            if case .other(let words) = table.model.view.measure { source.add(words) }
        }
        source.add(edition.clustering.k)
        source.add(edition.classifier?.folds ?? -1)
        source.add(edition.classifier.map { $0.isFromFile ? 1 : 0 } ?? -1)
        source.add(edition.classifierNoun)
        source.add(edition.classifier?.calibration.isFitted == true ? 1 : 0)
        source.add(edition.rotations ? 1 : 0)
        source.add(pictures.copies.largest ?? 0)
        return source.digest
    }

    /// What the pages of other pictures show of a picture.
    private func face(of index: Int) -> Fingerprint {
        let image = edition.images[index]
        var source = SourceDigest()
        for text in [
            image.key, layout.paths.places[index].page, layout.original(of: index),
            layout.preview(of: index),
        ] {
            source.add(text)
        }
        source.add(image.label ?? -1)
        source.add(image.width)
        source.add(image.height)
        return source.digest
    }

    /// What only the picture's own page shows of it, and the links to the pages around it.
    private func addPicture(
        _ index: Int, _ faces: [Fingerprint], to source: inout SourceDigest
    ) {
        let image = edition.images[index]
        let place = layout.places[index]
        let members = layout.plates[place.plate].members
        source.add(faces[index])
        for position in [place.position - 1, place.position + 1] {
            source.add(members.indices.contains(position) ? faces[members[position]] : nil)
        }
        for text in [
            layout.platePage(of: index), image.path, image.format.title, image.split.rawValue,
            // Says also whether the picture is blank.
            image.digest,
        ] {
            source.add(text)
        }
        source.add(image.byteCount)
        source.add(edition.clustering.assignments[index])
        for (field, values) in zip(edition.metadata.fields, edition.metadata.values)
        where !values[index].isEmpty {
            for text in [field.kind.rawValue, field.name, values[index]] { source.add(text) }
        }
        if let members = layout.specimens[index] {
            source.add(members.count)
            for other in members.prefix(Self.shownOfSpecimen + 1) { source.add(faces[other]) }
        }
        addScene(index, to: &source)
        addGroup(index, faces, to: &source)
        for probability in edition.prediction(of: index)?.probabilities ?? [] {
            source.add(UInt64(probability.bitPattern))
        }
    }
}

/// Collects values, and gives one digest of all of them and of their order.
///
/// Each value has a length that its kind or its first bytes tell, so different lists of values of
/// the same kinds never have the same bytes.
struct SourceDigest {
    private var bytes: [UInt8] = []

    var digest: Fingerprint { Fingerprint(of: bytes) }

    mutating func add(_ number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

    mutating func add(_ text: String) {
        add(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// A digest, or its absence.
    mutating func add(_ digest: Fingerprint?) {
        add(digest == nil ? 0 : 1)
        guard let digest else { return }
        add(digest.high)
        add(digest.low)
    }
}
