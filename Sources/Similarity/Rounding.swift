/// Bounds on rounding errors.
///
/// Source: N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, 2002,
/// sections 2.2 and 3.1. A value that went through n roundings has a relative error of at most
/// γₙ = nu / (1 − nu), and a computed sum of n products deviates from Σxᵢyᵢ by at most γₙ Σ|xᵢyᵢ|, in
/// whatever order the products are added, with fused multiply-add or without.
enum Rounding {
    /// u of single precision, 2⁻²⁴.
    static let unit = 0x1p-24
    /// u of double precision, 2⁻⁵³.
    static let doubleUnit = 0x1p-53

    /// γ of `count` roundings in single precision: 3.6 · 10⁻⁷ for 6.
    static func gamma(_ count: Int) -> Double { bound(Double(count) * unit) }

    /// γ of `count` roundings in double precision.
    static func doubleGamma(_ count: Int) -> Double { bound(Double(count) * doubleUnit) }

    private static func bound(_ total: Double) -> Double { total / (1 - total) }
}
