import AtlasModel
import Foundation
import Parallel
import RandomNumbers
import Raster
import Similarity
import Statistics
import Synchronization

@testable import Site

/// An edition small enough to check by hand, with all unusual cases.
enum TinyEdition {
    static let nastyKey = "andesite/<b>&\"x"

    static let types = [
        RockType(label: "andesite"), RockType(label: "gneiss"),
        RockType(label: "mica schist", colour: .init(light: "#123456", dark: "#abcdef")),
    ]

    /// Key, label, width, height, split.
    private static let list: [(String, Int?, Int, Int, Split)] = [
        (nastyKey, 0, 28, 28, .train), ("andesite/012L6", 0, 28, 28, .test),
        ("andesite/012l6", 0, 28, 28, .train), ("andesite/CON", 0, 28, 28, .dev),
        ("gneiss/P1", 1, 400, 300, .test), ("gneiss/P2", 1, 120, 90, .train),
        ("gneiss/was andesite", 0, 28, 28, .train), ("mica schist/s~2", 2, 28, 28, .test),
        ("unlabelled/u1", nil, 28, 28, .test),
    ]

    static var images: [ImageRecord] {
        list.map { key, label, width, height, split in
            ImageRecord(
                key: key, label: label, path: "in/\(key).jpg", width: width, height: height,
                byteCount: 981, format: key.hasSuffix("P2") ? .png : .jpeg, split: split,
                digest: String(repeating: "0", count: 32))
        }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    static func edition(
        folds: Int = 0, reviewed: Bool = true, closed: [TrialResult]? = nil, errata: [Erratum] = [],
        history: [EditionChange] = [], metadata: Metadata = .none, isSealed: Bool = false,
        scenes: [Scene] = [], checks: PictureChecks = .none
    ) -> Edition {
        let images = images
        let predictions = images.indices.map { index in
            Prediction(probabilities: index % 3 == 0 ? [0.6, 0.39, 0.01] : [0.0001, 0.0399, 0.96])
        }
        let neighbours = [LikenessModel.kmeans, .pairwise].map { model in
            Neighbours(
                model: model,
                matches: images.indices.map { candidate in
                    let others = images.indices.filter { $0 != candidate }
                    return (model == .kmeans ? Array(others.prefix(3)) : Array(others.suffix(7)))
                        .enumerated().map {
                            Match(
                                target: $1, distance: 0.1 + 0.05 * Double($0),
                                rotation: $0 == 1 ? 90 : 0)
                        }
                })
        }
        let test = Evaluation(
            classes: types.map(\.label), confusion: [[8, 2, 0], [0, 10, 0], [1, 0, 9]], loss: 0.25)
        return Edition(
            title: "Tiny & true", collection: "stones <1>.zip", rockTypes: types,
            plates: [1, 0, 2],
            images: images, errata: errata, shares: [70, 18, 12],
            corrections: [
                LabelCorrection(
                    key: "gneiss/was andesite", folder: 1, label: 0, reason: "no <bands>")
            ], predictions: predictions, classifier: classifier(predictions, test, folds: folds),
            evidence: evidence(predictions, judged: judged),
            clustering: Clustering(
                k: 2, assignments: images.indices.map { $0 % 2 }, sizes: [5, 4],
                inertia: [
                    ElbowPoint(k: 1, inertia: 2_520_000), ElbowPoint(k: 2, inertia: 1_100_000),
                    ElbowPoint(k: 3, inertia: 900_000),
                ], suggested: 2,
                means: [UInt8(40), 200].map { [UInt8](repeating: $0, count: ModelVectors.length) }),
            neighbours: neighbours, panels: [.kmeans, .pairwise],
            likenessTimes: [
                LikenessTime(model: .kmeans, fit: 2, answers: 0.9),
                LikenessTime(model: .pairwise, fit: nil, answers: 0.9),
            ], top: 7, rotations: true, review: reviewed ? plan : nil,
            exemplars: [
                Exemplars(medoid: 0, typical: [1, 2], extreme: [3, 6], doubtful: [2, 0]),
                Exemplars(medoid: 4, typical: [], extreme: [5], doubtful: [5, 4]),
                Exemplars(medoid: 7, typical: [], extreme: [], doubtful: [7]),
            ],
            votes: VoteSummary(
                trial: plan.trial,
                total: Preferences(preferred: [.pairwise: 2, .kmeans: 1], equal: 1),
                reviewers: 1, byType: nil, otherTrial: 0, unknown: 0),
            closedTrials: closed ?? (reviewed ? [closedTrial(1), closedTrial(2)] : []),
            history: history,
            metadata: metadata, isSealed: isSealed, scenes: scenes, checks: checks)
    }

    /// Nine pictures in three rows, the last of which has one; picture 0 is in the middle of the second.
    static let map = PictureMap(
        model: .pairwise,
        places: images.indices.map { SIMD2(Float($0) * 2 - 4, Float($0 % 2)) },
        cells: [5, 0, 1, 2, 3, 4, 6, 7, 8], columns: 4,
        ranks: images.indices.map { $0 == 4 || $0 == 6 ? 0.15 : 0.1 },
        figures: MapFigures(
            plane: .init(recall: 0.5, trustworthiness: 0.96),
            grid: .init(recall: 0.375, trustworthiness: nil),
            sample: .init(pictures: 9, neighbours: 4)))

    /// The first picture is dark and blurred, the last of odd size.
    static let checks = PictureChecks(
        measures: images.map { _ in
            PictureMeasures(dimmest: 0.1, brightest: 0.3, entropy: 7, edges: 20, greys: 4)
        },
        issues: images.indices.map { $0 == 0 ? [.dark, .blurred] : $0 == 8 ? [.oddSize] : [] })

    /// A scene of pictures with all labels, one turned and one without a label, and one of andesite.
    static let scenes = [
        Scene(
            tiles: [
                .init(picture: 0, top: 0, left: 10), .init(picture: 4, top: 5, left: 0),
                .init(picture: 7, top: 12, left: 12, symmetry: SquareSymmetry(1)),
                .init(picture: 8, top: 14, left: 2),
            ], pairs: 5, contradicting: 1, residual: 0.25),
        Scene(
            tiles: [
                .init(picture: 1, top: 0, left: 0), .init(picture: 3, top: 3, left: 0),
            ], pairs: 1, contradicting: 0, residual: 0),
    ]

    /// A title and a scale of 0.05 mm for the first picture.
    static let metadata = Metadata(
        fields: [
            MetadataField(.title), MetadataField(.specimen), MetadataField(.scale),
            MetadataField(named: "Mood <i>"),
        ],
        values: [
            images.indices.map { $0 == 0 ? "An & desite" : "" },
            images.indices.map { $0 == 0 || $0 == 2 ? "S <1>" : "" },
            images.indices.map { $0 == 0 ? "0.05" : "" },
            images.indices.map { $0 == 0 ? "=1+1" : "" },
        ])

    /// Test pictures: andesite is predicted correctly; gneiss and mica schist are predicted as mica
    /// schist.
    static let judged = [0, 4, 7]

    static func evidence(_ predictions: [Prediction], judged: [Int]) -> LabelEvidence {
        LabelEvidence(
            predictions: predictions, labels: images.map(\.label), judged: judged, confirmed: [],
            types: types.count)
    }

    private static func classifier(_ predictions: [Prediction], _ test: Evaluation, folds: Int)
        -> ClassifierSummary
    {
        let calibration = Calibration(
            predictions: judged.map { predictions[$0] },
            labels: judged.map { images[$0].label ?? 0 })
        return ClassifierSummary(
            name: "conv2l", parameters: 33_606, isFromFile: false, folds: folds, judged: judged,
            test: test, seenInTest: 0,
            calibration: CalibrationSummary(
                temperature: 1.25, before: calibration, after: calibration), card: card,
            compared: [
                ComparedNetwork(
                    name: "conv2l", isUsed: true, accuracy: singles(27, of: 30),
                    parameters: 33_606, epochs: 5, seconds: 252),
                ComparedNetwork(
                    name: "other <net>", isUsed: false, accuracy: singles(15, of: 20),
                    parameters: 44_230, epochs: nil, seconds: nil),
            ], seconds: 252,
            choice: ClassifierChoice(
                candidates: [
                    .init(name: "texture", kind: .textures, dev: Proportion(15, of: 20), cost: 0),
                    .init(name: "conv2l", kind: .network, dev: Proportion(18, of: 20), cost: 20),
                    .init(name: "deep", kind: .network, dev: nil, cost: 600),
                ], budget: 120))
    }

    /// Pictures each of which is a group of its own.
    private static func singles(_ count: Int, of total: Int) -> ClusteredProportion {
        ClusteredProportion((0..<total).map { (cluster: $0, counts: $0 < count) })
    }

    /// Three epochs, of which the second is kept.
    private static let card = ModelCard(
        recipe: "slowly & well", seed: 7, threads: 2,
        curve: TrainingCurve(
            epochs: [(1.5, 1.25, 0.5), (0.75, 0.5, 0.9), (0.25, 0.625, 0.8)].enumerated().map {
                TrainingCurve.Epoch(
                    number: $0 + 1, trainingLoss: $1.0, devLoss: $1.1, devAccuracy: $1.2)
            }, kept: 2),
        layers: [
            LayerFacts(
                name: "conv2d_1", kind: "Convolution 3 × 3", role: .weighted,
                output: [26, 26, 32], parameters: 896),
            LayerFacts(
                name: "max_pooling2d_1", kind: "Max-pooling 2 × 2", role: .pooling,
                output: [13, 13, 32], parameters: 0),
            LayerFacts(
                name: "dense_1", kind: "Dense", role: .weighted, output: [3], parameters: 16_227),
        ],
        versions: [SoftwareVersion(name: "GeoAtlas", version: "9.8.7")])

    /// A trial that has ended: 8 of 12 decided votes for Pairwise, 12 of 97 votes.
    /// - Parameter decisive: number of votes that was fixed before.
    static func closedTrial(_ number: Int, decisive: Int = 97) -> TrialResult {
        let counts = Preferences(preferred: [.pairwise: 8, .kmeans: 4], equal: 2, neither: 1)
        let share = ShareResult(
            proportion: Proportion(8, of: 12), interval: 0.31...0.9, narrow: 0.35...0.88,
            standardError: 0.1, degrees: 3, designEffect: 1.5, signTest: 0.3877,
            anytime: .init(votes: 9, interval: 0.1...0.99, evidence: 1.2))
        return TrialResult(
            summary: VoteSummary(
                trial: "000000000000000\(number)", total: counts, reviewers: 2, byType: nil,
                otherTrial: 0, unknown: 0),
            pairs: [
                PairResult(
                    models: [.pairwise, .kmeans], counts: counts,
                    apart: Preferences(preferred: [.pairwise: 0, .kmeans: 0]),
                    byType: [
                        "gneiss": Preferences(preferred: [.pairwise: 8, .kmeans: 0], equal: 2),
                        "andesite": Preferences(preferred: [.pairwise: 0, .kmeans: 4], neither: 1),
                    ],
                    intervalsByType: ["gneiss": 0.61...1, "andesite": 0...0.55],
                    plan: .init(models: [.kmeans, .pairwise], pictures: 9, identical: 3),
                    choices: .init(decisive: decisive, detects: 65, margin: 10, reviewers: 2),
                    share: share, fixed: decisive <= 12 ? share : nil,
                    covariates: Covariates(
                        adjusted: 0.58, interval: 0.3...0.8,
                        terms: [
                            .init(name: .intercept, coefficient: 0.3, standardError: 0.4),
                            .init(name: .sameType, coefficient: 1.25, standardError: 0.5),
                        ], votes: 12),
                    verdict: decisive <= 12
                        ? .open(more: 93) : .early(missing: decisive - 12, more: 93))
            ], ranking: nil,
            reliability: Reliability(
                alpha: 0.25, alphaComparisons: 5, oneself: Proportion(3, of: 4),
                left: Proportion(7, of: 12), attention: Proportion(0, of: 3)),
            reviewers: [
                ReviewerResult(
                    id: "00000000000000aa", name: "Ada <A>", counts: counts,
                    attention: Proportion(0, of: 3), isApart: false)
            ],
            days: [DayVotes(day: "2026-05-14", votes: 9), DayVotes(day: "2026-05-15", votes: 6)],
            undated: 0, reasons: [Reason(text: "grain size", counts: counts)],
            remarks: ["Left & right"])
    }

    /// Two comparisons. A picture of the second one is no longer in the collection.
    static let plan = ReviewPlan(
        trial: "0123456789abcdef",
        comparisons: [
            comparison("1111111111111111", nastyKey, ["gneiss/P1", "andesite/012L6"]),
            comparison("2222222222222222", "andesite/gone", ["gneiss/P1"]),
        ])

    private static func comparison(_ id: String, _ candidate: String, _ targets: [String])
        -> ReviewPlan.Comparison
    {
        func panel(_ model: LikenessModel, _ keys: [String]) -> ReviewPlan.Panel {
            ReviewPlan.Panel(
                model: model, targets: keys.map { ReviewPlan.Target(key: $0, rotation: 90) })
        }
        return ReviewPlan.Comparison(
            id: id, candidate: candidate, a: panel(.pairwise, targets),
            b: panel(.kmeans, targets.reversed()))
    }

    /// Noise, different for each picture.
    private static let noise = images.enumerated().map { index, image in
        var random = SplitMix64(seed: UInt64(index))
        let pixels = (0..<image.width * image.height * 3).map { _ in UInt8(random.below(256)) }
        return Picture(width: image.width, height: image.height, pixels: pixels)
    }

    private static let vectors = noise.map { $0.resized(width: 28, height: 28).pixels }

    private static let stored = Result {
        try zip(images, noise).map { image, picture in
            try picture.encoded(as: image.format, quality: 80)
        }
    }

    static let pictures = PictureSource(
        vector: { vectors[$0] }, file: { try stored.get()[$0] })

    /// Pictures of an edition for which only the layout is tested.
    static let grey = PictureSource(
        vector: { index in (0..<ModelVectors.length).map { UInt8(($0 + index) % 7) } },
        file: { _ in [] })

    /// The templates and texts that come with the program.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func site(_ edition: Edition = edition(), showsTimes: Bool = true) throws -> Site {
        try Site(
            edition: edition,
            sources: SiteSources(
                theme: Theme(root.appending(path: "templates").path),
                content: root.appending(path: "content").path), pictures: pictures,
            showsTimes: showsTimes)
    }

    /// Every file of an atlas, by path.
    static func written(_ site: Site, workers: Int = 2) throws -> [String: [UInt8]] {
        let files = Mutex<[String: [UInt8]]>([:])
        let sink = Sink { path, bytes, _ in files.withLock { $0[path] = bytes } }
        try site.writePictures(to: sink, workers: Workers(workers))
        try site.pages(workers: Workers(workers)).write(to: sink, workers: Workers(workers))
        return files.withLock { $0 }
    }
}

/// A folder that is removed after use.
func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "site-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in files {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    try body(folder.path)
}
