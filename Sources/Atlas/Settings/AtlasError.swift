/// Errors of settings, workspace, output folder and commands. Other modules have their own errors.
package enum AtlasError: Error, Equatable, CustomStringConvertible {
    case unreadableSettings(path: String, reason: String)
    case unknownSetting(path: String, line: Int, key: String, nearest: String?)
    case wrongSetting(path: String, line: Int, key: String, found: String, expected: String)
    /// A value that is not allowed, with its line.
    case wrongLine(path: String, line: Int, reason: String)
    case noCollection(settings: String)
    case settingsExist(path: String)
    case noDefaults(folder: String, looked: [String])
    case unknownKey(key: String, nearest: [String])
    case workspaceBusy(path: String)
    case fileTrouble(path: String, reason: String)
    /// `collection` as the user gave it; `settings` is the file that names the types.
    case classesDiffer(
        model: String, classes: [String], types: [String], collection: String, settings: String)
    /// `acceptsNetwork`: whether the command accepts a trained network instead.
    case tooFewToTrain(count: Int, needed: Int, acceptsNetwork: Bool)
    /// All labelled training pictures have one label.
    case oneTypeToTrain(type: String, acceptsNetwork: Bool)
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
    /// A network whose features cannot be compared.
    case seesCrops(network: String)
    case noLastBuild(workspace: String, output: String)
    /// The last build ran in another folder, so its relative paths mean other files here.
    case lastBuildElsewhere
    /// The folder has no plan that can be read.
    case noPlan(folder: String, reason: String)
    case damagedPlan(path: String)
    /// The folder has the plan of another atlas.
    case otherPlan(folder: String)
    /// The plan was made by another program; `version` is its release.
    case otherProgram(version: String)
    /// What an atlas is made from is not as it was when the plan was made.
    case inputsChanged(names: [String])
    /// An engine's variable with the index of a shard is no number.
    case wrongIndex(variable: String, value: String)
    case noStage(name: String, stages: [String])
    case noShard(stage: String, index: Int, shards: Int)
    /// A result of an earlier stage is not in the workspace.
    case notMerged(stage: String, folder: String)
    /// Outputs of shards that cannot be merged, each with its fault.
    case partsMissing(stage: String, parts: [String], folder: String)
    case partLacksResult(path: String, result: String)

    package var description: String {
        switch self {
        case .unreadableSettings(let path, let reason):
            "\(path) cannot be read: \(reason). Correct the file, or compare it with the one that comes with GeoAtlas."
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
        case .settingsExist(let path):
            "\(path) exists already, and is not overwritten. Edit it, or name another folder with --content."
        case .noDefaults(let folder, let looked):
            "The folder \"\(folder)\" was not found (looked in \(looked.joined(separator: ", "))). "
                + "Name it with --\(folder), or install GeoAtlas with \"make install\"."
        case .unknownKey(let key, let nearest):
            "\"\(key)\" is neither a key of the collection nor a picture file."
                + (nearest.isEmpty ? "" : " Similar keys: \(nearest.joined(separator: ", ")).")
        case .workspaceBusy(let path):
            "Another build is using the workspace \(path). Wait for it, or name another with --workspace."
        case .fileTrouble(let path, let reason):
            "\(path): \(reason)"
        case .classesDiffer(let model, let classes, let types, let collection, let settings):
            "The network in \(model) knows the types \(classes.joined(separator: ", ")), but this atlas has "
                + "\(types.joined(separator: ", ")). Train one with these types: \"geoatlas train "
                + "\(collection) --content \(Self.folder(of: settings)) --output NEW.h5\". Or write the types "
                + "of the network to \"types:\" in \(settings)."
        case .tooFewToTrain(let count, let needed, let acceptsNetwork):
            "A network needs at least \(needed) labelled pictures in the training set; "
                + "this one has \(count). "
                + (acceptsNetwork
                    ? "Add pictures, or give a trained network with --classifier FILE.h5."
                    : "Add pictures, or give the training set a larger share with --shares.")
        case .oneTypeToTrain(let type, let acceptsNetwork):
            "A network tells types apart, but all labelled pictures of the training set are \(type). "
                + "Add pictures of another type"
                + (acceptsNetwork
                    ? ", or give a trained network with --classifier FILE.h5." : ".")
        case .nothingToJudge(let split):
            "No labelled picture is in the \(split) set, so there is nothing to evaluate. Try --split all."
        case .nothingToCompareOn:
            "No labelled picture is in the dev set, so networks cannot be compared. "
                + "Add pictures, or give the dev set a share with --shares."
        case .outputTaken(let path):
            "\(path) has files that do not belong to an atlas, so nothing was written to it. "
                + "Name an empty or new folder with --output."
        case .outputDamaged(let path, let manifest):
            "\(manifest) is damaged, so the files of \(path) that belong to the atlas are not known. "
                + "Save the votes in it and remove that folder, or name another one with --output."
        case .linkInOutput(let path):
            "\(path) is a symbolic link, and an atlas is not written through links. Remove the link, or name another "
                + "folder with --output."
        case .outputBusy(let path):
            "Another build is writing to \(path). Wait for it, or name another folder with --output."
        case .notWritten(let path, let reason):
            "\(path) could not be written (\(reason)). Free disk space or change the permissions, then build "
                + "again; what was computed is reused."
        case .noFolder(let option, let path):
            "\(path) is not a folder. Name a folder with --\(option)."
        case .rotationsDiffer(let model, let fitted):
            "The K-Means model \(model) was fitted \(fitted ? "with" : "without") rotations. "
                + "Build \(fitted ? "with" : "without") --rotations, or fit another with \"geoatlas cluster\"."
        case .noNetwork(let workspace):
            "The embedding compares a network's features, but the workspace \(workspace) has no network of a build"
                + ". Give one with --classifier FILE.h5, or build an atlas first."
        case .seesCrops(let network):
            "\(network) sees crops of photographs. The embedding compares what networks make of whole pictures of 28 "
                + "pixels: give another one with --classifier FILE.h5."
        case .noLastBuild(let workspace, let output):
            "The workspace \(workspace) does not know how \(output) was built. Give the collection and the other "
                + "options of the build after two hyphens: \"geoatlas serve \(output) --watch -- rocks.zip\"."
        case .lastBuildElsewhere:
            "The last build ran in another folder, and its paths are relative to that folder. "
                + "Run \"geoatlas serve\" there, or give the options of the build after two hyphens."
        case .noPlan(let folder, let reason):
            "\(folder)/plan.json cannot be read (\(reason)). Make a plan with \"geoatlas plan COLLECTION --work "
                + "\(folder)\", and give all machines the same folder."
        case .damagedPlan(let path):
            "\(path) is not a plan of this version of GeoAtlas. Make a new one with \"geoatlas plan … --replace\"."
        case .otherPlan(let folder):
            "\(folder) has another plan, perhaps with other pictures or options. Name another folder with --work, or "
                + "replace the plan with --replace; what was merged stays in the workspace."
        case .otherProgram(let version):
            "The plan was made by another program (GeoAtlas \(version)). Use one program on all machines, "
                + "or make a new plan with \"geoatlas plan … --replace\"."
        case .inputsChanged(let names):
            "Since the plan was made has changed: \(names.joined(separator: ", ")). Make a new plan with "
                + "\"geoatlas plan … --replace\"; results that are still right are used again."
        case .wrongIndex(let variable, let value):
            "\(variable) is \"\(value)\", but has to be the number of a shard. Give it with --index instead."
        case .noStage(let name, let stages):
            "There is no stage \"\(name)\". The stages are \(stages.joined(separator: ", "))."
        case .noShard(let stage, let index, let shards):
            "The stage \(stage) has the shards 0 to \(shards - 1), but the index is \(index)."
        case .notMerged(let stage, let folder):
            "\(folder) does not have the result of the stage \(stage) yet. Run \"geoatlas merge --stage \(stage)\" "
                + "first; if it has run, wait until its files are seen on this machine."
        case .partsMissing(let stage, let parts, let folder):
            "The stage \(stage) is not complete: \(parts.joined(separator: ", ")). \"geoatlas plan --work \(folder) "
                + "--missing\" prints what to run again."
        case .partLacksResult(let path, let result):
            "\(path) lacks the result \(result). Remove the file, and run its shard again."
        }
    }

    /// The folder that a file is in, for a command line.
    private static func folder(of file: String) -> String {
        file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    }
}
