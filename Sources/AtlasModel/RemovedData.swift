/// What a picture file tells besides the picture, which is removed from published copies.
package struct RemovedData: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Where the picture was taken, as coordinates.
    package static let position = RemovedData(rawValue: 1)
    /// Other data of a camera or a program.
    package static let other = RemovedData(rawValue: 2)
}

/// What became of the data in a picture file when its copy was made.
package struct CopiedData: Sendable, Equatable {
    package let removed: RemovedData
    package let kept: RemovedData

    package init(removed: RemovedData = [], kept: RemovedData = []) {
        self.removed = removed
        self.kept = kept
    }
}

/// How many pictures have such data.
package struct RemovedCount: Sendable, Equatable {
    /// Pictures with a position.
    package let positions: Int
    /// Pictures with anything, a position or something else.
    package let pictures: Int

    /// - Parameter data: one value for each picture.
    package init(_ data: [RemovedData]) {
        positions = data.count { $0.contains(.position) }
        pictures = data.count { !$0.isEmpty }
    }
}
