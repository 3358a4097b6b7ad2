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

/// A C library of the system: a module map and a shim header, found through pkg-config where the
/// library has a `.pc` file.
func library(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/SystemLibraries/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([package])])
}

/// A module and what it may import: only modules above it in the list below (ARCHITECTURE.md).
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

let package = Package(
    name: "GeoAtlas",
    products: [.executable(name: "geoatlas", targets: ["geoatlas"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        library("CPNG", pkgConfig: "libpng", package: "libpng-dev"),
        library("CJPEG", pkgConfig: "libjpeg", package: "libjpeg-dev"),
        library("CZip", pkgConfig: "libzip", package: "libzip-dev"),
        library("CHDF5", pkgConfig: "hdf5", package: "libhdf5-dev"),
        library("CCMark", pkgConfig: "libcmark", package: "libcmark-dev"),
        library("COneDNN", package: "libdnnl-dev"),
        library("CXXHash", pkgConfig: "libxxhash", package: "libxxhash-dev"),

        module("Messages", settings: memorySafe),
        module("Parallel", settings: memorySafe),
        module("Fingerprint", ["CXXHash"]),
        module("AtlasModel", settings: memorySafe),
        module("Raster", ["AtlasModel", "CPNG", "CJPEG"]),
        module("HDF5", ["CHDF5"]),
        module("Kernels", ["COneDNN"]),
        module(
            "Catalog",
            ["Raster", "HDF5", "AtlasModel", "CZip", "Messages", "Parallel", "Fingerprint"]),
        module("Classification", ["Kernels", "HDF5", "AtlasModel", "Parallel"]),
        module("Similarity", ["Kernels", "HDF5", "AtlasModel", "Parallel"]),
        module("Review", ["AtlasModel"]),
        module("Templates", ["Messages"]),
        module("Links", ["Parallel"]),
        module(
            "Site",
            [
                "AtlasModel", "Templates", "Links", "Raster", "CCMark", "Messages", "Parallel",
                "Fingerprint",
                .product(name: "Yams", package: "Yams"),
            ]),
        module(
            "Publishing",
            [
                "AtlasModel", "Parallel", "Fingerprint",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ]),
        module(
            "Atlas",
            [
                "AtlasModel", "Catalog", "Classification", "Similarity", "Review", "Links", "Site",
                "Publishing", "Raster", "Messages", "Parallel", "Fingerprint",
                .product(name: "Yams", package: "Yams"),
            ]),
        .executableTarget(
            name: "geoatlas",
            dependencies: [
                "Atlas", "AtlasModel", "Messages",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        tests("ParallelTests", ["Parallel"]),
        tests("FingerprintTests", ["Fingerprint"]),
        tests("RasterTests", ["Raster", "AtlasModel"]),
        tests("HDF5Tests", ["HDF5"]),
        tests("KernelsTests", ["Kernels"]),
        tests("CatalogTests", ["Catalog", "Raster", "HDF5", "AtlasModel", "Parallel"]),
        tests("ClassificationTests", ["Classification", "HDF5", "AtlasModel", "Parallel"]),
        tests("SimilarityTests", ["Similarity", "HDF5", "AtlasModel", "Parallel"]),
        tests("ReviewTests", ["Review", "AtlasModel"]),
        tests("TemplatesTests", ["Templates"]),
        tests("LinksTests", ["Links", "Parallel"]),
        tests("SiteTests", ["Site", "AtlasModel", "Templates", "Raster", "Parallel"]),
        tests("PublishingTests", ["Publishing", "AtlasModel", "Parallel", "Fingerprint"]),
        tests(
            "AtlasTests",
            [
                "Atlas", "Classification", "Similarity", "Site", "Publishing", "AtlasModel",
                "Parallel",
                "Fingerprint",
            ]),
    ]
)
