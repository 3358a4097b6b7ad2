// swift-tools-version: 6.2
import PackageDescription

/// Settings of every module: `any` is written out, a file imports every module whose members it
/// uses, an import is internal unless it says otherwise, and a warning stops the build.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// Settings of modules that use no unsafe pointer.
let memorySafe: [SwiftSetting] = strict + [.strictMemorySafety()]

/// Settings of modules that compute, beside the others. A debug build optimises them too, because their tests
/// would take most of the time of all tests otherwise. Assertions stay on.
let computing: [SwiftSetting] = [
    .unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))
]

/// A C library of the system: a module map and a shim header, found through pkg-config where the
/// library has a `.pc` file.
func library(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/SystemLibraries/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([package])])
}

/// A module and what it may import: only modules above it in the list below (ARCHITECTURE.md).
///
/// What a module offers to others is declared `package`, because the only product is the program.
/// `Parallel` and `RandomNumbers` declare it `public`: the compiler inlines and specialises only public
/// code across modules, and theirs is called in inner loops.
func module(
    _ name: String, _ imports: [Target.Dependency] = [], settings: [SwiftSetting] = strict
) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: settings)
}

/// The tests of a module, in a folder of that name below `Tests`.
func tests(_ name: String, _ imports: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: imports, resources: resources, swiftSettings: strict)
}

/// What reads the files that people bring.
let fuzzed: [Target.Dependency] = [
    "Archives", "Atlas", "Catalog", "Classification", "Raster", "Review", "Site", "Tables",
]
let isFuzzing = Context.environment["GEOATLAS_FUZZ"] != nil

