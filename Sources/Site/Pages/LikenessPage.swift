import Foundation
package import Raster
import Templates

/// One page that shows candidates beside their targets. It needs no other file: it contains the
/// pictures as `data:` URIs, and its template, `likeness.html`, contains the style.
package struct LikenessPage: Sendable {
    private let template: Template

    /// A picture to find targets for, with the result or the error.
    package struct Candidate: Sendable {
        package var name: String
        package var image: Image?
        package var error: String?
        package var panels: [Panel]

        package init(
            _ name: String, image: Image? = nil, error: String? = nil, panels: [Panel] = []
        ) {
            self.name = name
            self.image = image
            self.error = error
            self.panels = panels
        }
    }

    /// The targets by one likeness model.
    package struct Panel: Sendable {
        let title: String
        let choice: String
        let targets: [Target]

        /// - Parameters:
        ///   - title: of the model.
        ///   - choice: how the model chooses targets, without a full stop.
        package init(title: String, choice: String, targets: [Target]) {
            self.title = title
            self.choice = choice
            self.targets = targets
        }
    }

    /// A picture that was found.
    package struct Target: Sendable {
        let key: String
        let score: Double
        let rotation: Int
        let image: Image

        /// - Parameters:
        ///   - score: in percent.
        ///   - rotation: degrees counter-clockwise by which the image was rotated.
        package init(key: String, score: Double, rotation: Int, image: Image) {
            self.key = key
            self.score = score
            self.rotation = rotation
            self.image = image
        }
    }

    /// A picture as the page contains it: a JPEG of at most 224 pixels a side.
    package struct Image: Sendable {
        let width: Int
        let height: Int
        /// A `data:` URI.
        let address: String

        private static let side = 224
        /// The libjpeg quality at which small pictures show no blocks.
        private static let quality = 88

        /// What is wanted of a picture that is decoded for the page.
        package static let request = PictureRequest(margin: 2, memory: nil, size: fitted)

        /// The size of a picture on the page.
        @Sendable private static func fitted(_ width: Int, _ height: Int) -> (
            width: Int, height: Int
        ) {
            let longest = max(width, height)
            guard longest > side else { return (width, height) }
            return (max(1, width * side / longest), max(1, height * side / longest))
        }

        /// - Throws: `RasterError.notEncoded`.
        package init(_ picture: Picture) throws {
            let size = Self.fitted(picture.width, picture.height)
            let fitted = picture.resized(width: size.width, height: size.height)
            width = fitted.width
            height = fitted.height
            let jpeg = Data(try fitted.jpeg(quality: Self.quality, fullChroma: true))
            address = "data:image/jpeg;base64," + jpeg.base64EncodedString()
        }

        fileprivate var value: Value {
            ["src": .text(address), "width": .text("\(width)"), "height": .text("\(height)")]
        }
    }

    /// Name of the template, without `.html`.
    static let name = "likeness"

    /// Reads the template of the theme, or the default.
    /// - Throws: `SiteError.missingTemplate`, `.emptyTemplate`, `TemplateError`.
    package init(_ theme: Theme) throws {
        let templates = try PageTemplates(try ThemeFiles(theme), pages: [Self.name])
        template = templates[Self.name]
    }

    /// The page as UTF-8, with the candidates in the order given.
    /// - Throws: `TemplateError` for a tag that the page offers no value for.
    package func bytes(_ candidates: [Candidate]) throws -> [UInt8] {
        try template.rendered(["candidates": .list(candidates.map(\.value))])
    }
}

extension LikenessPage.Candidate {
    fileprivate var value: Value {
        [
            "name": .text(name), "error": .text(error ?? ""),
            "images": .list(image.map { [$0.value] } ?? []),
            "panels": .list(
                panels.map {
                    [
                        "title": .text($0.title), "choice": .text($0.choice),
                        "hasTargets": .flag(!$0.targets.isEmpty),
                        "targets": .list($0.targets.map(\.value)),
                    ]
                }),
        ]
    }
}

extension LikenessPage.Target {
    fileprivate var value: Value {
        image.value.joined(with: [
            "key": .text(key), "score": .text(Figures.score(score)),
            "turn": .text(rotation == 0 ? "" : "\(rotation)"),
        ])
    }
}
