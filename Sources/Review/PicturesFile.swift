/// `pictures.json`: what is known of the pictures that a trial shows.
struct PicturesFile: Codable {
    let trial: String
    let digests: [String: String]
    /// Missing in trials of older releases.
    let brightness: [String: Double]?
}

/// What is known of the pictures of a trial, as they were when it began, by key.
package struct TrialPictures: Sendable, Equatable {
    package let digests: [String: String]
    /// Mean of the bytes of the model vector, 0 to 255; empty for a trial of an older release.
    package let brightness: [String: Double]

    package init(digests: [String: String], brightness: [String: Double] = [:]) {
        self.digests = digests
        self.brightness = brightness
    }
}
