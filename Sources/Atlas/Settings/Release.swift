/// This release of GeoAtlas.
package enum Release {
    package static let version = "0.2.0"
}
