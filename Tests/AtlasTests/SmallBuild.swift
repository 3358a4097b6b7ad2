import Foundation

@testable import Atlas

extension BuildOptions {
    /// A build of the pictures in `rocks` with the texts in `content`, both in a folder, and a network trained for one
    /// epoch.
    static func small(in folder: String) -> BuildOptions {
        var options = BuildOptions()
        options.collections = [folder + "/rocks"]
        options.content = folder + "/content"
        options.templates =
            URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../templates").path
        options.output = folder + "/public"
        options.workspace = folder + "/workspace"
        options.review = folder + "/review"
        options.classifier = "conv1l"
        options.epochs = 1
        options.folds = 0
        return options
    }
}
