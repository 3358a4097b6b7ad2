package import AtlasModel

extension CameraFacts {
    /// What the EXIF block of a picture file says of date, camera and description; `nil` if it says
    /// nothing.
    ///
    /// A description that the maker of a camera puts into every picture is left out. So is one that
    /// repeats a name or a serial number of the same block, because those are not published.
    /// - Parameter withPosition: whether to read where the picture was taken.
    package init?(of file: [UInt8], withPosition: Bool) {
        guard let block = ExifBlock(ofFile: file) else { return nil }
        self.init()
        let main = block.main
        let exif = block.directory(.exifDirectory, of: main)
        date = block.text(.original, in: exif).flatMap(Self.date)
        camera = Self.camera(
            make: block.text(.make, in: main), model: block.text(.model, in: main))
        let secrets = [
            block.text(.artist, in: main), block.text(.copyright, in: main),
            block.text(.owner, in: exif), block.text(.bodySerial, in: exif),
            block.text(.lensSerial, in: exif),
        ].compactMap(\.self)
        description = block.text(.description, in: main).flatMap { text in
            let isSecret = secrets.contains { $0.utf8.count > 3 && text.contains($0) }
            return isSecret || Self.isOfMaker(text) ? nil : text
        }
        if withPosition {
            let place = block.directory(.gpsDirectory, of: main)
            latitude = block.degrees(.latitude, .latitudeSign, limit: 90, in: place)
            longitude = block.degrees(.longitude, .longitudeSign, limit: 180, in: place)
        }
        if isEmpty { return nil }
    }

    /// `2024:05:12 10:22:33` as `2024-05-12 10:22`; `nil` for the blanks and zeros of a clock that was
    /// never set.
    private static func date(_ text: String) -> String? {
        let digits = Array(text.utf8)
        guard digits.count >= 16, digits[4] == UInt8(ascii: ":"), digits[7] == digits[4] else {
            return nil
        }
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        guard numbers.count >= 5, let day = isoDate(numbers[0], numbers[1], numbers[2]),
            numbers[3] < 24, numbers[4] < 60
        else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day) \(two(numbers[3])):\(two(numbers[4]))"
    }

    /// Make and model in one, without the make twice: `Canon EOS 5D`.
    private static func camera(make: String?, model: String?) -> String? {
        guard let model else { return make }
        guard let make, let first = make.split(separator: " ").first else { return model }
        return model.lowercased().hasPrefix(first.lowercased()) ? model : "\(make) \(model)"
    }

    /// Whether cameras of a maker write the text into every picture.
    private static func isOfMaker(_ text: String) -> Bool {
        let plain = text.uppercased().filter { $0.isLetter }
        return plain.isEmpty || plain.contains("DIGITALCAMERA")
            || ["SAMSUNG", "SAMSUNGCAMERAPICTURES", "SONYDSC", "DCIM", "DEFAULT", "UNTITLED"]
                .contains(plain)
    }
}

extension ExifBlock {
    /// The block of a picture file; `nil` without one.
    init?(ofFile file: [UInt8]) {
        guard let tiff = Self.tiff(in: file) else { return nil }
        self.init(tiff)
    }
}
