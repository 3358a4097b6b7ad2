import Foundation

/// A file that Keras 3.15.1 saved and Python's zipfile packed again with compression.
///
///     keras.Sequential([
///         keras.Input((28, 28, 3)),
///         keras.Sequential([RandomFlip("horizontal"), Rescaling(1 / 255)]),
///         Conv2D(2, 1, use_bias=False), LeakyReLU(negative_slope=0.25),
///         GlobalAveragePooling2D(), Dense(2)])
///
/// The kernel of the convolution is ((1, −1), (2, 0), (0, −2)), that of the dense layer ((1, 0), (0, 4)),
/// and its bias (0, 0.5).
enum SmallKerasFile {
    static let bytes = Data(
        base64Encoded: text, options: .ignoreUnknownCharacters)

    private static let text = """
        UEsDBBQAAAAIAAAAIQBh6jhvQAAAAEAAAAANAAAAbWV0YWRhdGEuanNvbqtWyk4tSiyOL0stKs7Mz1OyUlAy1jM01TNU0lFQ
        SkksSY0vTixLTQGJGxkYmekaGuoaWTgYGVuZWloZGCnVAgBQSwMEFAAAAAgAAAAhAFgJ7Dq3AgAA1A8AAAsAAABjb25maWcu
        anNvbu1XUU/bMBD+L36OUJuuQPs2gTZN4mFi42UIWdf4knq4drCdagXx33eXhNJC6NhajT4g9SX+zr7vvjt/Se/EzKnKoBiL
        a/QQRCIyAyFICzNe/IY3FdqowTDibK4LMb4TLRqWqOwTHj1oCxM+LfoKE6HiokSO35zk9DuFfXVGZ4uuLLlxEAepuE+Ex0KH
        iB5Vu9dWxiQiTIGX3OQnZlFqJcb9wWh0NDo8GvZH6XCU0lYDC/RBjC+fsjlokSekvtiyimcMrXGaQMymkhJyYZd1+vSYf4Or
        Zb1LxsSsBB9oKQcTSBAPRYFq+dim0pxKmjaXK6N2lgRvol6q+j6521Hv3ju3i87VN+Cfe/dCKedglZt9MrrsktfXqMwb+I16
        SOsKIsjc+RlE2pBNwVo0gWQJkYVE1q1pNzHhM6fO61tnIwn18mhMKm2UfOTTaN3Zv/vXC4ohA6Nt0annCrjXN4Jp0obeQa83
        GKX94eHxYXr0YdgbHdMI5nnAWIM70vbqIX5T1E5SsWCzUht8jH99a0+cnaenXaJnjKh9b2quTax9Lk2YBV0hGfQti9RP+tSD
        EL1WGJbPJSjFszoWcxpaLm/zPVTaALuT9BAfTy28q0o6tJ8IyKKe1yG0m64BAhtoFVBONGnyYH0tN201vzyIoX8u4MEK+kzN
        z8Z5Fy+sZqpreq5aRTMn8IsrblZcFdeXNlgSM96C4g/0LqxS25Cq1YPgyoBvkrWjzyQ61muhdVx0Ye1plDjU0xrXDnu6/J/d
        8wzhenGOZxddt8AwSCVJU+37VbNY0JzPUQbjytpI0+HW72oa6wmYj3MKKagCxy+Sbj8q6kgJTags29i9d6jN/nKNWCo9C7v6
        9jlFS99fHcWoFthrrSpyl8bL/2SrDfd3V93WVf/OORNxUwH9/blt3okPlLY31bf/YPoNUEsDBBQAAAAIAAAAIQBt8svZrgQA
        AABYAAAQAAAAbW9kZWwud2VpZ2h0cy5oNe1cTUwTQRSeaSmsoKYkJhTiz0pCxCimogaCfyVQrUFtg6jcyiorEGuLoARP9lhv
        HD1y5NgjNzl67JEjR44cuSHbfdPuvO6267ZQY9+XkOHtvt1ZZr5939s3y/6ITT4519nXyQwoCmtjQWbFEYDNIhswBy2HNgft
        lk9s58V9IdjeDefHfjPT0ajhfYQg+tkLmK3CCK2IWHQ8YbRAwxKffvtkvzVtZdVoU9o33fhN8DLisV/O/BJ/g8DfwQ6Z/yZ/
        mSN/CcRfK39FHMsFMN9MJBrU76uX8UnOfKWonuuR+8mDXeiVr0v1y34xsBcDrTl/QrfwOJyFyMJZgF04Hr209kk37F7Oi0cE
        S2OoSON51piLjvIYP52IP+cMDkB+Blb1z1/19JclLZW8bdgi7HVW7DdtuEzWBe2Klp7PfEp+SC0tF+022H5G7NdX32uppfQC
        2GKa26F9n0mvDc+XbXHelK59/JZc0ZOpr0W7A8XnhVTm3fE1a2v6iragJ5czGaOT4XkF9TOvp1d1y3gfnqeYQSAQCAQCgUAg
        EAiE/w9OdXJcn6lVJ1cuMUu1gdBqEHXGPNii3rgREzyzr2erL0x7rgYfs+C3GXfH3+U+6P+iO/4GrxJ/ib+V6zz5i7Jfo9d5
        zDp5oHxf3BO8NjEK9uyI2Yr6fKhP9sP3Rxi2F6Ky3yHYIbgvVdi+9Uj2K4B9EJHvixjqF99nzdMx+/gy2y/HF1ovI/xNHBC8
        31Yx3+T7sV7g9bLtfrmfPbDZgHxdicuy3zrYP9XWnD+h/3gcvK6XGetcYr3MVyXfwPNTK98YHZR1htDacQbowNQB2Q+vn+L1
        UsHTcJ3Pe5vQ7841d/yN3KR8mfhb5q/Qrb1r9vly6X2OBumk4N36gHwfYB4Lnu8PyX7BW3DfhFtz/pzy5dwQ5cuE+vPl/Run
        kS/zUn/Z63I/W2D/vkFz5CZfxuPlNV/usuTL/ir5Bo6/tfKNxTuUb1Ccqcw3EuGTzTecdDJ/l3SSUL9OBu+crk5uheV+CmAf
        DNMcudFJPF5edfKMRSfbqugkrv/X0smNMdJJijOVOrk+0hyd3L1vp5PO/J17SPwl/lbyd3RM9gsjvWxMXamsk4UR+fyHYIfG
        aI7c6CQeL6862W7RyQAczy0OHGaet3HpONGK/0fyoe1O+/3HEczY161egf9VUlmPwnq+M3ENSnG/z+fj5tWaEc/PYxC58IrO
        7AmPePbx8c8vJr+CsIP5PPqAuOlN1+zzMvx+RC1dG5wkXSNdq9S14Hhz8rLlKNUvCPXXLwoTp1u/WByX+9kAOz9Bc+QmL8Pj
        1Yg6f3sVncTvG9bSyd0p0kmKMzbPf7GT1UkB/D0D8f0B/L0Bp+8LiPOI7wrwE3oKIL0meNHr7NTp6vVBr9xP5BnknVM0R270
        Go+XV70OWfS6w40OT5MOU/yo1OGdeHOeV9UZu+dVZ/5uvpavm9Da/BV8yk7LfmId4TbSw0iD9C+UQOcFe26a5siV/qHx8qp/
        AYv+KcxuHcF8A5+bZf3SeoBT632dYMMhMq03ecSNdYTS7xH8nnV2pvrR4q/Zf0PclfUM88zkAee8wbw6fGufseX+xWF5/AdQ
        SwECFAMUAAAACAAAACEAYeo4b0AAAABAAAAADQAAAAAAAAAAAAAAgAEAAAAAbWV0YWRhdGEuanNvblBLAQIUAxQAAAAIAAAA
        IQBYCew6twIAANQPAAALAAAAAAAAAAAAAACAAWsAAABjb25maWcuanNvblBLAQIUAxQAAAAIAAAAIQBt8svZrgQAAABYAAAQ
        AAAAAAAAAAAAAACAAUsDAABtb2RlbC53ZWlnaHRzLmg1UEsFBgAAAAADAAMAsgAAACcIAAAAAA==
        """
}
