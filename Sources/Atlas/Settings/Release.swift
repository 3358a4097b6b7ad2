/// This release of GeoAtlas.
public enum Release {
    public static let version = "0.2.0"
}
