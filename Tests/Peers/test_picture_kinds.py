"""Every kind of JPEG, PNG, TIFF and WebP, compared with Pillow. The table is in docs/images.md."""

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy
import pytest
from conftest import ROOT, box_resized, geoatlas_run, smooth, validated
from picture_kinds import chunk, every_jpeg, every_png, every_tiff, every_webp, piped, png_file, ppm
from PIL import Image, ImageOps


def seen(content):
    """The pixels as a person sees them, read by Pillow: orientation applied, alpha on white."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    if image.has_transparency_data:
        rgba = numpy.asarray(image.convert("RGBA"), dtype=numpy.int64)
        alpha = rgba[..., 3:]
        return ((rgba[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(numpy.uint8)
    if image.mode == "I;16":
        return numpy.repeat((numpy.asarray(image) >> 8).astype(numpy.uint8)[..., None], 3, axis=2)
    if image.mode == "CMYK":
        white = 255 - numpy.asarray(image, dtype=numpy.int64)
        return ((white[..., :3] * white[..., 3:] + 127) // 255).astype(numpy.uint8)
    return numpy.asarray(image.convert("RGB"))


def differences(vectors, files):
    """The largest difference of each file that differs at all."""
    found = {}
    for name, content in files.items():
        expected = box_resized(seen(content)).astype(int)
        largest = abs(expected - vectors[name]).max()
        if largest:
            found[name] = int(largest)
    return found


def test_every_png_shows_the_pixels_that_were_stored(model_vectors):
    cases = {f"{name}.png": (content, pixels) for name, content, pixels in every_png()}
    assert len(cases) == 52
    vectors = model_vectors({name: content for name, (content, _) in cases.items()})
    for name, (_, pixels) in cases.items():
        numpy.testing.assert_array_equal(vectors[name], box_resized(pixels), name)


def test_every_tiff_is_equal_to_what_pillow_reads(model_vectors, tmp_path):
    files = dict(every_tiff(tmp_path))
    assert differences(model_vectors(files), files) == {}


@pytest.mark.parametrize("every", ["jpeg", "webp"])
def test_no_jpeg_or_webp_differs_by_more_than_two_from_pillow(model_vectors, tmp_path, every):
    files = dict(every_jpeg() if every == "jpeg" else every_webp(tmp_path))
    found = differences(model_vectors(files), files)
    assert max(found.values(), default=0) <= 2, found


def test_pngs_that_pngcrush_packed_again_have_the_same_pixels(model_vectors, tmp_path):
    Image.fromarray(smooth(70, 50)).save(tmp_path / "a.png")
    files = {"plain.png": (tmp_path / "a.png").read_bytes()}
    for method in (1, 4, 7):
        target = tmp_path / "b.png"
        subprocess.run(
            ["pngcrush", "-q", "-m", str(method), tmp_path / "a.png", target], check=True)
        files[f"crushed-{method}.png"] = target.read_bytes()
    vectors = model_vectors(files)
    for vector in vectors.values():
        numpy.testing.assert_array_equal(vector, box_resized(smooth(70, 50)))


def test_large_pictures_are_reduced_while_they_are_read_and_differ_by_two_at_most(model_vectors):
    picture = smooth(1500, 1100)
    noisy = (picture.astype(int) + numpy.random.default_rng(3).integers(-20, 20, picture.shape))
    picture = noisy.clip(0, 255).astype(numpy.uint8)
    files = {
        "baseline.jpg": piped(["cjpeg", "-quality", "90"], ppm(picture)),
        "progressive.jpg": piped(["cjpeg", "-progressive"], ppm(picture)),
        "lossy.webp": piped(["convert", "ppm:-", "-quality", "85", "webp:-"], ppm(picture)),
        "strips.tif": piped(["convert", "ppm:-", "-compress", "zip", "tif:-"], ppm(picture)),
        "adam7.png": png_file(picture, 2, 8, interlaced=True),
    }
    found = differences(model_vectors(files), files)
    assert max(found.values(), default=0) <= 2, found
    assert not {"strips.tif", "adam7.png"} & set(found)


def listed(files, tmp_path):
    """The errata of files in a folder with one good picture, by name: kind and reason."""
    folder = tmp_path / "listed" / "gneiss"
    folder.mkdir(parents=True)
    (folder / "good.png").write_bytes(piped(["convert", "ppm:-", "png:-"], ppm(smooth(30, 30))))
    for name, content in files.items():
        (folder / name).write_bytes(content)
    result = validated(
        "dataset",
        geoatlas_run(
            "dataset", folder.parent, "--output", tmp_path / "listed.h5", "--json", "--quiet"))
    return {e["path"].split("/")[-1]: (e["kind"], e["reason"]) for e in result["errata"]}


def test_a_tiff_with_several_pages_shows_the_first_and_is_listed(model_vectors, tmp_path):
    first = Image.fromarray(smooth(60, 40))
    target = io.BytesIO()
    first.save(target, "TIFF", save_all=True, append_images=[first.rotate(180), first.rotate(90)])
    errata = listed({"pages.tif": target.getvalue()}, tmp_path)
    assert errata["pages.tif"][0] == "several-pictures"
    assert "3 pictures" in errata["pages.tif"][1]


def test_sixteen_bits_with_twelve_used_are_shown_with_their_range_and_listed(tmp_path):
    ramp = (numpy.arange(40 * 30).reshape(30, 40) * 4095 // (40 * 30 - 1)).astype(numpy.uint16)
    target = io.BytesIO()
    Image.fromarray(ramp).save(target, "TIFF")
    errata = listed({"micro.tif": target.getvalue()}, tmp_path)
    assert errata["micro.tif"][0] == "few-bits" and "12 bits" in errata["micro.tif"][1]


def test_what_cannot_be_read_is_named_with_a_way_out(tmp_path):
    picture = smooth(40, 30)
    image = Image.fromarray(picture)
    files = {}
    for name, kind in {
        "a.bmp": "BMP", "b.gif": "GIF", "c.jp2": "JPEG2000", "d.pdf": "PDF", "e.ppm": "PPM",
        "f.ico": "ICO", "g.tga": "TGA",
    }.items():
        target = io.BytesIO()
        image.save(target, kind)
        # The name says nothing.
        files[name.split(".")[0] + ".jpg"] = target.getvalue()
    target = io.BytesIO()
    Image.fromarray(picture[..., 0].astype(numpy.float32)).save(target, "TIFF")
    files["float.tif"] = target.getvalue()
    jpeg = piped(["cjpeg"], ppm(picture))
    frame = jpeg.index(b"\xff\xc0")
    files["twelve-bits.jpg"] = jpeg[: frame + 4] + b"\x0c" + jpeg[frame + 5 :]
    files["lossless.jpg"] = jpeg[: frame + 1] + b"\xc3" + jpeg[frame + 2 :]
    files["film.jpg"] = b"\0\0\0\x18ftypisom" + bytes(40)
    errata = listed(files, tmp_path)
    assert {kind for kind, _ in errata.values()} == {"unread-format"}
    assert set(errata) == set(files)
    assert "12 bits a sample" in errata["twelve-bits.jpg"][1]
    assert "a lossless JPEG" in errata["lossless.jpg"][1]
    assert "floating-point samples of 32 bits" in errata["float.tif"][1]
    for _, reason in errata.values():
        assert "FILE" in reason, reason


def test_a_heic_is_read_as_heif_convert_reads_it(model_vectors, tmp_path):
    Image.fromarray(smooth(64, 48)).save(tmp_path / "a.png")
    subprocess.run(
        ["heif-enc", "-q", "80", "-o", tmp_path / "a.heic", tmp_path / "a.png"],
        check=True, capture_output=True)
    subprocess.run(
        ["heif-convert", tmp_path / "a.heic", tmp_path / "b.png"], check=True, capture_output=True)
    vectors = model_vectors({"a.heic": (tmp_path / "a.heic").read_bytes()})
    expected = box_resized(seen((tmp_path / "b.png").read_bytes())).astype(int)
    assert abs(vectors["a.heic"] - expected).max() <= 1


def test_an_animated_png_shows_its_first_picture(model_vectors):
    target = io.BytesIO()
    first = Image.fromarray(smooth(50, 40))
    first.save(target, "PNG", save_all=True, append_images=[first.rotate(180)], duration=90)
    vectors = model_vectors({"apng.png": target.getvalue()})
    numpy.testing.assert_array_equal(vectors["apng.png"], box_resized(smooth(50, 40)))


def test_gamma_and_unknown_chunks_change_nothing(model_vectors):
    extra = [chunk(b"gAMA", b"\0\0\x88\x88"), chunk(b"prVt", b"note")]
    files = {"gamma.png": png_file(smooth(40, 30), 2, 8, extra=extra)}
    vectors = model_vectors(files)
    numpy.testing.assert_array_equal(vectors["gamma.png"], box_resized(smooth(40, 30)))


def matrix_profile(name, primaries, gamma):
    """An ICC profile of version 2 (ICC.1:2001-04) of three primaries, in XYZ for D50, and a gamma."""

    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    def xyz(values):
        return b"XYZ \0\0\0\0" + b"".join(map(fixed, values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = name.encode() + b"\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)
    tags = {
        b"desc": description + bytes(-len(description) % 4),
        b"cprt": b"text\0\0\0\0none\0\0\0\0", b"wtpt": xyz((0.9642, 1, 0.8249)),
        b"rXYZ": xyz(primaries[0]), b"gXYZ": xyz(primaries[1]), b"bXYZ": xyz(primaries[2]),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }
    table, body = struct.pack(">I", len(tags)), b""
    for tag, content in tags.items():
        table += tag + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(content))
        body += content
    size = 128 + len(table) + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + xyz((0.9642, 1, 0.8249))[8:] + bytes(48)
    assert len(head) == 128
    return head + table + body


# The primaries of Adobe RGB (1998), adapted to D50 (its specification, 4.3.6.1).
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_colours_of_a_profile_become_srgb_as_little_cms_makes_them(model_vectors, kind):
    from PIL import ImageCms

    profile = matrix_profile("wide", ADOBE_RGB, 2.2)
    picture = Image.fromarray(smooth(40, 40))
    options = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}.get(kind, {})
    target = io.BytesIO()
    picture.save(target, kind, icc_profile=profile, **options)
    stored = Image.open(io.BytesIO(target.getvalue()))
    assert stored.info["icc_profile"] == profile
    converted = ImageCms.profileToProfile(
        stored.convert("RGB"), ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"), renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION)
    vectors = model_vectors({"wide": target.getvalue()})
    expected = box_resized(numpy.asarray(converted)).astype(int)
    assert abs(vectors["wide"] - expected).max() <= 1
    # The conversion changes the colours visibly.
    assert abs(expected - box_resized(numpy.asarray(stored.convert("RGB"))).astype(int)).max() > 20


def test_a_profile_that_is_srgb_changes_nothing(model_vectors):
    from PIL import ImageCms

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    target = io.BytesIO()
    Image.fromarray(smooth(40, 40)).save(target, "PNG", icc_profile=srgb.tobytes())
    vectors = model_vectors({"srgb.png": target.getvalue()})
    numpy.testing.assert_array_equal(vectors["srgb.png"], box_resized(smooth(40, 40)))


def test_damaged_pictures_are_used_or_listed_within_the_memory_limit():
    program = Path(__file__).parent / "bench_mutated.py"
    done = subprocess.run(
        [sys.executable, program, "--count", "250", "--seed", "11"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "250 mutated pictures: 0 faults" in done.stdout


def test_pictures_of_one_pixel_are_used(model_vectors):
    files = {}
    for kind in ("PNG", "TIFF", "WEBP"):
        target = io.BytesIO()
        options = {"lossless": True} if kind == "WEBP" else {}
        Image.new("RGB", (1, 1), (9, 80, 200)).save(target, kind, **options)
        files[f"one-{kind.lower()}.x"] = target.getvalue()
    for vector in model_vectors(files).values():
        numpy.testing.assert_array_equal(vector, numpy.tile([9, 80, 200], (28, 28, 1)))


def test_a_png_of_twenty_thousand_pixels_a_side_needs_memory_for_a_row(tmp_path):
    folder = tmp_path / "rocks" / "gneiss"
    folder.mkdir(parents=True)
    # All pixels black. 20,000 rows of a bit each, so that the test is quick.
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes(20_000 * 2_501), 9)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(content)
    script = (
        "import resource, subprocess, sys; status = subprocess.run(sys.argv[1:]).returncode; "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(status)")
    program = os.environ.get("GEOATLAS", str(ROOT / ".build" / "release" / "geoatlas"))
    done = subprocess.run(
        [sys.executable, "-c", script, program, "dataset", folder.parent, "--output",
         tmp_path / "d.h5", "--quiet"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # In kilobytes; one picture has 400 MB of grey pixels, or 1.2 GB of coloured ones.
    assert int(done.stdout.split()[-1]) < 200_000
