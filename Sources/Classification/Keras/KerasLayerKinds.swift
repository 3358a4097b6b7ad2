import Foundation
import Kernels

extension LayerReader {
    func convolution() throws -> Architecture.Kind {
        let window = ForeignWindow(
            size: try sides("kernel_size"), strides: try sides("strides", default: Sides(1)),
            dilation: try sides("dilation_rate", default: Sides(1)), isSame: try isSame())
        let hasBias = flag("use_bias", true)
        switch kind {
        case "DepthwiseConv2D":
            return .foreign(
                .convolution(
                    ForeignConvolution(
                        channels: .each(try count("depth_multiplier", default: 1)), window: window,
                        hasBias: hasBias)))
        case "SeparableConv2D":
            return .foreign(
                .separableConvolution(
                    ForeignConvolution(
                        channels: .each(try count("depth_multiplier", default: 1)), window: window,
                        hasBias: hasBias), filters: try count("filters")))
        default:
            let filters = try count("filters")
            let groups = try count("groups", default: 1)
            let size = window.size
            if hasBias, groups == 1, size.isSquare, window.strides == Sides(1),
                window.dilation == Sides(1), !window.isSame || size.height % 2 == 1
            {
                return .convolution(filters: filters, kernel: size.height, same: window.isSame)
            }
            return .foreign(
                .convolution(
                    ForeignConvolution(
                        channels: .filters(filters, groups: groups), window: window,
                        hasBias: hasBias)))
        }
    }

    func pooling() throws -> Architecture.Kind {
        let size = try sides("pool_size", default: Sides(2))
        let window = ForeignWindow(
            size: size, strides: try sides("strides", default: size), isSame: try isSame())
        let isMaximum = kind.hasPrefix("Max")
        if isMaximum, size.isSquare, window.strides == size, !window.isSame {
            return .maxPooling(size.height)
        }
        return .foreign(.pooling(isMaximum ? .maximum : .mean, window))
    }

    /// Refuses another axis than that of the channels, the last one.
    /// - Returns: whether there is an axis.
    private func checkAxis(isPicture: Bool) throws -> Bool {
        guard let axis = config["axis"], !(axis is NSNull) else { return false }
        let axes = axis as? [Int] ?? (axis as? Int).map { [$0] } ?? []
        guard axes.count <= 1 else { throw unsupported("more than one axis") }
        guard let number = axes.first else { return false }
        guard number == -1 || number == (isPicture ? 3 : 1) else {
            throw unsupported("a normalisation along another axis than the last")
        }
        return true
    }

    func normalization(isPicture: Bool) throws -> Architecture.Kind {
        _ = try checkAxis(isPicture: isPicture)
        let epsilon = Float(number("epsilon") ?? 1e-3)
        let (isCentred, isScaled) = (flag("center", true), flag("scale", true))
        if isCentred && isScaled {
            return .normalization(epsilon: epsilon, momentum: Float(number("momentum") ?? 0.99))
        }
        return .foreign(
            .normalization(epsilon: epsilon, isCentred: isCentred, isScaled: isScaled))
    }

    /// The layers Rescaling and Normalization.
    func rescaling(isPicture: Bool) throws -> Architecture.Kind {
        if kind == "Rescaling" {
            guard let scales = Self.numbers(in: config["scale"]),
                let shifts = Self.numbers(in: config["offset"] ?? 0)
            else { throw damaged("no scale or offset") }
            return try rescaling(scales, shifts)
        }
        let hasAxis = try config["axis"] == nil || checkAxis(isPicture: isPicture)
        let isInverted = flag("invert", false)
        guard let given = config["mean"], !(given is NSNull) else {
            return .foreign(.standardization(isByChannel: hasAxis, isInverted: isInverted))
        }
        guard let means = Self.numbers(in: given),
            let variances = Self.numbers(in: config["variance"]), means.count == variances.count
        else { throw damaged("no mean or variance") }
        let (scales, shifts) = Standardization.affine(
            means: means.map { Float($0) }, variances: variances.map { Float($0) },
            isInverted: isInverted)
        return .foreign(.rescaling(scales: scales, shifts: shifts))
    }

    private func rescaling(_ scales: [Double], _ shifts: [Double]) throws -> Architecture.Kind {
        let count = max(scales.count, shifts.count)
        func spread(_ numbers: [Double]) throws -> [Float] {
            guard let first = numbers.first, numbers.count == 1 || numbers.count == count else {
                throw damaged("no equal numbers of scales and offsets")
            }
            return numbers.count == count
                ? numbers.map { Float($0) } : [Float](repeating: Float(first), count: count)
        }
        return .foreign(.rescaling(scales: try spread(scales), shifts: try spread(shifts)))
    }

    /// Layers that change the size of pictures.
    func sized() throws -> Architecture.Kind {
        switch kind {
        case "ZeroPadding2D":
            let margins = try margins("padding")
            let isEven = [margins.left, margins.bottom, margins.right].allSatisfy {
                $0 == margins.top
            }
            return isEven ? .zeroPadding(margins.top) : .foreign(.padding(margins))
        case "Cropping2D": return .foreign(.cropping(try margins("cropping")))
        case "CenterCrop":
            return .foreign(
                .centreCropping(Sides(height: try count("height"), width: try count("width"))))
        case "UpSampling2D":
            return .foreign(
                .enlarging(try sides("size", default: Sides(2)), try interpolation("nearest")))
        default:
            let sides = Sides(height: try count("height"), width: try count("width"))
            guard !flag("antialias", false) else { throw unsupported("antialiasing") }
            let keepsRatio =
                flag("crop_to_aspect_ratio", false) || flag("pad_to_aspect_ratio", false)
            guard !keepsRatio || sides.isSquare else { throw unsupported("a kept aspect ratio") }
            return .foreign(.resizing(sides, try interpolation("bilinear")))
        }
    }

    private func interpolation(_ default: String) throws -> Interpolation {
        let name = config["interpolation"] as? String ?? `default`
        switch name {
        case "nearest": return .nearest
        case "bilinear": return .bilinear
        default: throw unsupported("the interpolation \(name)")
        }
    }

    /// One number, one for each direction, or two for each.
    private func margins(_ key: String) throws -> Margins {
        let node = config[key] ?? 1
        let numbers: [Int]
        if let all = node as? Int {
            numbers = [all, all, all, all]
        } else if let pair = node as? [Int], pair.count == 2 {
            numbers = [pair[0], pair[0], pair[1], pair[1]]
        } else {
            numbers = (node as? [[Int]])?.flatMap { $0.count == 2 ? $0 : [] } ?? []
        }
        guard numbers.count == 4, numbers.allSatisfy((0...4_096).contains) else {
            throw damaged("no numbers for \(key)")
        }
        return Margins(top: numbers[0], left: numbers[2], bottom: numbers[1], right: numbers[3])
    }
}
