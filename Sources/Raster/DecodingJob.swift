import AtlasModel
import Parallel

/// A picture that is being decoded. It holds the memory that it claimed until it ends.
final class DecodingJob {
    let bytes: [UInt8]
    let request: PictureRequest
    let orientation: Orientation
    /// Size of the stored picture before it is turned upright.
    private(set) var size = (width: 0, height: 0)
    private(set) var remarks: [PictureRemark] = []
    private var claimed = 0

    init(_ bytes: [UInt8], _ request: PictureRequest, _ orientation: Orientation) {
        self.bytes = bytes
        self.request = request
        self.orientation = orientation
    }

    deinit { request.memory?.release(claimed) }

    func add(_ remark: PictureRemark) { remarks.append(remark) }

    /// The size wanted, before it is turned upright.
    var target: (width: Int, height: Int) {
        let (width, height) =
            orientation.swapsSides ? (size.height, size.width) : (size.width, size.height)
        let wanted = request.size(width, height)
        return orientation.swapsSides ? (wanted.height, wanted.width) : wanted
    }

    /// Begins with the size that the header of the file gives.
    /// - Throws: `RasterError.tooLarge`; `.damaged` without a pixel.
    func begin(width: Int, height: Int) throws(RasterError) {
        guard width > 0, height > 0 else { throw .damaged(detail: "it has no pixels") }
        let limit = Picture.pixelLimit
        guard width <= limit, height <= limit, width * height <= limit else {
            throw .tooLarge(width: width, height: height, limit: limit)
        }
        size = (width, height)
    }

    /// Waits for memory. Call it once, after `begin`.
    /// - Parameter bytes: what the decoder needs beside the result.
    /// - Throws: `RasterError.tooMuchMemory`.
    func claim(_ bytes: Int) throws(RasterError) {
        precondition(claimed == 0, "a thread that waits for memory must hold none")
        guard let memory = request.memory else { return }
        let (width, height) = target
        // The sums of a scattered canvas are the largest part of a result.
        let needed = bytes + width * height * 3 + size.width * 8
        guard memory.claim(needed) else {
            throw .tooMuchMemory(needed: needed, limit: memory.bytes)
        }
        claimed = needed
    }

    /// The largest of `divisors` by which a decoder may divide the sides of the picture.
    func divisor(among divisors: [Int]) -> Int {
        let (width, height) = target
        return divisors.filter { divisor in
            size.width >= width * request.margin * divisor
                && size.height >= height * request.margin * divisor
        }.max() ?? 1
    }

    /// An empty canvas for rows of a size.
    func canvas(width: Int, height: Int) -> Canvas {
        let (newWidth, newHeight) = target
        return Canvas(width: width, height: height, newWidth: newWidth, newHeight: newHeight)
    }

    func finish(_ stored: Picture) -> DecodedPicture {
        let (width, height) =
            orientation.swapsSides ? (size.height, size.width) : (size.width, size.height)
        return DecodedPicture(
            picture: stored.upright(from: orientation), width: width, height: height,
            remarks: remarks)
    }
}
