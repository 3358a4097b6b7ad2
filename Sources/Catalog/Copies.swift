import AtlasModel
import Messages

/// Pictures of a collection that are equal, up to a turn or a mirror.
struct Copies {
    /// One for each picture that has another label than an equal picture before it.
    let errata: [Erratum]
    /// Says how many copies have the label of the picture that they are equal to.
    let notes: [String]

    /// - Parameter images: in key order.
    init(_ images: [ImageRecord], _ types: [RockType]) {
        var first: [String: Int] = [:]
        var errata: [Erratum] = []
        var copies: [(copy: Int, of: Int)] = []
        for (index, image) in images.enumerated() {
            guard let earlier = first[image.digest] else {
                first[image.digest] = index
                continue
            }
            let other = images[earlier]
            guard let label = image.label, let otherLabel = other.label, label != otherLabel else {
                copies.append((index, earlier))
                continue
            }
            let fault = LabelFault.twoLabels(
                other: other.path, label: types[label].label, otherLabel: types[otherLabel].label)
            errata.append(Erratum(path: image.path, fault.finding))
        }
        self.errata = errata
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
