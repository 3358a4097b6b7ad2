"""Picture files of every kind, by other programs or written byte by byte from the standards.

`kinds(folder)` gives the content of each file by name. `folder` is used for files of programs that
cannot write to a pipe.
"""

import io
import struct
import subprocess
import zlib

import numpy
from conftest import noise, smooth
from PIL import Image

# ISO/IEC 15948, 8.2: first column and row, and steps, of each pass of Adam7.
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
# Channels of each colour type, and its bit depths (table 11.1).
COLOUR_TYPES = {0: (1, [1, 2, 4, 8, 16]), 2: (3, [8, 16]), 3: (1, [1, 2, 4, 8]), 4: (2, [8, 16]), 6: (4, [8, 16])}


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def packed(rows, bits):
    """Rows of samples `(height, n)` as bytes, each row after a filter type from 0 to 4 in turn."""
    result = bytearray()
    previous = None
    for number, row in enumerate(rows):
        if bits == 16:
            line = row.astype(">u2").tobytes()
        elif bits == 8:
            line = row.astype("u1").tobytes()
        else:
            places = numpy.unpackbits(row.astype("u1")[:, None], axis=1)[:, 8 - bits:]
            line = numpy.packbits(places.reshape(-1)).tobytes()
        result += filtered(number % 3, line, previous)
        previous = line
    return bytes(result)


def filtered(kind, line, previous):
    """A row after filter type 2, up, where that is asked for and there is a row above; else plain."""
    if kind == 2 and previous is not None and len(previous) == len(line):
        return bytes([2]) + bytes((a - b) & 255 for a, b in zip(line, previous, strict=True))
    return bytes([0]) + line


def png_file(samples, colour_type, bits, interlaced=False, extra=()):
    """A PNG of samples `(height, width, channels)`. `extra` are chunks before the data."""
    height, width = samples.shape[:2]
    head = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, int(interlaced))
    data = b""
    for left, top, right, down in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        part = samples[top::down, left::right]
        if part.size:
            data += packed(part.reshape(len(part), -1), bits)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(extra)
        + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def every_png():
    """Each colour type, depth and interlacing, plain and with transparency of the tRNS chunk.

    Gives name, content, and the pixels that a viewer shows on white.
    """
    generator = numpy.random.default_rng(7)
    for colour_type, (channels, depths) in COLOUR_TYPES.items():
        for bits in depths:
            samples = generator.integers(0, 1 << bits, (33, 45, channels))
            for interlaced in (False, True):
                for transparent in (False, True) if colour_type in (0, 2, 3) else (False,):
                    name = f"png-{colour_type}-{bits}{'-adam7' * interlaced}{'-trns' * transparent}"
                    yield name, *transparent_png(samples, colour_type, bits, interlaced, transparent)


def transparent_png(samples, colour_type, bits, interlaced, transparent):
    eight = samples >> 8 if bits == 16 else samples * 255 // ((1 << bits) - 1)
    alpha = numpy.full(samples.shape[:2], 255)
    extra = []
    if colour_type == 3:
        palette = numpy.random.default_rng(bits).integers(0, 256, (1 << bits, 3))
        extra.append(chunk(b"PLTE", palette.astype("u1").tobytes()))
        colours = palette[samples[..., 0]]
        if transparent:
            alphas = numpy.random.default_rng(9).integers(0, 256, 1 << bits)
            extra.append(chunk(b"tRNS", alphas.astype("u1").tobytes()))
            alpha = alphas[samples[..., 0]]
    else:
        has_alpha = colour_type in (4, 6)
        colours = eight[..., :-1] if has_alpha else eight
        if has_alpha:
            alpha = eight[..., -1]
        if transparent:
            key = samples[3, 5]
            extra.append(chunk(b"tRNS", struct.pack(f">{len(key)}H", *key)))
            alpha = numpy.where((samples == key).all(axis=2), 0, 255)
    colours = numpy.broadcast_to(colours, (*colours.shape[:2], 3)).astype(numpy.int64)
    seen = (colours * alpha[..., None] + 255 * (255 - alpha[..., None]) + 127) // 255
    return png_file(samples, colour_type, bits, interlaced, extra), seen.astype(numpy.uint8)


def ppm(pixels):
    height, width = pixels.shape[:2]
    return b"P6 %d %d 255\n" % (width, height) + pixels.tobytes()


