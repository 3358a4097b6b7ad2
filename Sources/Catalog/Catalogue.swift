package import AtlasModel

/// The contents of a collection: its usable pictures, their model vectors, and the errata.
package struct Catalogue: Sendable {
    /// In key order (UTF-8 bytes).
    package let images: [ImageRecord]
    /// Which pictures belong together, so that they are in one set of the split and in one fold.
    package let groups: PictureGroups
    /// The files of each picture that has more than one label. Nothing learns from them, and they
    /// count in no figure.
    package let contradictions: [[Int]]
    /// Sorted by path.
    package let errata: [Erratum]
    /// Says how many pictures are copies of others, as sentences for people.
    package let copyNotes: [String]
    private let found: FoundPictures
    /// Of tables that the collection does not depend on.
    private let errataOfVerdicts: [Erratum]
    private let isContradictory: Set<Int>

    /// The model vectors of `images`, in the same order.
    package var vectors: ModelVectors { found.vectors }
    /// What the files of `images` tell besides the picture, in the same order.
    package var embedded: [RemovedData] { found.embedded }
    package var metadata: Metadata { found.metadata }
    /// What was understood that is not written exactly so, as sentences for people.
    package var notes: [String] { found.notes }
    /// Labels that come from the corrections, in key order.
    package var corrections: [LabelCorrection] { found.corrections }
    /// What decided the split.
    package var division: Division { found.division }
    /// Whether folders train, valid and test decided the split.
    package var isDividedByFolders: Bool {
        division.rule == .folders && found.folders.contains { $0 != nil }
    }

    package var labelledCount: Int { images.count { $0.label != nil } }

    init(_ found: FoundPictures, groups: PictureGroups, errataOfVerdicts: [Erratum] = []) {
        precondition(groups.first.count == found.images.count, "each picture has its group")
        self.found = found
        self.errataOfVerdicts = errataOfVerdicts
        self.groups = groups
        let sets = found.division.sets(found.images, groups: groups, folders: found.folders)
        images = zip(found.images, sets).map { $0.assigned(to: $1) }
        let copies = Copies(images, groups, found.types)
        contradictions = copies.contradictions
        isContradictory = Set(contradictions.joined())
        errata = (found.errata + copies.errata).sorted().inserting(
            found.errataOfTables + [errataOfVerdicts])
        copyNotes = copies.notes
    }

    /// The same pictures with other groups, divided again.
    package func grouped(by groups: PictureGroups) -> Catalogue {
        Catalogue(found, groups: groups, errataOfVerdicts: errataOfVerdicts)
    }

    /// The same catalogue with the errata of a table of verdicts, in the order of lines.
    package func adding(_ errata: [Erratum]) -> Catalogue {
        errata.isEmpty ? self : Catalogue(found, groups: groups, errataOfVerdicts: errata)
    }

    /// Indices of the labelled pictures of a set, without those whose labels contradict each other.
    package func labelled(in split: Split) -> [Int] {
        images.indices.filter { images[$0].split == split && isUsable($0) }
    }

    /// Whether a network may learn from a picture and be judged on it: it has a label, and no equal
    /// picture has another one.
    package func isUsable(_ index: Int) -> Bool {
        images[index].label != nil && !isContradictory.contains(index)
    }

    /// Divides the pictures at `indices` into folds; into none if `count` is 0.
    /// - Parameter rule: `random` keeps only equal pictures together; any other rule keeps groups
    ///   together, and the folds have equal shares of each type.
    package func folds(_ count: Int, in indices: [Int], by rule: SplitRule) -> [[Int]] {
        var folds = [[Int]](repeating: [], count: count)
        if count == 0 { return folds }
        switch rule {
        case .random:
            for index in indices {
                // The split depends on the first digits of the digest, so the fold uses the last ones.
                let tail = UInt64(images[index].digest.suffix(8), radix: 16) ?? 0
                folds[Int(tail % UInt64(count))].append(index)
            }
        case .groups, .folders:
            let parts = GroupDivision(images, groups, of: indices).folds(count)
            for index in indices { folds[parts[index, default: 0]].append(index) }
        }
        return folds
    }
}

/// What a collection holds before its pictures are grouped and divided.
struct FoundPictures: Sendable {
    /// In key order. Their sets of the split are not decided yet.
    let images: [ImageRecord]
    let vectors: ModelVectors
    let embedded: [RemovedData]
    let metadata: Metadata
    /// For each picture the set of its folder, if it has one.
    let folders: [Split?]
    /// Sorted by path.
    let errata: [Erratum]
    /// For each table its errata, in the order of lines.
    let errataOfTables: [[Erratum]]
    let corrections: [LabelCorrection]
    let notes: [String]
    /// In class order.
    let types: [RockType]
    let division: Division
}

extension [Erratum] {
    /// The errata with those of tables in their places by path. Those of one table keep the order of
    /// lines.
    fileprivate func inserting(_ tables: [[Erratum]]) -> [Erratum] {
        tables.reduce(self) { errata, table in
            guard let path = table.first?.path else { return errata }
            let place = errata.firstIndex { $0.path >= path } ?? errata.endIndex
            return errata[..<place] + table + errata[place...]
        }
    }
}
