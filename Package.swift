// swift-tools-version: 6.2
import PackageDescription

/// What every room keeps to: `any` is written out, an import is said where it is used and stays
/// inside unless it says `public`, and a warning stops the build.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// Rooms that touch no C library touch no pointer either.
let pointerFree: [SwiftSetting] = house + [.strictMemorySafety()]

/// A system library: a module map and a shim header, found through pkg-config where it has a `.pc` file.
func library(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/SystemLibraries/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([package])])
}

/// A room of the house with what it may import; arrows point down this list only (ARCHITECTURE.md).
func room(_ name: String, _ imports: [Target.Dependency] = [], settings: [SwiftSetting] = house)
    -> Target
{
    .target(name: name, dependencies: imports, swiftSettings: settings)
}

func tests(_ name: String, _ imports: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: imports, resources: resources, swiftSettings: house)
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

        room("Parallel", settings: pointerFree),
        room("Fingerprint", ["CXXHash"]),
        room("AtlasModel", settings: pointerFree),
        room("Raster", ["AtlasModel", "CPNG", "CJPEG"]),
        room("HDF5", ["CHDF5"]),
        room("Kernels", ["COneDNN"]),
        room("Catalog", ["Raster", "HDF5", "AtlasModel", "CZip", "Parallel", "Fingerprint"]),
        room("Classification", ["Kernels", "HDF5", "AtlasModel", "Parallel"]),
        room("Similarity", ["Kernels", "HDF5", "AtlasModel", "Parallel"]),
        room("Review", ["AtlasModel"]),
        room(
            "Site",
            [
                "AtlasModel", "Raster", "CCMark", "Parallel", "Fingerprint",
                .product(name: "Yams", package: "Yams"),
            ]),
        room(
            "Publishing",
            [
                "AtlasModel", "Parallel", "Fingerprint",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ]),
        room(
            "Atlas",
            [
                "AtlasModel", "Catalog", "Classification", "Similarity", "Review", "Site",
                "Publishing", "Raster", "Parallel", "Fingerprint",
                .product(name: "Yams", package: "Yams"),
            ]),
        .executableTarget(
            name: "geoatlas",
            dependencies: [
                "Atlas", "AtlasModel",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),

        tests("RasterTests", ["Raster", "AtlasModel"]),
        tests("HDF5Tests", ["HDF5"]),
        tests("KernelsTests", ["Kernels"]),
        tests("CatalogTests", ["Catalog", "Raster", "HDF5", "AtlasModel", "Parallel"]),
        tests("ClassificationTests", ["Classification", "HDF5", "AtlasModel", "Parallel"]),
        tests("SimilarityTests", ["Similarity", "HDF5", "AtlasModel", "Parallel"]),
        tests("ReviewTests", ["Review", "AtlasModel"]),
        tests("SiteTests", ["Site", "AtlasModel", "Raster", "Parallel"]),
        tests("PublishingTests", ["Publishing", "AtlasModel", "Parallel", "Fingerprint"]),
        tests(
            "AtlasTests", ["Atlas", "Site", "Publishing", "AtlasModel", "Parallel", "Fingerprint"]),
    ]
)
