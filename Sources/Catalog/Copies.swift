import AtlasModel
import Messages

/// Files of a collection that show one and the same picture: equal, turned, mirrored, or saved with
/// another size, quality or brightness.
struct Copies {
    /// The files of each picture that has more than one label, in key order.
    let contradictions: [[Int]]
    /// One for each file that has another label than the first labelled file of its picture.
    let errata: [Erratum]
    /// Says how many copies have no other label than the first file of their picture.
    let notes: [String]

    /// - Parameters:
    ///   - images: in key order.
    ///   - groups: whose pairs of the kinds `identical` and `copy` count.
    init(_ images: [ImageRecord], _ groups: PictureGroups, _ types: [RockType]) {
        let pairs = groups.pairs.filter { $0.kind == .identical || $0.kind == .copy }
        let first = PictureGroups.firsts(joinedBy: pairs, count: images.count)
        let sets = PictureGroups(pairs: pairs, first: first).members
        contradictions = sets.filter { Set($0.compactMap { images[$0].label }).count > 1 }
        var doubted: [(file: Int, erratum: Erratum)] = []
        var copies: [(copy: Int, of: Int)] = []
        for set in sets {
            let labelled = set.first { images[$0].label != nil }
            for file in set {
                guard let other = labelled, let label = images[file].label,
                    let otherLabel = images[other].label, label != otherLabel
                else {
                    if file != set[0] { copies.append((file, set[0])) }
                    continue
                }
                let fault = LabelFault.twoLabels(
                    other: images[other].path, label: types[label].label,
                    otherLabel: types[otherLabel].label)
                doubted.append((file, Erratum(path: images[file].path, fault.finding)))
            }
        }
        copies.sort { $0.copy < $1.copy }
        errata = doubted.sorted { $0.file < $1.file }.map(\.erratum)
        notes =
            copies.first.map { pair in
                let number = counted(copies.count, "picture")
                return [
                    "\(number) \(copies.count == 1 ? "is a copy of another" : "are copies of others"), such as "
                        + "\(images[pair.copy].path) of \(images[pair.of].path)."
                ]
            } ?? []
    }
}
