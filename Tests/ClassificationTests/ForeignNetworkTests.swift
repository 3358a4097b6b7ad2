import AtlasModel
import Foundation
import HDF5
import Kernels
import Testing

@testable import Classification

@Suite("Networks that Keras saved")
struct ForeignNetworkTests {
    /// All pixels have one colour.
    private func picture(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> ModelVectors {
        ModelVectors(
            bytes: (0..<ModelVectors.length / 3).flatMap { _ in [red, green, blue] })
    }

    private func temporary(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appending(path: "\(UUID())-\(name)").path
    }

    /// Saves layers and weights as Keras 2 does, and loads them.
    private func loaded(_ layers: [String], _ weights: [String: (shape: [Int], values: [Float])])
        throws -> Network
    {
        let path = temporary("own.h5")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let list = layers.joined(separator: ",")
        try HDF5File.write(path) { file in
            try file.attribute(
                "model_config", #"{"class_name": "Sequential", "config": {"layers": [\#(list)]}}"#)
            let byLayer = Dictionary(grouping: weights.keys) { String($0.split(separator: "/")[0]) }
            for (layer, names) in byLayer {
                try file.group("model_weights/\(layer)")
                try file.attribute("weight_names", of: "model_weights/\(layer)", names)
                for name in names {
                    let own = try #require(weights[name])
                    try file.numbers("model_weights/\(layer)/\(name)", own.values, shape: own.shape)
                }
            }
        }
        return try Network.load(path)
    }

    private func layer(_ kind: String, _ name: String, _ options: String = "") -> String {
        let more = options.isEmpty ? "" : ", " + options
        return #"{"class_name": "\#(kind)", "config": {"name": "\#(name)"\#(more)}}"#
    }

    @Test("A .keras file with a network in the network is read, and gets bytes for its Rescaling")
    func archive() throws {
        let path = temporary("small.keras")
        defer { try? FileManager.default.removeItem(atPath: path) }
        try #require(SmallKerasFile.bytes).write(to: URL(filePath: path))
        let network = try Network.load(path)
        #expect(network.takesBytes)
        #expect(!network.namesClasses)
        #expect(network.outputs == 2)
        // By hand, for the colour (0.2, 0.4, 0.6): the convolution gives 1 and −1.4, the leaky rectifier 1
        // and −0.35, the dense layer 1 and −0.9.
        let scores = try #require(network.scores(picture(51, 102, 153), threads: 1).first)
        // The mean of 784 values is a sum in single precision.
        #expect(abs(scores[0] - 1) < 1e-4)
        #expect(abs(scores[1] + 0.9) < 1e-4)
    }

    @Test("One sigmoid is the second of two classes, and types name them")
    func secondOfTwo() throws {
        let network = try loaded(
            [
                layer("Conv2D", "c", #""filters": 1, "kernel_size": [1, 1], "use_bias": false"#),
                layer("GlobalMaxPooling2D", "g"),
                layer("Dense", "d", #""units": 1, "activation": "sigmoid""#),
            ],
            [
                "c/kernel:0": ([1, 1, 3, 1], [1, 2, 3]), "d/kernel:0": ([1, 1], [2]),
                "d/bias:0": ([1], [-1.4]),
            ])
        #expect(!network.takesBytes)
        let named = try network.naming(["chalk", "slate"], path: "n.h5")
        #expect(named.classes == ["chalk", "slate"])
        let prediction = try #require(named.predict(picture(51, 51, 51), threads: 1).first)
        // 2 · 0.2 · (1 + 2 + 3) − 1.4 = 1, and sigmoid(1) = 0.731 058 6.
        #expect(abs(prediction.probabilities[1] - 0.731_058_6) < 1e-6)
        #expect(abs(prediction.probabilities[0] - 0.268_941_4) < 1e-6)
        #expect(
            throws: ClassificationError.unknownClasses(path: "n.h5", count: 2, types: ["a"])
        ) { try network.naming(["a"], path: "n.h5") }
    }

    @Test(
        "Layers that do nothing in prediction are left out, and a padded convolution is right at the edge"
    )
    func edges() throws {
        let network = try loaded(
            [
                layer("RandomFlip", "f"), layer("GaussianNoise", "n"),
                layer(
                    "Conv2D", "c",
                    #""filters": 1, "kernel_size": [3, 3], "strides": [27, 27], "padding": "same""#),
                layer("Flatten", "l"), layer("Dense", "d", #""units": 4, "use_bias": false"#),
            ],
            [
                "c/kernel:0": ([3, 3, 3, 1], [Float](repeating: 1, count: 27)),
                "c/bias:0": ([1], [0]),
                "d/kernel:0": ([4, 4], (0..<16).map { $0 % 5 == 0 ? 1 : 0 }),
            ])
        // 28 pixels with a stride of 27 have 2 positions; 27 + 3 − 28 = 2 pixels are missing, one at each
        // edge, so each window has four pixels of the picture: 4 · 3 channels.
        let scores = try #require(network.scores(picture(255, 255, 255), threads: 1).first)
        #expect(scores == [12, 12, 12, 12])
    }

    @Test("Fields that are missing, of another shape or not finite are told")
    func weights() throws {
        let dense = [layer("Flatten", "l"), layer("Dense", "d", #""units": 2"#)]
        let kernel = [Float](repeating: 0, count: 2 * ModelVectors.length)
        func message(_ weights: [String: (shape: [Int], values: [Float])]) -> String {
            do {
                _ = try loaded(dense, weights)
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            message(["d/kernel:0": ([2_352, 2], kernel)]).contains("the layer \"d\" has no bias"))
        #expect(
            message(["d/kernel:0": ([2, 2_352], kernel), "d/bias:0": ([2], [0, 0])])
                .contains("[2, 2352], not [2352, 2]"))
        #expect(
            message(["d/kernel:0": ([2_352, 2], kernel), "d/bias:0": ([2], [0, .nan])])
                .contains("not finite"))
        #expect(
            message([:]).contains("the layer \"d\" has no kernel"))
    }

    @Test("Layers that would need much memory are refused before anything is read")
    func tooLarge() {
        for options in [#""units": 1048576"#, #""units": 20000"#] {
            #expect(throws: ClassificationError.self) {
                try loaded([layer("Flatten", "l"), layer("Dense", "d", options)], [:])
            }
        }
        #expect(throws: ClassificationError.self) {
            try loaded([layer("Resizing", "r", #""height": 9000, "width": 9000"#)], [:])
        }
    }

    /// What loading says of layers for which there are no weights.
    private func message(_ layers: [String]) -> String {
        do {
            _ = try loaded(layers, [:])
            return ""
        } catch { return "\(error)" }
    }

    @Test("A layer that is too large for enlarged pictures is told with the layer that enlarges")
    func tooLargePictures() {
        let convolution = layer("Conv2D", "c", #""filters": 64, "kernel_size": 3"#)
        // 500 · 500 · 3 values are allowed; the convolution gives 498 · 498 · 64.
        let enlarged = message([
            layer("Resizing", "r", #""height": 500, "width": 500"#), convolution,
        ])
        #expect(enlarged.contains("\"c\" with an input of the shape [500, 500, 3] is larger"))
        #expect(enlarged.contains("because the layer \"r\" enlarges the pictures"))
        let itself = message([
            layer("ZeroPadding2D", "p", #""padding": 1"#), layer("Flatten", "l"),
            layer("Dense", "d", #""units": 20000"#),
        ])
        #expect(itself.contains("\"d\" with an input of the shape [2700] is larger"))
        #expect(!itself.contains("enlarges"))
    }

    @Test(
        "Options that no layer can have show a damaged file",
        arguments: [
            ("Dense", #""units": -3"#, "no number for units"),
            ("Dense", #""units": 2, "activation": 7"#, "no activation"),
            ("Conv2D", #""filters": 8, "kernel_size": [3]"#, "no numbers for kernel_size"),
            ("ZeroPadding2D", #""padding": [1, 2, 3]"#, "no numbers for padding"),
            ("Rescaling", #""scale": "x""#, "no scale or offset"),
            ("Normalization", #""mean": [1], "variance": [1, 2]"#, "no mean or variance"),
            (
                "Rescaling", #""scale": [1, 2], "offset": [1, 2, 3]"#,
                "no equal numbers of scales and offsets"
            ),
        ])
    func damagedOptions(kind: String, options: String, what: String) {
        let text = message([layer(kind, "x", options)])
        #expect(
            text.contains(
                "its description is damaged, because the layer \"x\" has \(what) that a layer can have"
            ))
        #expect(!text.contains("support"))
    }

    @Test(
        "Classes of layers have the names of Keras' saving_lib in the weights",
        arguments: [
            ("Conv2D", "conv2d"), ("SeparableConv2D", "separable_conv2d"),
            ("BatchNormalization", "batch_normalization"), ("PReLU", "p_re_lu"),
            ("DepthwiseConv2D", "depthwise_conv2d"), ("Dense", "dense"),
        ])
    func snakeCase(kind: String, expected: String) {
        // From the weights of files that Keras 3.15.1 saved.
        #expect(KerasDescription.snakeCase(kind) == expected)
    }

    @Test("Same padding divides the missing pixels as TensorFlow does")
    func samePadding() {
        let picture = Sides(28)
        let odd = ForeignWindow(size: Sides(3), strides: Sides(2), isSame: true)
        // 14 positions need 13 · 2 + 3 = 29 pixels.
        #expect(
            odd.window(on: picture).padding == Margins(top: 0, left: 0, bottom: 1, right: 1))
        #expect(odd.window(on: picture).positions(on: picture) == Sides(14))
        let wide = ForeignWindow(
            size: Sides(height: 4, width: 1), dilation: Sides(height: 2, width: 1), isSame: true)
        // A kernel of 4 with a pixel left out between two reaches over 7.
        #expect(
            wide.window(on: picture).padding == Margins(top: 3, left: 0, bottom: 3, right: 0))
        #expect(Window(size: Sides(29)).positions(on: picture) == Sides(0))
        #expect(Window(size: Sides(3), strides: Sides(2)).positions(on: picture) == Sides(13))
    }
}

@Suite("Files that are no networks of Keras")
struct ForeignFileTests {
    /// What loading says of a file of these bytes.
    private func found(_ bytes: [UInt8], named name: String) throws -> ClassificationError? {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID())-\(name)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(filePath: path))
        do {
            _ = try Network.load(path)
            return nil
        } catch let error as ClassificationError {
            if case .foreignFile(_, let file) = error {
                return .foreignFile(path: name, file)
            }
            if case .pointer = error { return .pointer(path: name) }
            return error
        }
    }

    // Beginnings of files as their formats define them.
    @Test(
        "A file is named as what its first bytes are",
        arguments: [
            ("a.h5", [], .empty),
            ("a.h5", Array("\u{1c}\0\0\0TFL3".utf8), .tensorFlowLite),
            ("a.pt", [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9], .pyTorch),
            ("a.pth", [0x80, 4, 0x95], .pyTorch), ("a.pkl", [0x80, 4, 0x95], .pickle),
            ("a.npy", [0x93] + Array("NUMPY".utf8), .numPy),
            ("a.bin", [8, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":{}}".utf8), .safetensors),
            ("a", [8, 7, 0x12, 7] + Array("pytorch".utf8), .onnx),
            ("a.json", Array(" {\"class_name\": \"Sequential\"}".utf8), .description),
            ("a.h5", Array("<!DOCTYPE html>".utf8), .page),
            ("a.h5", [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], .damagedHDF5),
            ("a.pb", [10, 3], .tensorFlowGraph), ("a.ckpt.index", [0, 0], .weights),
            ("a.h5", Array("rocks".utf8), .unknown),
        ] as [(String, [UInt8], ForeignFile)])
    func firstBytes(name: String, bytes: [UInt8], expected: ForeignFile) throws {
        #expect(try found(bytes, named: name) == .foreignFile(path: name, expected))
    }

    @Test("A pointer of Git LFS, a missing file and a folder are named")
    func noFile() throws {
        let pointer = Array("version https://git-lfs.github.com/spec/v1\n".utf8)
        #expect(try found(pointer, named: "a.h5") == .pointer(path: "a.h5"))
        #expect(throws: ClassificationError.missingFile(path: "/nowhere/m.h5")) {
            try Network.load("/nowhere/m.h5")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        #expect(throws: ClassificationError.foreignFile(path: folder, .folder)) {
            try Network.load(folder)
        }
        try Data().write(to: URL(filePath: folder + "/saved_model.pb"))
        #expect(throws: ClassificationError.foreignFile(path: folder, .savedModel)) {
            try Network.load(folder)
        }
    }

    @Test("An HDF5 file without layers is named by what it holds")
    func otherHDF5() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (name, expected) in [
            ("X_Train_Orig", ForeignFile.dataSet), ("centroids", .kmeans),
            ("pairwise/indices", .neighbours), ("layers/dense/vars/0", .weights),
            ("data", .otherHDF5),
        ] {
            try HDF5File.write(path) { try $0.numbers(name, [Float(1)], shape: [1]) }
            #expect(throws: ClassificationError.foreignFile(path: path, expected)) {
                try Network.load(path)
            }
        }
    }
}
