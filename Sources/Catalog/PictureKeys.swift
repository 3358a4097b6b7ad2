import AtlasModel
import Fingerprint

/// Gives each picture of a collection its key.
///
/// Of pictures that would have the same key, the first by path has it, and the others get `~2`, `~3`.
/// A picture that had a key in the last build keeps it: a file that arrives, goes or gets another name
/// does not move the key of another file.
struct PictureKeys {
    /// The keys, one for each picture.
    private(set) var keys: [String]
    /// Indices of pictures by key.
    private(set) var places: [String: Int] = [:]

    /// - Parameters:
    ///   - plain: for each picture, in the order of the paths, the key without a number.
    ///   - remembered: digests of model vectors by the keys of the last build.
    ///   - digest: that of a picture. It is asked only for pictures with a common key.
    init(
        _ plain: [String], remembered: [String: Fingerprint] = [:],
        digest: (Int) -> Fingerprint
    ) {
        keys = [String](repeating: "", count: plain.count)
        let names = Set(plain)
        if !remembered.isEmpty { keep(plain, names, remembered, digest) }
        for index in plain.indices where keys[index].isEmpty {
            var key = plain[index]
            var number = 2
            while places[key] != nil || (key != plain[index] && names.contains(key)) {
                key = "\(plain[index])~\(number)"
                number += 1
            }
            assign(key, to: index)
        }
    }

    private mutating func keep(
        _ plain: [String], _ names: Set<String>, _ remembered: [String: Fingerprint],
        _ digest: (Int) -> Fingerprint
    ) {
        var numbered: [String: [String]] = [:]
        for key in remembered.keys where !names.contains(key) {
            guard let sign = key.lastIndex(of: "~"),
                key[key.index(after: sign)...].allSatisfy(\.isNumber),
                names.contains(String(key[..<sign]))
            else { continue }
            numbered[String(key[..<sign]), default: []].append(key)
        }
        let groups = Dictionary(grouping: plain.indices) { plain[$0] }
        for (name, group) in groups where group.count > 1 || numbered[name] != nil {
            let others = numbered[name, default: []].sorted {
                ($0.utf8.count, $0) < ($1.utf8.count, $1)
            }
            for index in group {
                let own = digest(index)
                let kept = ([name] + others).first { places[$0] == nil && remembered[$0] == own }
                if let kept { assign(kept, to: index) }
            }
        }
    }

    private mutating func assign(_ key: String, to index: Int) {
        keys[index] = key
        places[key] = index
    }
}
