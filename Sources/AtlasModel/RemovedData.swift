/// What was removed from the published copy of a picture.
package struct RemovedData: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Where the picture was taken, as coordinates.
    package static let position = RemovedData(rawValue: 1)
    /// Other data of a camera or a program.
    package static let other = RemovedData(rawValue: 2)
}

/// From how many published pictures data were removed.
package struct RemovedCount: Sendable, Equatable {
    /// Pictures that told their position.
    package let positions: Int
    /// Pictures that told anything that was removed, a position or something else.
    package let pictures: Int

    /// - Parameter removed: one value for each picture.
    package init(_ removed: [RemovedData]) {
        positions = removed.count { $0.contains(.position) }
        pictures = removed.count { !$0.isEmpty }
    }
}