let package = Package(
    name: "GeoAtlas",
    products: [.executable(name: "geoatlas", targets: ["geoatlas"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        library("CPNG", pkgConfig: "libpng", package: "libpng-dev"),
        library("CJPEG", pkgConfig: "libjpeg", package: "libjpeg-dev"),
        library("CTIFF", pkgConfig: "libtiff-4", package: "libtiff-dev"),
        library("CWebP", pkgConfig: "libwebpdemux", package: "libwebp-dev"),
        library("CLCMS", pkgConfig: "lcms2", package: "liblcms2-dev"),
        // Loaded while the program runs, so there is no package to install before.
        .systemLibrary(name: "CHEIF", path: "Sources/SystemLibraries/CHEIF"),
        // A part of the C library.
        .systemLibrary(name: "CMalloc", path: "Sources/SystemLibraries/CMalloc"),
        library("CBZip2", package: "libbz2-dev"),
        library("CLZMA", pkgConfig: "liblzma", package: "liblzma-dev"),
        library("CHDF5", pkgConfig: "hdf5", package: "libhdf5-dev"),
        library("CCMark", pkgConfig: "libcmark", package: "libcmark-dev"),
        library("COneDNN", package: "libdnnl-dev"),
        library("CXXHash", pkgConfig: "libxxhash", package: "libxxhash-dev"),
        library("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
        library("CDeflate", pkgConfig: "libdeflate", package: "libdeflate-dev"),

        module("Messages", settings: memorySafe),
        module("Tables", settings: memorySafe),
        module("RandomNumbers", settings: memorySafe + computing),
        module("Files", [.product(name: "SystemPackage", package: "swift-system")]),
        module("Parallel", settings: memorySafe + computing),
        module("Fingerprint", ["CXXHash"]),
        module("Compression", ["CZlib", "CDeflate", "CBZip2", "CLZMA"]),
        module("Archives", ["Compression", "Files"]),
        module("AtlasModel", settings: memorySafe),
        module("Statistics", ["AtlasModel", "Messages"], settings: memorySafe),
        module(
            "Raster",
            [
                "AtlasModel", "Compression", "Parallel", "CPNG", "CJPEG", "CTIFF", "CWebP", "CHEIF",
                "CLCMS",
            ], settings: strict + computing),
        module("HDF5", ["AtlasModel", "Compression", "Files", "Parallel", "CHDF5"]),
        module("Kernels", ["COneDNN"], settings: strict + computing),
        module(
            "Catalog",
            [
                "AtlasModel", "Files", "Raster", "HDF5", "Archives", "Messages", "Tables",
                "RandomNumbers", "Parallel", "Fingerprint",
            ], settings: strict + computing),
        module(
            "Classification",
            [
                "AtlasModel", "Files", "Fingerprint", "Statistics", "Kernels", "HDF5", "Archives",
                "RandomNumbers", "Parallel",
            ], settings: strict + computing),
        module(
            "Similarity",
            ["AtlasModel", "Fingerprint", "Kernels", "HDF5", "RandomNumbers", "Parallel"],
            settings: strict + computing),
        module(
            "Grouping", ["AtlasModel", "Kernels", "RandomNumbers", "Parallel"],
            settings: strict + computing),
        module(
            "Mapping", ["AtlasModel", "Kernels", "RandomNumbers", "Parallel"],
            settings: strict + computing),
        module("Review", ["AtlasModel", "Statistics", "Files", "Tables", "Archives"]),
        module("Templates", ["Messages"]),
        module("Links", ["Parallel"]),
        module(
            "Site",
            [
                "AtlasModel", "Statistics", "Files", "Templates", "Links", "Raster", "CCMark",
                "Messages", "Tables", "Parallel", "Fingerprint",
                .product(name: "Yams", package: "Yams"),
            ]),
        module(
            "Publishing",
            [
                "AtlasModel", "Files", "Parallel", "Fingerprint", "Compression",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        module(
            "Atlas",
            [
                "AtlasModel", "Statistics", "Catalog", "Classification", "Similarity", "Grouping",
                "Mapping", "Review", "Links", "Site", "Publishing", "Files", "Raster", "HDF5",
                "Messages", "Tables", "Parallel", "Fingerprint", "CMalloc",
                .product(name: "Yams", package: "Yams"),
            ]),
        .executableTarget(
            name: "geoatlas",
            dependencies: [
                "Atlas", "AtlasModel", "Messages",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        tests("MessagesTests", ["Messages"]),
        tests("RandomNumbersTests", ["RandomNumbers"]),
        tests("ParallelTests", ["Parallel"]),
        tests("FingerprintTests", ["Fingerprint"]),
        tests("CompressionTests", ["Compression"]),
        tests("ArchivesTests", ["Archives", "Compression"]),
        tests("FilesTests", ["Files"]),
        tests("AtlasModelTests", ["AtlasModel"]),
        tests("TablesTests", ["Tables"]),
        tests("StatisticsTests", ["Statistics", "Similarity", "AtlasModel", "RandomNumbers"]),
        tests("RasterTests", ["Raster", "AtlasModel", "Compression"]),
        tests("HDF5Tests", ["HDF5", "Parallel"]),
        tests("KernelsTests", ["Kernels"]),
        tests(
            "CatalogTests",
            [
                "Catalog", "Archives", "Raster", "HDF5", "AtlasModel", "RandomNumbers", "Parallel",
                "Fingerprint",
            ]),
        tests(
            "ClassificationTests",
            [
                "Classification", "HDF5", "Kernels", "AtlasModel", "Statistics", "Parallel",
            ]),
        tests(
            "SimilarityTests",
            ["Similarity", "HDF5", "AtlasModel", "Statistics", "RandomNumbers", "Parallel"]),
        tests("GroupingTests", ["Grouping", "AtlasModel", "RandomNumbers", "Parallel"]),
        tests("MappingTests", ["Mapping", "AtlasModel", "RandomNumbers", "Parallel"]),
        tests(
            "ReviewTests",
            [
                "Review", "Similarity", "AtlasModel", "Statistics", "Files", "RandomNumbers",
                "Archives",
            ]),
        tests("TemplatesTests", ["Templates"]),
        tests("LinksTests", ["Links", "Parallel"]),
        tests(
            "SiteTests",
            [
                "Site", "Similarity", "AtlasModel", "Statistics", "Templates", "Raster",
                "RandomNumbers", "Parallel",
            ]),
        tests(
            "PublishingTests",
            [
                "Publishing", "AtlasModel", "Parallel", "Fingerprint", "Compression",
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        tests(
            "AtlasTests",
            [
                "Atlas", "Classification", "Similarity", "Site", "Publishing", "AtlasModel",
                "Review", "Raster", "RandomNumbers", "Parallel", "Fingerprint",
            ]),
        // `make fuzz` builds the readers with libFuzzer instead of the tests.
        isFuzzing
            ? .executableTarget(
                name: "fuzz", dependencies: fuzzed, path: "Tests/FuzzTests",
                exclude: ["Corpus", "FuzzTests.swift", "run"], swiftSettings: strict)
            : .testTarget(
                name: "FuzzTests", dependencies: fuzzed,
                exclude: ["Corpus", "Fuzzing.swift", "main.swift", "run"],
                swiftSettings: strict),
        tests(
            "geoatlasTests",
            [
                "geoatlas",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ]
)
