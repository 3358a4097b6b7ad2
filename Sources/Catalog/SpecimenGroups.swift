import Fingerprint

/// Pictures that have to be in one part of the split: those of one specimen, and those that are equal
/// to one of them.
///
/// If equal pictures belong to two specimens, the two are one group.
struct SpecimenGroups {
    /// For each picture the digest that decides its part of the split; `nil` for a picture outside all
    /// groups.
    let digests: [Fingerprint?]

    /// - Parameters:
    ///   - specimens: for each picture the name of its specimen, empty without one.
    ///   - pictures: digests that are the same for equal pictures.
    init(_ specimens: [String], _ pictures: [Fingerprint]) {
        guard specimens.contains(where: { !$0.isEmpty }) else {
            digests = pictures.map { _ in nil }
            return
        }
        /// Each name leads to a smaller one of its group, or to itself.
        var smaller: [String: String] = [:]
        func smallest(_ name: String) -> String {
            var name = name
            while let next = smaller[name], next != name { name = next }
            return name
        }
        var named: [Fingerprint: String] = [:]
        for (specimen, picture) in zip(specimens, pictures) where !specimen.isEmpty {
            let own = smallest(specimen)
            guard let known = named[picture] else {
                named[picture] = specimen
                continue
            }
            let other = smallest(known)
            if own != other { smaller[max(own, other)] = min(own, other) }
        }
        digests = zip(specimens, pictures).map { specimen, picture in
            (specimen.isEmpty ? named[picture] : specimen).map {
                Fingerprint(ofParts: ["specimen", smallest($0)])
            }
        }
    }
}
