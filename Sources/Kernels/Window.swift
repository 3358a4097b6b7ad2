/// A number for the height and one for the width of a picture.
package struct Sides: Sendable, Equatable {
    package let height: Int
    package let width: Int

    package init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    package init(_ both: Int) { self.init(height: both, width: both) }

    package var isSquare: Bool { height == width }
}

/// Rows and columns at the edges of a picture.
package struct Margins: Sendable, Equatable {
    package let top: Int
    package let left: Int
    package let bottom: Int
    package let right: Int

    package init(top: Int, left: Int, bottom: Int, right: Int) {
        self.top = top
        self.left = left
        self.bottom = bottom
        self.right = right
    }

    package init(_ all: Int) { self.init(top: all, left: all, bottom: all, right: all) }

    package static let none = Margins(0)

    package static func + (a: Margins, b: Margins) -> Margins {
        Margins(
            top: a.top + b.top, left: a.left + b.left, bottom: a.bottom + b.bottom,
            right: a.right + b.right)
    }
}

/// A window that moves over a picture, of a convolution or of a pooling.
package struct Window: Sendable, Equatable {
    package let size: Sides
    package let strides: Sides
    /// Distance of the pixels of the window; 1 if they are neighbours.
    package let dilation: Sides
    /// Rows and columns that the window may reach beyond the picture.
    package let padding: Margins

    package init(
        size: Sides, strides: Sides = Sides(1), dilation: Sides = Sides(1),
        padding: Margins = .none
    ) {
        self.size = size
        self.strides = strides
        self.dilation = dilation
        self.padding = padding
    }

    /// The number of positions of the window on a picture.
    ///
    /// A window of 3 × 3 with strides of 2 has 13 × 13 positions on a picture of 28 × 28. A window that
    /// is larger than the picture has none.
    package func positions(on picture: Sides) -> Sides {
        func count(_ side: Int, _ size: Int, _ stride: Int, _ dilation: Int) -> Int {
            let rest = side - (size - 1) * dilation - 1
            return rest < 0 ? 0 : rest / stride + 1
        }
        return Sides(
            height: count(
                picture.height + padding.top + padding.bottom, size.height, strides.height,
                dilation.height),
            width: count(
                picture.width + padding.left + padding.right, size.width, strides.width,
                dilation.width))
    }
}

/// A convolution: its window and its channels.
package struct Convolution: Sendable, Equatable {
    package let filters: Int
    /// The channels of input and output are divided into so many groups, each with kernels of its own.
    package let groups: Int
    package let window: Window

    package init(filters: Int, groups: Int = 1, window: Window) {
        self.filters = filters
        self.groups = groups
        self.window = window
    }

    /// Whether neighbouring windows with all channels are used, as the layers of GeoAtlas do.
    var isPlain: Bool {
        groups == 1 && window.strides == Sides(1) && window.dilation == Sides(1)
    }
}
