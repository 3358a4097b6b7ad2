/// What can go wrong between the rooms; each room has errors of its own besides.
public enum AtlasError: Error, Equatable, CustomStringConvertible {
    case unreadableSettings(path: String, reason: String)
    case unknownSetting(path: String, line: Int, key: String, nearest: String?)
    case wrongSetting(path: String, line: Int, key: String, found: String, expected: String)
    /// A value that does not fit, with its line.
    case wrongLine(path: String, line: Int, reason: String)
    case noCollection(settings: String)
    case noDefaults(folder: String, looked: [String])
    case unknownKey(key: String, nearest: [String])
    case workspaceBusy(path: String)
    case fileTrouble(path: String, reason: String)
    case classesDiffer(model: String, classes: [String], types: [String])
    /// `takesNetwork`: whether the command takes a trained network instead.
    case tooFewToTrain(count: Int, needed: Int, takesNetwork: Bool)
    case nothingToJudge(split: String)
    case nothingToCompareOn
    case outputTaken(path: String)
    case outputBusy(path: String)
    case outputDamaged(path: String, manifest: String)
    case linkInOutput(path: String)
    case notWritten(path: String, reason: String)
    case noFolder(option: String, path: String)
    case rotationsDiffer(model: String, fitted: Bool)
    case noNetwork(workspace: String)

    public var description: String {
        switch self {
        case .unreadableSettings(let path, let reason):
            "\(path) cannot be read: \(reason). Mend the file, or compare it with the one GeoAtlas came with."
        case .unknownSetting(let path, let line, let key, let nearest):
            "\(path), line \(line): there is no setting \"\(key)\"."
                + (nearest.map { " Did you mean \"\($0)\"?" } ?? " Remove the line.")
        case .wrongSetting(let path, let line, let key, let found, let expected):
            "\(path), line \(line): \(key) is \(found), but has to be \(expected)."
        case .wrongLine(let path, let line, let reason):
            "\(path), line \(line): \(reason)"
        case .noCollection(let settings):
            "No collection was named. Give a zip archive or a folder after \"geoatlas build\", "
                + "or write it as \"collection:\" into \(settings)."
        case .noDefaults(let folder, let looked):
            "The folder \"\(folder)\" was not found (looked in \(looked.joined(separator: ", "))). "
                + "Name it with --\(folder), or install GeoAtlas with \"make install\"."
        case .unknownKey(let key, let nearest):
            "\"\(key)\" is neither a key of the collection nor a picture file."
                + (nearest.isEmpty ? "" : " Near it: \(nearest.joined(separator: ", ")).")
        case .workspaceBusy(let path):
            "Another build is using the workspace \(path). Wait for it, or name another with --workspace."
        case .fileTrouble(let path, let reason):
            "\(path): \(reason)"
        case .classesDiffer(let model, let classes, let types):
            "The network in \(model) tells \(classes.joined(separator: ", ")) apart, this atlas has "
                + "\(types.joined(separator: ", ")). Train one with \"geoatlas train\", or change the types in content/atlas.yml."
        case .tooFewToTrain(let count, let needed, let takesNetwork):
            "A network needs at least \(needed) labelled pictures in the training part; "
                + "this one has \(count). "
                + (takesNetwork
                    ? "Add pictures, or give a trained network with --classifier FILE.h5."
                    : "Add pictures, or give the training part a larger share with --shares.")
        case .nothingToJudge(let split):
            "No labelled picture lies in the part \"\(split)\", so there is nothing to evaluate. Try --split all."
        case .nothingToCompareOn:
            "No labelled picture lies in the dev part, so networks cannot be compared. "
                + "Add pictures, or give that part a share with --shares."
        case .outputTaken(let path):
            "\(path) holds files that are no atlas, and stays as it is. "
                + "Name an empty or new folder with --output."
        case .outputDamaged(let path, let manifest):
            "\(manifest) is damaged, so nobody can tell which files of \(path) belong to the atlas. "
                + "Remove that folder, but keep its votes, or name another with --output."
        case .linkInOutput(let path):
            "\(path) is a link, and an atlas is not written through links. Remove it, or name another "
                + "folder with --output."
        case .outputBusy(let path):
            "Another build is writing to \(path). Wait for it, or name another folder with --output."
        case .notWritten(let path, let reason):
            "\(path) could not be written (\(reason)). Make room or get permission, then build again; "
                + "what is done already is kept."
        case .noFolder(let option, let path):
            "\(path) is no folder. Name the one you mean with --\(option)."
        case .rotationsDiffer(let model, let fitted):
            "The K-Means model \(model) was fitted \(fitted ? "with" : "without") rotations. "
                + "Build \(fitted ? "with" : "without") --rotations, or fit another with \"geoatlas cluster\"."
        case .noNetwork(let workspace):
            "The embedding compares a network's features, and no build has left a network in the workspace "
                + "\(workspace). Give one with --classifier FILE.h5, or build an atlas first."
        }
    }
}
