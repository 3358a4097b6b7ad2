/// What pixels tell about the quality of a picture, as CleanVision 0.3.7 measures it.
package struct PictureMeasures: Sendable, Hashable {
    /// 5th and 99th percentile of perceived brightness, 0 to 1.
    package let dimmest: Double
    package let brightest: Double
    /// Of the histogram of all three colours, in bits.
    package let entropy: Double
    /// Standard deviation of the edges of the grey picture.
    package let edges: Double
    /// Standard deviation of the counts of its 256 greys.
    package let greys: Double

    package init(
        dimmest: Double, brightest: Double, entropy: Double, edges: Double, greys: Double
    ) {
        self.dimmest = dimmest
        self.brightest = brightest
        self.entropy = entropy
        self.edges = edges
        self.greys = greys
    }

    /// Longest side in pixels of the pictures that are measured; larger ones are reduced before.
    package static let side = 64
}

/// What is odd about a picture.
package enum PictureIssue: String, Sendable, Hashable, CaseIterable {
    case dark, light, flat, blurred
    case oddShape = "odd shape"
    case oddSize = "odd size"
}