def piped(command, content):
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def pillow(image, kind, **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def every_jpeg():
    """JPEG files of cjpeg, jpegtran, Pillow and ImageMagick."""
    picture = smooth(91, 70)
    for name, options in {
        "baseline": [], "progressive": ["-progressive"], "grey": ["-grayscale"],
        "arithmetic": ["-arithmetic"], "rgb": ["-rgb"], "optimised": ["-optimize"],
        "arithmetic-progressive": ["-arithmetic", "-progressive"],
        "444": ["-sample", "1x1"], "422": ["-sample", "2x1"], "440": ["-sample", "1x2"],
        "411": ["-sample", "4x1"], "441": ["-sample", "1x4"], "restart": ["-restart", "1"],
        "restart-blocks": ["-restart", "3B"], "quality-5": ["-quality", "5"],
        "quality-100": ["-quality", "100"],
    }.items():
        yield f"cjpeg-{name}.jpg", piped(["cjpeg", *options], ppm(picture))
    base = piped(["cjpeg"], ppm(picture))
    for name, options in {
        "progressive": ["-progressive"], "arithmetic": ["-arithmetic"], "rot90": ["-rotate", "90"],
        "grey": ["-grayscale"], "restart": ["-restart", "2"],
    }.items():
        yield f"jpegtran-{name}.jpg", piped(["jpegtran", *options], base)
    image = Image.fromarray(picture)
    yield "pillow-cmyk.jpg", pillow(image.convert("CMYK"), "JPEG", quality=95)
    for name, options in {"ycck": ["-colorspace", "CMYK"], "gray": ["-colorspace", "Gray"]}.items():
        yield f"magick-{name}.jpg", piped(["convert", "ppm:-", *options, "jpg:-"], ppm(picture))


def every_tiff(folder):
    """TIFF files of Pillow, of libtiff's tiffcp, and of ImageMagick."""
    picture = smooth(91, 70)
    image = Image.fromarray(picture)
    models = {
        "rgb": image, "grey": image.convert("L"), "palette": image.quantize(200),
        "rgba": Image.fromarray(noise(40, 31, 4)), "cmyk": image.convert("CMYK"),
        "bilevel": image.convert("1"), "grey-alpha": Image.fromarray(noise(30, 52, 2), "LA"),
    }
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        for name, model in models.items():
            yield f"pillow-{name}-{compression}.tif", pillow(model, "TIFF", compression=compression)
    for fax in ("group3", "group4"):
        yield f"pillow-{fax}.tif", pillow(image.convert("1"), "TIFF", compression=fax)
    yield "pillow-jpeg.tif", pillow(image, "TIFF", compression="jpeg", quality=90)
    base = folder / "base.tif"
    image.save(base)
    for name, options in {
        "tiles": ["-t", "-w", "32", "-l", "16"], "planes": ["-p", "separate"],
        "planes-in-tiles": ["-p", "separate", "-t", "-w", "32", "-l", "48", "-c", "lzw:2"],
        "big": ["-8"], "motorola": ["-B", "-r", "7", "-c", "zip:2"],
        "jpeg-ycbcr": ["-c", "jpeg:90", "-r", "16"],
        "jpeg-rgb-tiles": ["-c", "jpeg:r:90", "-t", "-w", "32", "-l", "32"],
        "reversed-bits": ["-f", "lsb2msb"], "one-strip": ["-r", "70", "-c", "lzw"],
    }.items():
        target = folder / "target.tif"
        subprocess.run(["tiffcp", *options, base, target], check=True, capture_output=True)
        yield f"tiffcp-{name}.tif", target.read_bytes()
    for name, options in {
        "16": ["-depth", "16"], "grey-16": ["-colorspace", "Gray", "-depth", "16"],
        "white-is-zero": ["-define", "tiff:photometric=min-is-white", "-colorspace", "Gray"],
        "palette-4": ["-colors", "9", "-type", "Palette", "-depth", "4"],
        "grey-2": ["-colorspace", "Gray", "-depth", "2"],
        "alpha": ["-alpha", "set", "-channel", "A", "-evaluate", "set", "40%", "-compress", "zip"],
    }.items():
        yield f"magick-{name}.tif", piped(["convert", "ppm:-", *options, "tif:-"], ppm(picture))
    for place in range(1, 9):
        names = "TopLeft TopRight BottomRight BottomLeft LeftTop RightTop RightBottom LeftBottom"
        orient = ["-orient", names.split()[place - 1]]
        yield f"magick-turned-{place}.tif", piped(["convert", "ppm:-", *orient, "tif:-"], ppm(picture))


def every_webp(folder):
    """WebP files of cwebp and Pillow."""
    picture = folder / "picture.png"
    for alpha in (False, True):
        pixels = numpy.dstack([smooth(60, 50), noise(60, 50, 1)]) if alpha else smooth(61, 47)
        Image.fromarray(pixels).save(picture)
        for name, options in {
            "lossy": ["-q", "80"], "lossless": ["-lossless", "-exact"], "low": ["-q", "5"],
            "near": ["-near_lossless", "40"], "sharp": ["-sharp_yuv", "-q", "95"],
        }.items():
            target = folder / "target.webp"
            command = ["cwebp", "-quiet", *options, picture, "-o", target]
            subprocess.run(command, check=True, capture_output=True)
            yield f"cwebp-{name}{'-alpha' * alpha}.webp", target.read_bytes()


def kinds(folder):
    """The content of every file, by name."""
    files = {f"{name}.png": content for name, content, _ in every_png()}
    for found in (every_jpeg(), every_tiff(folder), every_webp(folder)):
        files.update(found)
    return files
