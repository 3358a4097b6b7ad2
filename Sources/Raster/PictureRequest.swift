package import Parallel

/// What is wanted of a picture that is decoded: its size, and the memory that may be used.
package struct PictureRequest: Sendable {
    /// The wanted size for a picture of a size, both upright.
    let size: @Sendable (_ width: Int, _ height: Int) -> (width: Int, height: Int)
    /// A decoder may reduce a picture while it reads, as long as the sides are this many times as long
    /// as wanted. The rest is reduced exactly.
    let margin: Int
    /// Shared with other threads; `nil` for no limit.
    let memory: MemoryBudget?

    /// - Parameter size: gives the wanted size for a picture of a size, both upright.
    package init(
        margin: Int, memory: MemoryBudget?,
        size: @escaping @Sendable (_ width: Int, _ height: Int) -> (width: Int, height: Int)
    ) {
        self.size = size
        self.margin = margin
        self.memory = memory
    }

    /// The picture as it is stored.
    package static func whole(memory: MemoryBudget? = nil) -> PictureRequest {
        PictureRequest(margin: 1, memory: memory) { ($0, $1) }
    }

    /// Stretched to the size of model vectors. Only pictures of 448 pixels and more are reduced by
    /// their decoders.
    package static func modelVector(memory: MemoryBudget?) -> PictureRequest {
        PictureRequest(margin: 8, memory: memory) { _, _ in (28, 28) }
    }
}

/// A picture that was decoded.
package struct DecodedPicture: Sendable {
    /// Upright, in the requested size.
    package let picture: Picture
    /// Size of the stored picture, upright.
    package let width: Int
    package let height: Int
    package let remarks: [PictureRemark]
}
