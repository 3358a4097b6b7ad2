"""JPEG and PNG files that other programs wrote, compared with how Pillow decodes them."""

import io
import struct
import subprocess
import zlib

import numpy
import pytest
from conftest import box_resized, failure, geoatlas_run, noise, smooth, validated
from PIL import Image, ImageOps


def ppm(pixels):
    height, width = pixels.shape[:2]
    return b"P6 %d %d 255\n" % (width, height) + pixels.tobytes()


def cjpeg(pixels, *options):
    """A JPEG by libjpeg-turbo's own compressor."""
    return subprocess.run(
        ["cjpeg", *options], input=ppm(pixels), capture_output=True, check=True
    ).stdout


def magick(pixels, target, *options):
    """A picture by ImageMagick."""
    return subprocess.run(
        ["convert", "ppm:-", *options, target], input=ppm(pixels), capture_output=True, check=True
    ).stdout


def pillow(image, kind, **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def seen(content):
    """The pixels as a person sees them, read by Pillow: orientation applied, alpha on white."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    if image.has_transparency_data:
        rgba = numpy.asarray(image.convert("RGBA"), dtype=numpy.int64)
        alpha = rgba[..., 3:]
        white = (rgba[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
        return white.astype(numpy.uint8)
    if image.mode == "I;16":
        return numpy.repeat((numpy.asarray(image) >> 8).astype(numpy.uint8)[..., None], 3, axis=2)
    return numpy.asarray(image.convert("RGB"))


def test_jpegs_of_cjpeg_decode_as_djpeg_decodes_them(model_vectors, tmp_path):
    picture = smooth(91, 70)
    variants = {
        "baseline.jpg": [],
        "progressive.jpg": ["-progressive"],
        "grey.jpg": ["-grayscale"],
        "arithmetic.jpg": ["-arithmetic"],
        "full-chroma.jpg": ["-sample", "1x1"],
        "half-chroma.jpg": ["-sample", "2x1"],
        "restarts.jpg": ["-restart", "1"],
        "coarse.jpg": ["-quality", "10"],
    }
    files = {name: cjpeg(picture, *options) for name, options in variants.items()}
    vectors = model_vectors(files)
    for name, content in files.items():
        out = subprocess.run(["djpeg", "-rgb"], input=content, capture_output=True, check=True)
        expected = numpy.asarray(Image.open(io.BytesIO(out.stdout)))
        numpy.testing.assert_array_equal(vectors[name], box_resized(expected), name)


def test_pictures_of_pillow_decode_as_pillow_decodes_them(model_vectors):
    rgba = noise(40, 31, 4)
    palette = Image.fromarray(smooth(50, 33)).quantize(17)
    files = {
        "rgb.png": pillow(Image.fromarray(noise(61, 43)), "PNG"),
        "rgba.png": pillow(Image.fromarray(rgba), "PNG"),
        "grey-plain.png": pillow(Image.fromarray(noise(30, 52, 1)), "PNG"),
        "grey-alpha.png": pillow(Image.fromarray(noise(30, 52, 2), "LA"), "PNG"),
        "bilevel.png": pillow(Image.fromarray(noise(33, 35, 1)).convert("1"), "PNG"),
        "palette.png": pillow(palette, "PNG"),
        "palette-transparent.png": pillow(palette, "PNG", transparency=3),
        "progressive.jpg": pillow(Image.fromarray(smooth(57, 80)), "JPEG", progressive=True),
        "grey.jpg": pillow(Image.fromarray(smooth(57, 80)).convert("L"), "JPEG"),
    }
    vectors = model_vectors(files)
    for name, content in files.items():
        numpy.testing.assert_array_equal(vectors[name], box_resized(seen(content)), name)


def test_pictures_of_imagemagick_decode_as_pillow_decodes_them(model_vectors):
    picture = smooth(53, 47)
    files = {
        "interlaced.png": magick(picture, "png24:-", "-interlace", "PNG"),
        "grey.jpg": magick(picture, "jpg:-", "-colorspace", "Gray"),
        "plane.jpg": magick(picture, "jpg:-", "-interlace", "Plane", "-quality", "97"),
        "palette.png": magick(picture, "png8:-", "-colors", "9"),
        "profiled.png": magick(picture, "png32:-", "-alpha", "set", "-channel", "A",
                               "-evaluate", "set", "40%"),
    }
    vectors = model_vectors(files)
    for name, content in files.items():
        numpy.testing.assert_array_equal(vectors[name], box_resized(seen(content)), name)


def test_sixteen_bits_are_cut_to_the_upper_eight(model_vectors):
    picture = smooth(44, 39)
    content = magick(picture, "png48:-", "-depth", "16")
    header = struct.unpack(">IIBB", content[16:26])
    assert header[2:] == (16, 2)
    # ImageMagick widens a byte b to 257 b, whose upper byte is b.
    vectors = model_vectors({"deep.png": content})
    numpy.testing.assert_array_equal(vectors["deep.png"], box_resized(picture))


def test_cmyk_is_mixed_as_inks_on_white(model_vectors):
    ramp = numpy.linspace(0, 255, 28).astype(numpy.uint8)
    cmyk = numpy.zeros((28, 28, 4), numpy.uint8)
    cmyk[..., 0] = ramp
    cmyk[..., 2] = ramp[::-1, None]
    cmyk[..., 3] = 64
    files = {
        "pillow.jpg": pillow(Image.fromarray(cmyk, "CMYK"), "JPEG", quality=100, subsampling=0),
        "magick.jpg": magick(smooth(28, 28), "jpg:-", "-colorspace", "CMYK", "-quality", "100"),
    }
    vectors = model_vectors(files)
    for name, content in files.items():
        stored = numpy.asarray(Image.open(io.BytesIO(content)), dtype=numpy.int64)
        assert stored.shape == (28, 28, 4)
        white = 255 - stored
        expected = (white[..., :3] * white[..., 3:] + 127) // 255
        numpy.testing.assert_array_equal(vectors[name], expected, name)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_all_eight_exif_orientations_come_out_as_pillow_turns_them(model_vectors, kind):
    files = {}
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        name = f"turned-{orientation}.{kind.lower()}"
        files[name] = pillow(Image.fromarray(smooth(64, 48)), kind, exif=exif)
    vectors = model_vectors(files)
    for name, content in files.items():
        numpy.testing.assert_array_equal(vectors[name], box_resized(seen(content)), name)
    assert len({vector.tobytes() for vector in vectors.values()}) == 8


def test_an_orientation_in_big_endian_behind_fill_bytes_is_found(model_vectors):
    # JPEG markers may have any number of fill bytes FF before them (ITU-T T.81, B.1.1.2).
    content = cjpeg(smooth(64, 48))
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0)
    segment = b"Exif\0\0" + tiff
    app1 = b"\xff\xff\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
    turned = content[:2] + app1 + content[2:]
    plain = numpy.asarray(Image.open(io.BytesIO(content)))
    vectors = model_vectors({"filled.jpg": turned})
    # Orientation 6: the camera's right side is up, so that the picture is turned clockwise.
    numpy.testing.assert_array_equal(vectors["filled.jpg"], box_resized(numpy.rot90(plain, -1)))


@pytest.mark.parametrize(
    "width,height",
    [(1, 1), (28, 28), (27, 29), (1, 500), (500, 1), (29, 28), (56, 84), (333, 211), (1024, 3)],
)
def test_resizing_is_exact_box_coverage(model_vectors, width, height):
    picture = noise(width, height, seed=width * 1000 + height)
    vectors = model_vectors({"noise.png": pillow(Image.fromarray(picture), "PNG")})
    numpy.testing.assert_array_equal(vectors["noise.png"], box_resized(picture))


def test_box_coverage_of_the_twin_is_worked_by_hand():
    # Three pixels onto two: each new one covers one and a half; (10 · 2 + 20 · 1) / 3 = 13.33.
    row = numpy.array([[[10] * 3, [20] * 3, [31] * 3]])
    numpy.testing.assert_array_equal(
        box_resized(numpy.repeat(row, 2, axis=0), 2)[0, :, 0], [13, 27]
    )


def png_header(width, height):
    """A PNG of a few bytes that claims any size."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(
            ">I", zlib.crc32(kind + body)
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(
        b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def jpeg_header(width, height):
    """A JPEG whose frame header claims any size."""
    content = bytearray(cjpeg(smooth(16, 16)))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


GOOD_JPEG = pillow(Image.fromarray(smooth(90, 70)), "JPEG")
GOOD_PNG = pillow(Image.fromarray(noise(90, 70)), "PNG")
PROGRESSIVE = pillow(Image.fromarray(smooth(90, 70)), "JPEG", progressive=True)
# Pillow writes the directory first, so a part of the file can be read.
GOOD_TIFF = pillow(Image.fromarray(noise(90, 70)), "TIFF")
GOOD_WEBP = pillow(Image.fromarray(noise(90, 70)), "WEBP", quality=90)

BAD = {
    "empty.jpg": (b"", "empty"),
    "text.jpg": (b"These are field notes.", "no picture in a format"),
    "gif.png": (b"GIF89a" + b"\0" * 40, "a GIF picture"),
    "head-only.jpg": (GOOD_JPEG[:20], "damaged or cut short"),
    "head-only.png": (GOOD_PNG[:8], "damaged or cut short"),
    "huge.png": (png_header(100_000, 100_000), "100000 × 100000 pixels, more than 400 million"),
    "huge.jpg": (jpeg_header(65_500, 65_500), "65500 × 65500 pixels, more than 400 million"),
    "claims-more.png": (png_header(9000, 9000), "damaged or cut short"),
}


@pytest.mark.parametrize("name", BAD)
def test_an_unusable_picture_among_good_ones_becomes_an_erratum(geoatlas, tmp_path, name):
    content, reason = BAD[name]
    folder = tmp_path / "rocks" / "gneiss"
    folder.mkdir(parents=True)
    (folder / "good.jpg").write_bytes(GOOD_JPEG)
    (folder / name).write_bytes(content)
    result = validated(
        "dataset",
        geoatlas("dataset", tmp_path / "rocks", "--output", tmp_path / "d.h5", "--json"),
    )
    assert result["images"] == 1
    assert [erratum["path"] for erratum in result["errata"]] == [f"gneiss/{name}"]
    assert reason in result["errata"][0]["reason"]
    assert str(tmp_path) not in result["errata"][0]["reason"]


PARTS = {
    "cut.jpg": GOOD_JPEG[: len(GOOD_JPEG) * 2 // 3],
    "cut-progressive.jpg": PROGRESSIVE[: len(PROGRESSIVE) // 2],
    "no-end.jpg": GOOD_JPEG[:-2],
    "cut.png": GOOD_PNG[: len(GOOD_PNG) * 2 // 3],
    "no-end.png": GOOD_PNG[:-12],
    "bit-flip.png": GOOD_PNG[:5000] + bytes([GOOD_PNG[5000] ^ 16]) + GOOD_PNG[5001:],
    "cut.tif": GOOD_TIFF[: len(GOOD_TIFF) * 2 // 3],
    "cut.webp": GOOD_WEBP[: len(GOOD_WEBP) * 2 // 3],
}


@pytest.mark.parametrize("name", PARTS)
def test_a_damaged_picture_is_shown_as_far_as_it_goes_and_listed(geoatlas, tmp_path, name):
    folder = tmp_path / "rocks" / "gneiss"
    folder.mkdir(parents=True)
    (folder / "good.jpg").write_bytes(GOOD_JPEG)
    (folder / name).write_bytes(PARTS[name])
    result = validated(
        "dataset",
        geoatlas("dataset", tmp_path / "rocks", "--output", tmp_path / "d.h5", "--json"),
    )
    assert result["images"] == 2
    assert [(e["path"], e["kind"]) for e in result["errata"]] == [
        (f"gneiss/{name}", "partly-damaged")]
    assert "damaged or cut short, and is shown" in result["errata"][0]["reason"]


def test_trailing_bytes_do_no_harm(model_vectors):
    # Some cameras append their own data after the end of the picture.
    vectors = model_vectors({"a.jpg": GOOD_JPEG, "b.jpg": GOOD_JPEG + b"maker notes" * 9})
    numpy.testing.assert_array_equal(vectors["a.jpg"], vectors["b.jpg"])


def test_a_folder_of_unusable_files_fails_in_one_line(tmp_path):
    (tmp_path / "andesite").mkdir()
    (tmp_path / "andesite" / "notes.jpg").write_bytes(b"nothing")
    result = geoatlas_run("dataset", tmp_path, "--output", tmp_path / "d.h5", "--quiet")
    line = failure(result)
    assert str(tmp_path) in line and "no usable picture" in line
