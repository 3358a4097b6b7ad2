import AtlasModel
import Messages

/// The labels that the folders of a collection give to its pictures.
///
/// The nearest folder above a picture that names a type counts, so `marble/specimen-01/a.jpg` is a
/// marble.
struct FolderLabels {
    private let levels: FolderLevels
    /// By folder.
    private let matches: [String: TypeNames.Match]
    /// Folders that name no type, with their number of pictures.
    private let unknown: [String: Int]
    private let types: [RockType]
    private let names: TypeNames
    /// For each name that is nearly that of a type: the type.
    private let nearNames: [String: Int]
    /// Number of pictures in each set of the split that folders give.
    private let given: [Split: Int]
    /// Number of pictures in folders below that of their type, and the first such folder.
    private let deeper: (count: Int, example: String)

    /// - Parameter folders: the folder of each picture, as a path; empty at the root.
    init(_ folders: [String], types: [RockType]) {
        let pictures = Dictionary(folders.map { ($0, 1) }, uniquingKeysWith: +)
        levels = FolderLevels(pictures.keys.sorted { $0.precedes($1) })
        names = TypeNames(types)
        self.types = types
        var matches: [String: TypeNames.Match] = [:]
        var unknown: [String: Int] = [:]
        var nearNames: [String: Int] = [:]
        var given: [Split: Int] = [:]
        var deeper = (count: 0, example: "")
        for (folder, count) in pictures.sorted(by: { $0.key.precedes($1.key) }) {
            if let split = levels.split(of: folder) { given[split, default: 0] += count }
            let found = levels.names(above: folder).enumerated().lazy.compactMap {
                [names] depth, name in names.type(of: name).map { (depth, name, $0) }
            }.first
            if let (depth, name, match) = found {
                matches[folder] = match
                if depth > 0 {
                    deeper.count += count
                    if deeper.example.isEmpty { deeper.example = folder }
                }
                if case .near(let type) = match { nearNames[String(name)] = type }
            } else if let telling = levels.telling(of: folder) ?? folder.split(separator: "/").last,
                !FolderTypes.isUnsorted(telling)
            {
                unknown[String(telling), default: 0] += count
            }
        }
        (self.matches, self.unknown) = (matches, unknown)
        (self.nearNames, self.given, self.deeper) = (nearNames, given, deeper)
    }

    /// Index of the type of the pictures in a folder; `nil` when no folder above them names one.
    func label(of folder: String) -> Int? { matches[folder]?.type }

    /// The set of the split that a folder gives to its pictures; `nil` when it gives none.
    func split(of folder: String) -> Split? { levels.split(of: folder) }

    /// The sets of the split that have folders of their own.
    var givenSets: Set<Split> { Set(given.keys) }

    /// Folders whose pictures have no label, in the order of their names.
    var errata: [Erratum] {
        unknown.sorted { $0.key.precedes($1.key) }.map { name, count in
            Erratum(
                path: name,
                LabelFault.folderWithoutType(count, nearest: names.nearest(to: name)).finding)
        }
    }

    /// What was understood that is not written exactly so.
    /// - Parameter usesSets: whether folders decide the split.
    func notes(usesSets: Bool) -> [String] {
        var notes = nearNames.sorted { $0.key.precedes($1.key) }.map { name, type in
            "the folder \"\(name)\" is taken for the rock type \(types[type].label)."
        }
        if deeper.count > 0 {
            notes.append(
                "\(counted(deeper.count, "picture")) in folders below that of a rock type, such as "
                    + "\(deeper.example), \(deeper.count == 1 ? "has" : "have") the label of that type."
            )
        }
        guard !given.isEmpty else { return notes }
        let sets = Split.allCases.compactMap { set in
            given[set].map { "\($0) \(set == .train ? "training" : set.rawValue)" }
        }.joined(separator: ", ")
        return notes + [
            usesSets
                ? "the folders train, valid and test decide the split: \(sets)."
                : "the collection is divided into folders train, valid and test (\(sets)), but the split "
                    + "is made anew by --shares. Use --split folders, or \"split: folders\" in "
                    + "content/atlas.yml, to keep that division."
        ]
    }
}
